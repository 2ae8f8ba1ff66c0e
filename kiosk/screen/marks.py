"""Signs that are looked at and not touched: the tick, and the ring that shows the time running."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock as KivyClock
from kivy.graphics import InstructionGroup

from kiosk.screen.paint import Paint
from kiosk.screen.ribs import Point, Ribs, arc, curve, disc, stroke
from kiosk.screen.shapes import Shape
from kiosk.screen.theme import INK, PAPER, SHADE, SOFT

_TURNS_PER_SECOND = 10  # smooth enough for something so small, and a tenth of a page's cost


class Sign:
    """A round sign of ink with strokes of paper on it."""

    def __init__(self, *strokes: Ribs) -> None:
        self._disc = Shape(disc(0, 0, 1))
        self._strokes = [Shape(ribs) for ribs in strokes]
        self.drawing = InstructionGroup()
        self.drawing.add(Paint(INK))
        self.drawing.add(self._disc.drawing)
        self.drawing.add(Paint(PAPER))
        for shape in self._strokes:
            self.drawing.add(shape.drawing)

    def place(self, center: Point, radius: float) -> None:
        """Move there."""
        for shape in (self._disc, *self._strokes):
            shape.place(center, radius)


def tick() -> Sign:
    """Done: the answer is kept."""
    knee = (-0.12, -0.36)
    return Sign(stroke(((-0.48, 0.02), knee), 0.18), stroke((knee, (0.52, 0.36)), 0.18))


def wave() -> Sign:
    """Not this time: a gentle wave instead of a cross."""
    crest, trough = (
        curve((-0.5, -0.1), (-0.25, 0.5), (0, 0)),
        curve((0, 0), (0.25, -0.5), (0.5, 0.1)),
    )
    return Sign(stroke((*crest, *trough[1:]), 0.18))


class Ring:
    """How much of a page's time is left; it moves only between `start` and `stop`."""

    def __init__(self, thickness: float) -> None:
        """`thickness` is a share of the radius."""
        self._thickness = thickness
        self._whole, self._left = Shape(self._arc(1)), Shape(self._arc(1))
        self._seconds, self.gone = 1.0, 0.0
        self._turning: Any = None
        self.drawing = InstructionGroup()
        self._paints = Paint(SHADE), Paint(SOFT)
        for instruction in (
            self._paints[0],
            self._whole.drawing,
            self._paints[1],
            self._left.drawing,
        ):
            self.drawing.add(instruction)

    def place(self, center: Point, radius: float) -> None:
        """Move there."""
        self._whole.place(center, radius)
        self._left.place(center, radius)

    def start(self, seconds: float, *, gone: float = 0, calm: bool = False) -> None:
        """Run through `seconds` of which so many are gone; `calm`: not even be seen."""
        self.stop()
        self._seconds = max(seconds, 0.1)
        self.show_gone(gone)
        self._see(not calm)
        if calm:
            return
        self._turning = KivyClock.schedule_interval(self._turn, 1 / _TURNS_PER_SECOND)

    def stop(self) -> None:
        """Stand still."""
        if self._turning is not None:
            self._turning.cancel()
            self._turning = None

    def show_gone(self, seconds: float) -> None:
        """Draw what is left after so many seconds."""
        self.gone = seconds
        self.show_left(1 - seconds / self._seconds)

    def show_left(self, share: float) -> None:
        """Draw that share (0 to 1) of the ring."""
        self._left.reshape(self._arc(min(1.0, max(0.0, share))))

    def _see(self, seen: bool) -> None:
        for paint, shade in zip(self._paints, (SHADE, SOFT), strict=True):
            paint.put(shade, seen=seen)

    def _turn(self, passed: float) -> bool:
        self.show_gone(self.gone + passed)
        return self.gone < self._seconds  # False ends the interval

    def _arc(self, share: float) -> Ribs:
        return stroke(arc(1, share), self._thickness) if share else ()
