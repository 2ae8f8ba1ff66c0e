"""Where the marks of the charts stand: numbers only, templates draw them.

Across, everything is in per cent of the width, so that one drawing fits a desk and a phone and its
texts keep their size; down, everything is in pixels.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.core.intervals import Z
from hub.core.satisfaction import Index, Tally
from hub.core.views import HourBar, HourState, RegisterRow, StoreRow, Usual
from shared.visits import Face

TOP, BOTTOM = 12, 212
"""The pixels at which the index is 100 and 0."""

BAR_ROOM = 0.46
"""The tallest bar leaves the upper half to the line."""

STACK = (Face.SAD, Face.NEUTRAL, Face.HAPPY)
"""From the ground up, as in the legend from right to left."""


@dataclass(frozen=True, slots=True)
class Block:
    """One face's part of a bar."""

    face: Face
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Dot:
    """An index with its whisker."""

    y: float
    high: float
    low: float


@dataclass(frozen=True, slots=True)
class Column:
    """One hour."""

    bar: HourBar
    x: float
    left: float
    width: float
    blocks: tuple[Block, ...]
    dot: Dot | None

    @property
    def so_far(self) -> bool:
        """Whether the hour is still running."""
        return self.bar.state is HourState.SO_FAR


@dataclass(frozen=True, slots=True)
class Line:
    """A stroke between two neighbouring dots."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class DayChart:
    """A day by hour: bars of answers, line of the index, band of what is usual."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    bands: tuple[str, ...]
    grid: tuple[tuple[int, float], ...]
    bottom: int = BOTTOM


def day_chart(bars: Sequence[HourBar]) -> DayChart:
    """The chart of a day's hours, in order."""
    most = max((bar.tally.answered for bar in bars if bar.tally), default=0)
    step = 100 / max(len(bars), 1)
    columns = tuple([_column(bar, place, step, most) for place, bar in enumerate(bars)])
    return DayChart(
        columns,
        tuple(_lines(columns)),
        tuple(_bands(columns, step)),
        tuple((value, level(value)) for value in (0, 25, 50, 75, 100)),
    )


def level(value: float) -> float:
    """The height at which an index stands."""
    return round(BOTTOM - (BOTTOM - TOP) * min(max(value, 0.0), 100.0) / 100, 1)


def usual_range(usual: Usual) -> tuple[float, float]:
    """Where 95 of 100 usual days lie: the spread between days and the doubt about their mean."""
    half = math.hypot((usual.high - usual.low) / 2, Z * usual.spread)
    return max(0.0, usual.value - half), min(100.0, usual.value + half)


def _column(bar: HourBar, place: int, step: float, most: int) -> Column:
    width = step * 0.5
    dot = _dot(bar.index) if bar.index and bar.state is HourState.PAST else None
    return Column(
        bar,
        round((place + 0.5) * step, 3),
        round((place + 0.5) * step - width / 2, 3),
        round(width, 3),
        tuple(_blocks(bar.tally, most)) if bar.tally else (),
        dot,
    )


def _blocks(tally: Tally, most: int) -> Iterable[Block]:
    unit = (BOTTOM - TOP) * BAR_ROOM / max(most, 1)
    ground = float(BOTTOM)
    for face in STACK:
        height = tally.of(face) * unit
        if height:
            yield Block(face, round(ground - height, 1), round(max(height - 1, 0.5), 1))
        ground -= height


def _dot(index: Index) -> Dot:
    return Dot(level(index.value), level(index.high), level(index.low))


def _lines(columns: Sequence[Column]) -> Iterable[Line]:
    for one, two in itertools.pairwise(columns):
        if one.dot and two.dot:
            yield Line(one.x, one.dot.y, two.x, two.dot.y)


def _bands(columns: Sequence[Column], step: float) -> Iterable[str]:
    """One polygon for each run of hours whose usual is known; x up to 100, stretched when drawn."""
    run: list[tuple[float, Usual]] = []
    for column in (*columns, None):
        if column is not None and column.bar.usual is not None:
            run.append((column.x, column.bar.usual))
        elif run:
            yield _polygon(run, step)
            run = []


def _polygon(run: Sequence[tuple[float, Usual]], step: float) -> str:
    first, last = run[0], run[-1]
    wide = [(first[0] - step / 2, first[1]), *run, (last[0] + step / 2, last[1])]
    above = [f"{x:.2f},{level(usual_range(usual)[1])}" for x, usual in wide]
    below = [f"{x:.2f},{level(usual_range(usual)[0])}" for x, usual in reversed(wide)]
    return " ".join(above + below)


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch of the index, across."""

    low: float
    high: float

    def x(self, value: float) -> float:
        """Where a value stands, in per cent."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    @property
    def ticks(self) -> tuple[int, ...]:
        """Round values to write beneath."""
        step = 10 if self.high - self.low <= 50 else 20
        first = math.ceil(self.low / step) * step
        return tuple(t for t in range(first, int(self.high) + 1, step) if 4 < self.x(t) < 96)


def scale_of(rows: Iterable[RegisterRow | StoreRow], store: Index | None) -> Scale:
    """A stretch in which every interval has room; never so narrow that noise looks like news."""
    shown = [row.index for row in rows if row.index] + ([store] if store else [])
    if not shown:
        return Scale(0, 100)
    low, high = min(i.low for i in shown) - 2, max(i.high for i in shown) + 2
    short = max(0.0, 30 - (high - low)) / 2  # at least 30 points across
    return Scale(max(0.0, low - short), min(100.0, high + short))


HEAT_EDGES = (-12.0, -6.0, -2.0, 2.0, 6.0, 12.0)
"""Points from the whole: seven shades, of which the middle one is “about as always”."""


def shade(index: Index, whole: Index | None) -> int:
    """The shade of a heat map's cell, 0 (much lower than the whole) to 6 (much higher).

    A cell whose interval holds the whole is never more than one shade off the middle: what cannot
    be told apart shall not shout.
    """
    if whole is None:
        return 3
    found = sum(index.value - whole.value > edge for edge in HEAT_EDGES)
    if index.low <= whole.value <= index.high:
        return min(max(found, 2), 4)
    return found
