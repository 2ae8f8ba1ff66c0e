"""What travels beside the records: pulse, status, settings for a kiosk, and the wait notice."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from shared.errors import WordError
from shared.moments import check_hex, check_instant
from shared.places import PointId, check_name
from shared.questions import Questionnaire
from shared.texts import Texts
from shared.visits import check_version, check_word


@dataclass(frozen=True, slots=True)
class Pulse:
    """“A sale just now”: uncounted and unstored, so that a backlog never makes *now* stale.

    `at` is the kiosk's wall clock (ms); `open` says whether the register is open.
    """

    point_id: PointId
    at: int
    open: bool = True

    def __post_init__(self) -> None:
        check_name(self.point_id, "point")
        check_instant(self.at, "a pulse")


class Presence(StrEnum):
    """Whether a kiosk is connected to the broker."""

    ONLINE = "online"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Status:
    """How a kiosk is; its last will is the same word with `presence` offline.

    `connection` rises with every connection of an epoch, so that the late will of an earlier one
    is recognised. `held_from`..`held_to` are the seqs still on the kiosk (`held_to` is
    `held_from - 1` when there are none); up to `received` a receipt said that the hub has them, and
    up to `again` one had said so before the hub was restored. `alarms` are codes, see
    docs/protocol.md.
    """

    epoch: str
    connection: int
    presence: Presence
    version: str
    at: int
    held_from: int = 1
    held_to: int = 0
    settings_serial: int = 0
    refused_seen: int = 0
    synced: bool = False
    alarms: tuple[str, ...] = ()
    received: int = 0
    again: int = 0

    def __post_init__(self) -> None:
        check_hex(self.epoch, 16, "epoch")
        check_instant(self.at, "a status")
        held = 1 <= self.held_from <= self.held_to + 1 <= 2**63
        known = 0 <= self.received <= 2**63 - 1 and 0 <= self.again <= 2**63 - 1
        if not (held and known and 1 <= self.connection <= 2**53):
            raise WordError("a status with impossible numbers")
        if len(self.version) > 40 or len(self.alarms) > 32:
            raise WordError("a status that is too long")
        for alarm in self.alarms:
            check_word(alarm, "alarm")

    @property
    def unsent(self) -> int:
        """How many records the kiosk still owes."""
        return max(0, self.held_to - max(self.held_from - 1, self.received))


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason a shopper can name; worded so that it does not betray the face."""

    id: str
    text: Texts

    def __post_init__(self) -> None:
        check_word(self.id, "reason")


MOST_REASONS = 6
"""Two rows of three: what a shopper reads at a glance."""

ASK_SECONDS, THANKS_SECONDS = range(3, 601), range(1, 61)
CHANGE_SECONDS, LOCKOUT_SECONDS = range(61), range(601)
PERCENT = range(101)
"""What numbers of settings may be; who offers them to be chosen, offers these."""


@dataclass(frozen=True, slots=True)
class Deed:
    """“You said – we did”: what shoppers had said, and what the store did about it."""

    said: Texts
    done: Texts


class Look(StrEnum):
    """Which of the two sets of colours the glass has; `auto` is dark outside opening hours."""

    DAY = "day"
    NIGHT = "night"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How the glass is kept: when it sleeps, how bright and how loud it is, whether it moves.

    `zone` is an IANA name; `opens` and `closes` are local hours (0 to 24) of every day. Brightness
    and volume are in percent; `calm` takes every motion away.
    """

    zone: str = "UTC"
    opens: int = 0
    closes: int = 24
    look: Look = Look.DAY
    brightness: int = 100
    brightness_night: int = 40
    volume: int = 60
    calm: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= 24:
            raise WordError(f"open from {self.opens} until {self.closes} is no part of a day")
        for percent in (self.brightness, self.brightness_night, self.volume):
            if percent not in PERCENT:
                raise WordError(f"{percent} is no percentage")
        if not 1 <= len(self.zone) <= 64:
            raise WordError("a time zone needs a name")


@dataclass(frozen=True, slots=True)
class Phone:
    """Where shoppers answer on their own phone: the hub's address, and the key that signs links."""

    address: str
    key: str

    def __post_init__(self) -> None:
        check_hex(self.key, 64, "phone key")
        if len(self.address) > 100 or not self.address.startswith(("https://", "http://")):
            raise WordError("a phone needs the address of a web page")


@dataclass(frozen=True, slots=True)
class KioskSettings:
    """What the hub tells a kiosk to ask; a kiosk keeps the one with the highest `serial`.

    `change_seconds` is how long an answer can be changed; `lockout_seconds` how long a point
    without a till takes no next answer. Without a `questionnaire` nobody is invited to one.
    """

    serial: int
    store_name: str
    point_name: str
    languages: tuple[str, ...]
    question_version: int = 1
    question: Texts = field(default_factory=dict)
    reasons_version: int = 1
    reasons: tuple[Reason, ...] = ()
    ask_seconds: int = 45
    thanks_seconds: int = 5
    always_on: bool = False
    change_seconds: int = 3
    lockout_seconds: int = 2
    questionnaire: Questionnaire | None = None
    deed: Deed | None = None
    keeping: Keeping = Keeping()
    phone: Phone | None = None

    def __post_init__(self) -> None:
        check_version(self.question_version)
        check_version(self.reasons_version)
        if not 1 <= self.serial <= 2**53:
            raise WordError(f"{self.serial} is no serial: serials count from 1")
        if not self.languages or len(self.reasons) > MOST_REASONS:
            raise WordError(f"needs a language, and at most {MOST_REASONS} reasons")
        for language in self.languages:
            check_word(language, "language")
        if self.ask_seconds not in ASK_SECONDS or self.thanks_seconds not in THANKS_SECONDS:
            raise WordError("times out of bounds: asking 3–600 s, thanks 1–60 s")
        if self.change_seconds not in CHANGE_SECONDS or self.lockout_seconds not in LOCKOUT_SECONDS:
            raise WordError("times out of bounds: change 0–60 s, lockout 0–600 s")


class Wording(StrEnum):
    """How a store says what it tells: the wait is “about” so long, or “up to” so long."""

    ABOUT = "about"
    UP_TO = "up_to"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the hub asks a kiosk to show about the wait; worthless after `fresh_seconds`.

    Where nothing can be told any more, an empty message takes the notice back.
    """

    at: int
    minutes: int
    fresh_seconds: int
    quickest: str | None = None
    quickest_minutes: int | None = None
    wording: Wording = Wording.ABOUT

    def __post_init__(self) -> None:
        check_instant(self.at, "a wait notice")
        if not (0 <= self.minutes <= 600 and 1 <= self.fresh_seconds <= 3600):
            raise WordError("a wait notice out of bounds")

    def is_fresh(self, now: int) -> bool:
        """Whether it may still be shown at `now` (ms since 1970, UTC)."""
        return now < self.at + self.fresh_seconds * 1000
