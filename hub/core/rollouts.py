"""A release on its way through the fleet, in rings, and where that is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from hub.core.accounts import Note
from hub.core.fleet import KioskKey

RINGS: Final = 3
"""One store, a tenth of all others, and the rest."""

TAKEN: Final = frozenset({"done", "done_offline"})
AGAIN: Final = frozenset({"late", "busy"})
"""Outcomes that say nothing about the release: such a kiosk is ordered once more."""


class State(StrEnum):
    """How a rollout is."""

    RUNNING = "running"
    HALTED = "halted"
    BACK = "back"  # those that took it go back to the version before
    DONE = "done"
    ENDED = "ended"  # all that took it went back, or another rollout took its place


OPEN: Final = frozenset({State.RUNNING, State.HALTED, State.BACK})


class Stage(StrEnum):
    """How one kiosk is in it."""

    WAITING = "waiting"
    AWAY = "away"
    ORDERED = "ordered"
    UPDATED = "updated"
    FAILED = "failed"
    SILENT = "silent"
    RETURNING = "returning"
    RETURNED = "returned"


TROUBLE: Final = frozenset({Stage.FAILED, Stage.SILENT})


@dataclass(frozen=True, slots=True)
class Rollout:
    """One release in its rings; `rest_ms` passes between two. Instants are ms since 1970.

    `usual` is which share of its kiosks was away as it began. `known` are the kiosks of which it
    was known how they took it, failed and silent ones among them, as a person last let it go on.
    """

    number: int
    version: str
    user: str
    made_at: int
    rest_ms: int
    usual: float
    state: State = State.RUNNING
    ring: int = 1
    ring_at: int = 0
    known: int = 0
    known_failed: int = 0
    known_silent: int = 0
    why: str = ""
    changed_at: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """One kiosk of it: its ring, and the last command that it was sent for it."""

    who: KioskKey
    ring: int
    command: str | None = None
    ordered_at: int | None = None
    outcome: str | None = None
    back: bool = False  # the command is to go back


@dataclass(frozen=True, slots=True)
class Progress:
    """A rollout with how each of its kiosks is."""

    rollout: Rollout
    stages: Mapping[KioskKey, Stage]
    rings: Mapping[KioskKey, int]
    last_at: int = 0  # when somebody was last ordered

    def counts(self, ring: int | None = None) -> Counter[Stage]:
        """How many are how, of one ring or of all."""
        return Counter(
            stage for who, stage in self.stages.items() if ring in (None, self.rings[who])
        )

    @property
    def judged(self) -> int:
        """Of how many it is known whether they are well with it."""
        counts = self.counts()
        return counts[Stage.UPDATED] + self.trouble

    @property
    def trouble(self) -> int:
        """How many are in trouble with it."""
        counts = self.counts()
        return sum(counts[stage] for stage in TROUBLE)


class RolloutBook(Protocol):
    """The rollouts of this hub; may raise ArchiveError."""

    def rollouts(self) -> Sequence[Rollout]:
        """All of them, the newest first."""

    def members(self, number: int) -> Sequence[Member]:
        """The kiosks of one, with what became of their commands."""

    def begin(self, rollout: Rollout, rings: Mapping[KioskKey, int], note: Note) -> Rollout:
        """Keep a new one under the next number, in place of one that is open.

        Raises WordError where kiosks are going back just now.
        """

    def change(self, rollout: Rollout, expected: State, note: Note | None) -> bool:
        """Keep how it is, if it still was so; whether it was."""

    def ordered(self, number: int, sent: Mapping[KioskKey, str], at: int, *, back: bool) -> None:
        """Note which command each was sent."""
