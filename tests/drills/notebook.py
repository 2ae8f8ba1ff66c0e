"""What the shoppers wrote down: who came, what they touched, and what they were thanked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.drills.seats import Seat, notes_in

Claim = tuple[str, str | None]
"""A face, and a reason or none."""


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
class Notes:
    """All notebooks of a drill."""

    shoppers: dict[str, Shopper] = field(default_factory=dict)
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
        upto: dict[str, int] = {}
        for note in notes_in(seat.notes):
            _enter(notes, seat, note, upto)
    return notes


def _enter(notes: Notes, seat: Seat, note: dict[str, Any], upto: dict[str, int]) -> None:
    if "sale" in note:
        fields = {key: note[key] for key in ("true", "wall", "boot", "synced", "boot_id")}
        notes.shoppers[note["sale"]] = Shopper(seat, note["sale"], **fields)
    elif "receipt" in note:
        if note["receipt"] > upto.get(note["epoch"], 0):  # one that says something new
            upto[note["epoch"]] = note["receipt"]
            notes.receipts[seat.name].append(note["at"])
    elif "started" in note:
        notes.starts[seat.name].append(note["at"])
    elif "drained" not in note:
        _see(notes, note)


def _see(notes: Notes, note: dict[str, Any]) -> None:
    kind = next(iter(note))
    shopper = notes.shoppers.get(note[kind])
    if shopper is None:
        notes.stray.append(str(note))
    elif kind == "touched":
        shopper.touch(note["face"], note["at"])
    elif kind == "reasoned":
        shopper.reason(note["reason"])
    elif kind == "thanked":
        shopper.thank(note["reason"], note["at"])
    else:
        setattr(shopper, kind, True)  # skipped, sorry
