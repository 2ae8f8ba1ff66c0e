"""Signs that are looked at and not touched: the tick, and the ring that shows the time running."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock as KivyClock
from kivy.graphics import Color, InstructionGroup, SmoothLine

from kiosk.screen.shapes import Disc, Point, Stroke, curve
from kiosk.screen.theme import INK, PAPER, SHADE, SOFT

_TURNS_PER_SECOND = 10  # smooth enough for something so small, and a tenth of a page's cost


class Sign:
    """A round sign of ink with strokes of paper on it."""

    def __init__(self, strokes: list[Stroke]) -> None:
        self._disc = Disc(0, 0, 1)
        self._strokes = strokes
        self.drawing = InstructionGroup()
        self.drawing.add(Color(*INK))
        self.drawing.add(self._disc.drawing)
        self.drawing.add(Color(*PAPER))
        for stroke in strokes:
            self.drawing.add(stroke.drawing)

    def place(self, center: Point, radius: float) -> None:
        """Move there."""
        self._disc.place(center, radius)
        for stroke in self._strokes:
            stroke.place(center, radius)


def tick() -> Sign:
    """Done: the answer is kept."""
    knee = (-0.12, -0.36)
    return Sign([Stroke(((-0.48, 0.02), knee), 0.18), Stroke((knee, (0.52, 0.36)), 0.18)])


def wave() -> Sign:
    """Not this time: a gentle wave instead of a cross."""
    return Sign(
        [
            Stroke(curve((-0.5, -0.06), (-0.25, 0.42), (0, 0)), 0.18),
            Stroke(curve((0, 0), (0.25, -0.42), (0.5, 0.06)), 0.18),
        ]
    )


class Ring:
    """How much of a page's time is left; it moves only between `start` and `stop`."""

    def __init__(self) -> None:
        self._whole, self._left = SmoothLine(), SmoothLine()
        self._circle: tuple[float, float, float] = (0, 0, 0)
        self._seconds = self._gone = 0.0
        self._turning: Any = None
        self.drawing = InstructionGroup()
        for instruction in (Color(*SHADE), self._whole, Color(*SOFT), self._left):
            self.drawing.add(instruction)

    def place(self, center: Point, radius: float, width: float) -> None:
        """Move there."""
        self._circle = (*center, radius)
        self._whole.width = self._left.width = width
        self._whole.circle = (*self._circle, 0, 360, 90)
        self._draw()

    def start(self, seconds: float) -> None:
        """Run through `seconds` from now, beginning full."""
        self.stop()
        self._seconds, self._gone = max(seconds, 0.1), 0.0
        self._draw()
        self._turning = KivyClock.schedule_interval(self._turn, 1 / _TURNS_PER_SECOND)

    def stop(self) -> None:
        """Stand still."""
        if self._turning is not None:
            self._turning.cancel()
            self._turning = None

    def _turn(self, passed: float) -> bool:
        self._gone += passed
        self._draw()
        return self._gone < self._seconds  # False ends the interval

    def _draw(self) -> None:
        left = 1 - min(1.0, self._gone / self._seconds) if self._seconds else 1.0
        # Empty it would be a dot: a ring of no length is not drawn at all.
        self._left.circle = (*self._circle, 360 * (1 - left), 360, 90) if left > 0 else (0, 0, 0)
