"""What needs somebody: each trouble with where it is, how much of it, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from hub.core import quarantine
from hub.core.fleet import FleetView
from hub.core.restoring import Story
from shared.places import KioskId, StoreId


class Kind(StrEnum):
    """What it is about."""

    QUARANTINE = "quarantine"  # something that could not be read or does not belong
    REFUSED = "refused"  # records of a kiosk that lie in quarantine: it forgets them
    MISSING = "missing"  # records that are proved to be gone
    ALARM = "alarm"  # what a kiosk says of itself
    DEVICE = "device"  # its card, power, heat, certificate …
    SILENT = "silent"  # sales arrive, and nobody touches it
    CLOCK = "clock"  # a kiosk whose clock is not set
    IDENTITY = "identity"  # a kiosk that two devices claim to be, a join code tried again
    BROKER = "broker"  # it does not keep kiosks apart, or nobody could see whether it does
    WEBHOOK = "webhook"  # alerts of a store's lines that its receiver does not take


UNTRIED_MS: Final = 3_600_000
"""So long ago the broker may have been looked at: four times as long as from look to look, so that
a restart, or a broker that is away for some minutes, is nobody's trouble."""


class Captives(NamedTuple):
    """Things in quarantine of one code; store and kiosk are None where strangers sent them."""

    store_id: StoreId | None
    kiosk_id: KioskId | None
    code: str
    times: int
    last_at: int


class Untold(NamedTuple):
    """So many alerts of a store's lines that nobody takes, and when the last one came."""

    store_id: StoreId
    alerts: int
    last_at: int


class Claimed(NamedTuple):
    """A kiosk that more than one device claimed to be: `code` says how it was seen."""

    store_id: StoreId
    kiosk_id: KioskId
    code: str
    times: int
    last_at: int


class Inspected(NamedTuple):
    """What a hub saw of the broker's rights: it should look since `begun_at`, last could at
    `looked_at`, and then what is forbidden arrived on so many topics."""

    begun_at: int
    looked_at: int | None
    heard: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """One line for whoever has to look; `count` is 1 where there is nothing to count."""

    kind: Kind
    code: str
    count: int
    store_id: StoreId | None = None
    kiosk_id: KioskId | None = None
    last_at: int | None = None

    @property
    def hint(self) -> str:
        """What to do."""
        return HINTS[self.kind].get(self.code, _OTHERWISE[self.kind])


@dataclass(frozen=True, slots=True)
class Attention:
    """Everything that needs somebody, and what became of the newest restore, if there was one;
    `tried_at` is when the broker's rights were last seen to be kept, or not."""

    troubles: tuple[Trouble, ...]
    story: Story | None
    tried_at: int | None = None

    def count(self, kind: Kind) -> int:
        """How much of a kind there is."""
        return sum(one.count for one in self.troubles if one.kind is kind)


_MESSAGE: Final = (
    "Look at its bytes in the table “quarantine”: a kiosk of another make, or an attack."
)

HINTS: Final[Mapping[Kind, Mapping[str, str]]] = MappingProxyType(
    {
        Kind.QUARANTINE: {
            **quarantine.HINTS,
            "unreadable": _MESSAGE,
            "version": "A kiosk speaks a newer protocol: bring the hub to the newest version.",
            "unknown_point": "Add the point: “semblante-hub point add”; what comes then counts.",
        },
        Kind.REFUSED: {},
        Kind.MISSING: {},
        Kind.ALARM: {
            "card": "Its file system lost something, or takes nothing more: take a new card there.",
            "forged": "Somebody else speaks as this hub: see whether the broker was taken over.",
            "file": "Its settings file on the card has faults or was refused, and it goes on as it "
            "was: mend the file.",
            "volatile": "Its outbox lies in memory, and a power cut takes it: mount /data there.",
            "storage": "Its card fails: take a new card there today; keep the old one.",
            "damaged": "Its outbox was moved aside: fetch that file; try “sqlite3 FILE .recover”.",
            "spoiled": "Its card turns bits, and a record is gone: take a new card there soon.",
            "receipt": "Receipts do not fit its chain: a cloned card, or an edited database.",
            "refused": "The broker refuses it: run “semblante-hub broker files”.",
            "problem": "The hub cannot go on with it: see its lines under quarantine.",
            "till": "Check the cable and the settings of its till: “semblante-kiosk check”.",
            "buttons": "Check the wires of its buttons: “semblante-kiosk check”.",
            "settings": "It cannot read what the hub asks it to show: bring both to one version.",
            "voice": "Something cannot be said there: "
            "“semblante-kiosk check” tells what is missing.",
            "backlight": "It cannot set its brightness: put its user in the group video.",
            "touch": "Something lies on its glass, or the panel is broken: wipe it, then test it.",
            "font": "A font is missing, so it shows English: install the program anew.",
        },
        Kind.DEVICE: {
            "away": "No word since its store opened: look at its power and its network.",
            "card_full": "Its card is nearly full: see what else lies there; ask it for its log.",
            "card_worn": "Its card is near the end of its life: plan a new one.",
            "card_locked": "Its card became read-only, so it keeps nothing: take a new one today.",
            "fleeting": "What it keeps is gone after a power cut: set it up anew on a card.",
            "power": "Its power supply is too weak: use the maker's own, and a short cable.",
            "hot": "It is too hot: give it air, or shade.",
            "certificate": "It could not renew its certificate: tell it to, then see its log.",
            "clock": "It finds no time server: let NTP through; until then the hub's time is used.",
            "version": "It missed an update: tell it to take the newest version.",
        },
        Kind.SILENT: {},
        Kind.CLOCK: {},
        Kind.IDENTITY: {
            "cloned": "Two devices are this kiosk, and nothing of it counts: decide which one it "
            "is with “semblante-hub certificate release”.",
            "used_again": "Another device tried a join code that was used: see who has the card.",
        },
        Kind.BROKER: {
            "open": "A kiosk may write as another, so what comes may be forged: run “semblante-hub "
            "broker files”, let the broker read them, then “semblante-hub broker test”.",
            "untried": "Nobody knows whether kiosks may write only as themselves: “semblante-hub "
            "broker test” says why it cannot be tried. Does the hub run, and the broker?",
        },
        Kind.WEBHOOK: {},
    }
)

