"""A questionnaire on the hub: its versions, whose it is, where it is shown, and what keeps it.

A version is a draft until it is sent; one that was sent never changes. There is one draft at most,
and it is the newest version. Each change of a draft gives it the next `edition`, so that nobody
writes over what somebody else has just changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from hub.core.accounts import Note
from hub.core.hours import Hours, date_of
from hub.core.programme import Change
from hub.core.roles import Right, Viewer
from shared.notices import KioskSettings
from shared.places import KioskId, StoreId
from shared.questions import Questionnaire
from shared.soundness import Fault, faults
from shared.wire import LONGEST_MESSAGE, encode

ROOM: Final = 4_096
"""Bytes that are left in a message for the names of store and point, and a phone's address."""

_LAST_ZONE: Final = "Etc/GMT+12"
"""Where a day ends last."""

LARGEST: Final = LONGEST_MESSAGE - ROOM
"""Bytes of settings that a kiosk reads for certain."""


def next_version(last: int, generation: int) -> int:
    """The number of the version after that one (0: of the first), in this generation of the hub.

    What was sent since a backup keeps its numbers, of which a hub that was restored knows nothing,
    while kiosks and answers still speak of them. A generation counts seconds of the hub's life:
    nobody ever sent so many versions.
    """
    return max(last + 1, generation)


@dataclass(frozen=True, slots=True)
class Version:
    """One version; `edition` counts its changes, `sent_at` is None while it is a draft."""

    questionnaire: Questionnaire
    edition: int
    changed_at: int
    changed_by: str
    sent_at: int | None = None

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.sent_at is None


@dataclass(frozen=True, slots=True)
class Folder:
    """All versions of one questionnaire, the oldest first; of no store means: of all of them."""

    name: str
    store_id: StoreId | None
    versions: tuple[Version, ...]

    @property
    def newest(self) -> Version:
        """The draft where there is one, else what was sent last."""
        return self.versions[-1]

    @property
    def draft(self) -> Version | None:
        """What is being worked on."""
        return self.newest if self.newest.is_draft else None

    @property
    def sent(self) -> Version | None:
        """What was sent last."""
        return next((one for one in reversed(self.versions) if not one.is_draft), None)

    def version(self, number: int) -> Version | None:
        """The version of that number."""
        found = [one for one in self.versions if one.questionnaire.version == number]
        return found[0] if found else None

    def seen_by(self, viewer: Viewer) -> bool:
        """Whether this user may know of it: the chain's own and those of one's stores."""
        return self.store_id is None or viewer.sees(self.store_id)

    def changed_by(self, viewer: Viewer) -> bool:
        """Whether this user may change it: what is the chain's is for those who reach all of it."""
        if not viewer.may(Right.DESIGN):
            return False
        return viewer.role.every_store if self.store_id is None else viewer.sees(self.store_id)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the kiosks of a store are told to show now, and which of them say that they have it."""

    store_id: StoreId
    name: str
    version: int
    since: int
    having: frozenset[KioskId] = frozenset()
    lacking: frozenset[KioskId] = frozenset()


class QuestionnaireBook(Protocol):
    """What the hub's database keeps of it. Every method may raise ArchiveError.

    What changes something keeps the note in the same transaction.
    """

    def folders(self) -> Sequence[Folder]:
        """All questionnaires, by name."""

    def folder(self, name: str) -> Folder | None:
        """One of them."""

    def version(self, name: str, number: int) -> Questionnaire | None:
        """One version, whether sent or not."""

    def generation(self) -> int:
        """How often this hub was made or restored."""

    def add(self, folder: Folder, note: Note) -> bool:
        """Keep a new one; False where the name is taken."""

    def begin(self, name: str, version: Version, note: Note) -> bool:
        """Keep a further version as a draft; False where it is there already."""

    def keep(self, name: str, version: Version, note: Note) -> bool:
        """Keep a draft's next edition; False where that is not what would follow."""

    def drop(self, name: str, number: int, note: Note) -> bool:
        """Forget a draft, and with the only version the questionnaire; False where none is."""

    def send(
        self, name: str, version: Version, programmes: Mapping[StoreId, Change], note: Note
    ) -> bool:
        """Seal this edition, and let these programmes change; False where it moved on."""

    def shown(self, stores: Collection[StoreId] | None = None) -> Sequence[Shown]:
        """What these stores show (None: all); a store without a questionnaire is left out."""


def faults_of(questionnaire: Questionnaire) -> list[Fault]:
    """Everything that keeps it from being sent."""
    found = faults(questionnaire)
    size = message_size(questionnaire)
    if size > LARGEST:
        found.append(Fault("questions", f"take {size} bytes of a message; at most {LARGEST}"))
    return found


def over(questionnaire: Questionnaire, now: int) -> list[Fault]:
    """That its last day is over wherever on earth a store may be: nobody would be asked."""
    today = date_of(Hours(_LAST_ZONE).hour_of(now).day).isoformat()
    ended = questionnaire.last_day is not None and questionnaire.last_day < today
    return [Fault("last_day", "is over already: nobody would be asked")] if ended else []


def message_size(questionnaire: Questionnaire | None, rest: KioskSettings | None = None) -> int:
    """Bytes of the settings that carry it."""
    settings = rest or KioskSettings(1, "", "", ("en",))
    return len(encode(replace(settings, questionnaire=questionnaire)))
