"""When is a button pressed? Chatter is one press, a stuck button none, of two at once the first.

Laws of this page
1. A press counts once the contact was closed for SETTLE_MS without a break; when it began is told.
2. The next press counts only after *every* button was open for REST_MS: a palm is one press.
3. A button closed for STUCK_MS is reported, and not counted again until it opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kiosk.core.modem import Contact
from kiosk.core.tables import Table
from shared.visits import Face

SETTLE_MS = 20
"""Contacts bounce for up to 10 ms, sparks on a long wire last less; nobody taps this briefly."""

REST_MS = 50
"""Worn contacts break for some milliseconds while they are held; a hand needs 100 to tap again."""

STUCK_MS = 10_000
"""Nobody presses for ten seconds: a coin, chewing gum or a broken spring does."""


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """The pins of the three buttons and of their light, by GPIO number."""

    sad: int
    neutral: int
    happy: int
    light: int | None = None
    light_active_high: bool = True

    @property
    def pins(self) -> dict[Face, int]:
        """The pin of each face."""
        return {Face.SAD: self.sad, Face.NEUTRAL: self.neutral, Face.HAPPY: self.happy}


def button_settings_from(table: Mapping[str, object]) -> tuple[ButtonSettings | None, list[str]]:
    """Read the table [buttons]: the settings, and every fault found, in words for people."""
    buttons = Table("buttons", table)
    settings = ButtonSettings(
        sad=buttons.pin("sad"),
        neutral=buttons.pin("neutral"),
        happy=buttons.pin("happy"),
        light=buttons.pin_if_any("light"),
        light_active_high=buttons.choice("light_active", "high", ("low", "high")) == "high",
    )
    buttons.unknown()
    pins = [*settings.pins.values(), settings.light]
    if not buttons.faults and len(set(pins)) < len(pins):
        buttons.faults.append("buttons: every button, and the light, needs a pin of its own")
    return (None if buttons.faults else settings), buttons.faults


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press that counts; it began at boot time `began` (ms)."""

    face: Face
    began: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Another button was closed, at boot time `began` (ms), while the one before was still held."""

    face: Face
    began: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """This button has been closed for too long."""

    face: Face


@dataclass(frozen=True, slots=True)
class Freed:
    """A stuck button opened."""

    face: Face


Told = Pressed | Joined | Stuck | Freed


class Presses:
    """Levels of the buttons in, presses out; with `joins` it is told too what joined a press."""

    def __init__(self, faces: Iterable[Face], *, joins: bool = False) -> None:
        self._joins = joins
        self._contacts = {face: Contact(SETTLE_MS, REST_MS) for face in faces}
        self._stuck: set[Face] = set()
        self._restless: dict[Face, int] = {}

    @property
    def wakes_at(self) -> int | None:
        """When `idle` should be asked next if no level changes; None while all is at rest."""
        due = [c.settles_at for c in self._contacts.values() if c.settles_at is not None]
        for face, since in self._restless.items():
            opened = self._contacts[face].inactive_since
            due += [] if face in self._stuck else [since + STUCK_MS]
            due += [] if opened is None else [opened + REST_MS]
        return min(due, default=None)

    def level(self, face: Face, closed: bool, at: int) -> list[Told]:
        """A contact was seen closed or open; what that tells."""
        told = self.idle(at)
        contact = self._contacts.pop(face)
        self._contacts[face] = contact  # of two in the same millisecond, the one told first wins
        contact.level(closed, at)
        if closed:
            self._restless.setdefault(face, at)
        return told

    def idle(self, at: int) -> list[Told]:
        """Nothing changed until `at`; what that tells."""
        told: list[Told] = []
        waiting = [(c.settles_at, f) for f, c in self._contacts.items() if c.settles_at is not None]
        for due, face in sorted(waiting, key=lambda pair: pair[0]):
            if due <= at:
                told += self._settle(face, at)
        return told + self._look_at_the_restless(at)

    def _settle(self, face: Face, at: int) -> list[Told]:
        edge = self._contacts[face].idle(at)
        if edge is None or not edge.active:
            return []
        if self._others_closed(face):
            return [Joined(face, edge.at)] if self._joins else []
        return [Pressed(face, edge.at)]

    def _others_closed(self, face: Face) -> bool:
        """A stuck button must not make the others dead."""
        others = (f for f, contact in self._contacts.items() if contact.active and f != face)
        return any(other not in self._stuck for other in others)

    def _look_at_the_restless(self, at: int) -> list[Told]:
        """Which buttons have not come to rest for too long, and which have by now."""
        told: list[Told] = []
        for face, since in list(self._restless.items()):
            opened = self._contacts[face].inactive_since
            rest = None if opened is None or at < opened + REST_MS else opened + REST_MS
            if (at if rest is None else rest) - since >= STUCK_MS and face not in self._stuck:
                self._stuck.add(face)
                told.append(Stuck(face))
            if rest is not None:
                del self._restless[face]
                told += [Freed(face)] if face in self._stuck else []
                self._stuck.discard(face)
        return told