_OTHERWISE: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.QUARANTINE: _MESSAGE,
        Kind.REFUSED: "They stand in quarantine by their codes; nobody will send them again.",
        Kind.MISSING: "They are gone: the table “losses” says which, and what they were.",
        Kind.ALARM: "See the kiosk's own log.",
        Kind.DEVICE: "See the kiosk's own page.",
        Kind.SILENT: "Touch its glass: a dead panel, or something that stands before it?",
        Kind.CLOCK: "It finds no time server: let NTP through; until then the hub's time is used.",
        Kind.IDENTITY: "See “semblante-hub certificate list”.",
        Kind.BROKER: "See “semblante-hub broker test”.",
        Kind.WEBHOOK: "Check the receiver's address on the page “Settings of the queue”, "
        "and that it runs; the log says what it answered.",
    }
)


def troubles_of(
    views: Iterable[FleetView],
    captives: Iterable[Captives],
    untold: Iterable[Untold] = (),
    claimed: Iterable[Claimed] = (),
    broker: Iterable[Trouble] = (),
) -> tuple[Trouble, ...]:
    """All of them, the gravest kind first within its kiosk."""
    found = [
        Trouble(Kind.QUARANTINE, one.code, one.times, one.store_id, one.kiosk_id, one.last_at)
        for one in captives
    ]
    found += [
        Trouble(Kind.WEBHOOK, "webhook", one.alerts, one.store_id, last_at=one.last_at)
        for one in untold
    ]
    found += [
        Trouble(Kind.IDENTITY, one.code, one.times, one.store_id, one.kiosk_id, one.last_at)
        for one in claimed
    ]
    found += broker
    for view in views:
        found += _of_kiosk(view)
    return tuple(sorted(found, key=_order))


def _of_kiosk(view: FleetView) -> list[Trouble]:
    at, seen = (view.store_id, view.kiosk_id), view.last_seen
    found = [Trouble(Kind.ALARM, code, 1, *at, seen) for code in view.alarms]
    found += [Trouble(Kind.DEVICE, one.code, 1, *at, one.told_at) for one in view.ailments]
    if view.silence:
        quiet = view.silence
        found.append(Trouble(Kind.SILENT, "silent", quiet.sales, *at, quiet.since))
    if view.lost:
        found.append(Trouble(Kind.MISSING, "missing", view.lost, *at))
    if view.refused:
        found.append(Trouble(Kind.REFUSED, "refused", view.refused, *at))
    if view.synced is False and not any(one.code == "clock" for one in view.ailments):
        found.append(Trouble(Kind.CLOCK, "clock", 1, *at, seen))
    return found


def troubles_of_broker(seen: Inspected | None, now: int) -> list[Trouble]:
    """What its inspection found, and that there was none for long; None is a hub that never
    had to look."""
    if seen is None:
        return []
    found = []
    if seen.heard:
        found.append(Trouble(Kind.BROKER, "open", seen.heard, last_at=seen.looked_at))
    last = seen.begun_at if seen.looked_at is None else seen.looked_at
    if now - last > UNTRIED_MS:
        found.append(Trouble(Kind.BROKER, "untried", 1, last_at=seen.looked_at))
    return found


_GRAVITY: Final = (
    Kind.BROKER,
    Kind.IDENTITY,
    Kind.ALARM,
    Kind.DEVICE,
    Kind.SILENT,
    Kind.QUARANTINE,
    Kind.REFUSED,
    Kind.MISSING,
    Kind.WEBHOOK,
    Kind.CLOCK,
)


def _order(one: Trouble) -> tuple[int, str, str, str]:
    return _GRAVITY.index(one.kind), one.store_id or "", one.kiosk_id or "", one.code
