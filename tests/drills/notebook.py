"""What the shoppers wrote down: who came, what they touched, and what they were thanked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kiosk.core.discretion import ANSWERED
from tests.drills.seats import Seat, notes_in

Claim = tuple[str, str | None]
"""A face, and a reason or none."""


_OF_NOBODY = frozenset({"drained", "heard", "let_in"})
"""Notes that tell of the kiosk alone."""


@dataclass
class Shopper:
    """One sale, and what became of it as the shopper saw it."""

    seat: Seat
    sale: str
    true: int
    wall: int
    boot: int
    synced: bool
    boot_id: str
    touched: set[str] = field(default_factory=set)
    claims: set[Claim] = field(default_factory=set)
    thanked: int | None = None
    sorry: bool = False
    skipped: bool = False
    fresh: set[str] = field(default_factory=set)
    tapped: int | None = None
    waited: int | None = None  # from the first tap to the thanks (ms)

    def __str__(self) -> str:
        return f"{self.seat.name}/{self.sale[:8]}"

    def touch(self, face: str, at: int) -> None:
        """From now on that face may be stored; before, it may not."""
        self.tapped = self.tapped or at
        self.touched.add(face)
        self.fresh.add(face)
        self.claims |= {(face, reason) for _, reason in self.claims} or {(face, None)}

    def reason(self, reason: str) -> None:
        """Touched on the thanks page; touched again it is taken back."""
        self.claims |= {(face, one) for face, _ in self.claims for one in (reason, None)}

    def thank(self, reason: str | None, at: int) -> None:
        """Whatever was touched since the last thanks is what these are for."""
        faces = self.fresh or {face for face, _ in self.claims}
        self.claims, self.fresh = {(face, reason) for face in faces}, set()
        if self.thanked is None:
            self.thanked = at
            self.waited = None if self.tapped is None else at - self.tapped


@dataclass
class Walk:
    """One way through the questionnaire, as whoever walked it saw it.

    `given` is what was touched, `stood` what the page showed of it (that there is a face; then it
    is the one that was touched). `owed`: it was over, and the same program thanked somebody for
    something later; what it keeps, it keeps in order.
    """

    seat: Seat
    name: str
    true: int
    boot: int
    boot_id: str
    given: dict[str, Any] = field(default_factory=dict)
    stood: dict[str, Any] = field(default_factory=dict)
    finished: bool = False
    left: bool = False
    thanked: bool = False
    owed: bool = False

    def __str__(self) -> str:
        return f"{self.seat.name}/walk {self.name[:8]}"


@dataclass
class Notes:
    """All notebooks of a drill."""

    shoppers: dict[str, Shopper] = field(default_factory=dict)
    walks: dict[str, Walk] = field(default_factory=dict)
    receipts: dict[str, list[int]] = field(default_factory=dict)  # by seat: when one came
    starts: dict[str, list[int]] = field(default_factory=dict)
    stray: list[str] = field(default_factory=list)  # notes that fit no shopper

    @property
    def thanked(self) -> list[Shopper]:
        """Who saw the thanks."""
        return [one for one in self.shoppers.values() if one.thanked is not None]


def read_notes(seats: Iterable[Seat]) -> Notes:
    """Every notebook, from its first line."""
    notes = Notes()
    for seat in seats:
        notes.receipts[seat.name], notes.starts[seat.name] = [], []
        reader = _Reader(notes, seat)
        for note in notes_in(seat.notes):
            reader.enter(note)
    return notes


class _Reader:
    """Reads one notebook, line by line."""

    def __init__(self, notes: Notes, seat: Seat) -> None:
        self._notes, self._seat = notes, seat
        self._upto: dict[str, int] = {}
        self._over: list[Walk] = []  # left, and nobody was thanked for anything since

    def enter(self, note: dict[str, Any]) -> None:
        """The next line."""
        notes, seat = self._notes, self._seat
        if "sale" in note:
            fields = {key: note[key] for key in ("true", "wall", "boot", "synced", "boot_id")}
            notes.shoppers[note["sale"]] = Shopper(seat, note["sale"], **fields)
        elif "walk" in note:
            fields = {key: note[key] for key in ("true", "boot", "boot_id")}
            notes.walks[note["walk"]] = Walk(seat, note["walk"], **fields)
        elif "receipt" in note:
            if note["receipt"] > self._upto.get(note["epoch"], 0):  # one that says something new
                self._upto[note["epoch"]] = note["receipt"]
                notes.receipts[seat.name].append(note["at"])
        elif "started" in note:
            notes.starts[seat.name].append(note["at"])
            self._over = []  # whatever waited for the card died with the program
        elif next(iter(note)) not in _OF_NOBODY:
            self._see(note)

    def _see(self, note: dict[str, Any]) -> None:
        kind, name = next(iter(note.items()))
        shopper, walk = self._notes.shoppers.get(name), self._notes.walks.get(name)
        if kind in ("thanked", "walked"):
            self._owe()
        if shopper is not None:
            _of_visit(shopper, kind, note)
        elif walk is not None:
            _of_walk(walk, kind, note)
            self._over += [walk] if kind == "left" else []
        else:
            self._notes.stray.append(str(note))

    def _owe(self) -> None:
        for walk in self._over:
            walk.owed = True
        self._over = []


def _of_visit(shopper: Shopper, kind: str, note: dict[str, Any]) -> None:
    if kind == "touched":
        shopper.touch(note["face"], note["at"])
    elif kind == "reasoned":
        shopper.reason(note["reason"])
    elif kind == "thanked":
        shopper.thank(note["reason"], note["at"])
    else:
        setattr(shopper, kind, True)  # skipped, sorry


def _of_walk(walk: Walk, kind: str, note: dict[str, Any]) -> None:
    if kind == "answered":
        walk.given[note["question"]] = note["answer"]
    elif kind == "stood":
        name, told = note["question"], note["answer"]
        walk.stood[name] = walk.given.get(name) if told == ANSWERED else told
    elif kind == "walked":
        walk.thanked = True
    else:
        setattr(walk, kind, True)  # finished, left
