"""Where the marks of the page Queue stand, and its table by the hour: numbers only.

Across in per cent of the width, down in pixels, as in `hub.web.charts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from hub.core.hours import Hours
from hub.core.queue_views import DayView, LineDay
from hub.core.waiting.history import SLOT_MS, Span, Told
from hub.core.waiting.noticing import MINUTE_MS, promised_ms

TOP, BOTTOM = 10, 130
"""The pixels of the tallest wait and of none."""

SCALES: Final = (5, 10, 15, 20, 30, 45, 60)
"""Minutes that a chart may reach up to; the least that holds all that was told."""

MOST_LABELS: Final = 13
"""Hours that can be written side by side on a phone."""

BELOW_ONE: Final = 0.5
"""“Less than 1 min” stands at half a minute."""


@dataclass(frozen=True, slots=True)
class Tick:
    """An hour, and what is written under it; nothing where there is no room."""

    x: float
    hour: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """What a line told: steps with gaps, and the range of the estimate as bands."""

    line: LineDay
    steps: tuple[str, ...]
    bands: tuple[str, ...]
    hours: tuple[HourRow, ...]


@dataclass(frozen=True, slots=True)
class HourRow:
    """An hour of a line: from the least to the most that was told, and how often nothing was."""

    start: int
    least: int | None
    most: int | None
    untold: int  # minutes
    waiting: float
    open: float


@dataclass(frozen=True, slots=True)
class Lane:
    """When a register was open: its bars, each with where it begins and how wide it is."""

    name: str
    spans: tuple[Span, ...]
    bars: tuple[tuple[float, float], ...]


class _Shown(NamedTuple):
    """The stretch of time that is drawn, and how much of it is over."""

    span: Span
    now: int


@dataclass(frozen=True, slots=True)
class QueueChart:
    """A day: one chart for each line, one lane for each register, over the same hours."""

    lines: tuple[LineChart, ...]
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    grid: tuple[tuple[int, float], ...]
    now: float | None
    bottom: int = BOTTOM


def queue_chart(view: DayView, now: int) -> QueueChart:
    """The charts of a day."""
    highest = max((_highest(told) for line in view.lines for told in line.slots), default=0.0)
    top = next((scale for scale in SCALES if scale >= highest), SCALES[-1])
    shown = _Shown(view.span, now)
    return QueueChart(
        tuple(_line(line, shown, top, Hours(view.store.zone)) for line in view.lines),
        tuple(
            Lane(one.name, one.spans, tuple(_bar(span, view.span) for span in one.spans))
            for one in view.registers
        ),
        tuple(_ticks(view)),
        tuple((value, level(value, top)) for value in _grid(top)),
        across(now, view.span) if view.live and view.span.start <= now < view.span.end else None,
    )


def across(at: int, span: Span) -> float:
    """Where an instant stands, in per cent."""
    share = (at - span.start) / max(1, span.end - span.start)
    return round(100 * min(max(share, 0.0), 1.0), 2)


def level(minutes: float, top: int) -> float:
    """The height at which so many minutes stand."""
    return round(BOTTOM - (BOTTOM - TOP) * min(max(minutes, 0.0), top) / top, 1)


def _highest(told: Told) -> float:
    """The range may be cut at the top, but for what was told there must be room."""
    if told.minutes is None:
        return 0.0
    return max(float(told.minutes), min((told.high or 0.0) / MINUTE_MS, 1.5 * told.minutes))


def _grid(top: int) -> Sequence[int]:
    return range(0, top + 1, top // 5 if top <= 20 else 15)


def _line(line: LineDay, shown: _Shown, top: int, hours: Hours) -> LineChart:
    runs = list(_runs(line.slots))
    steps = tuple(" ".join(_step(told, shown, top) for told in run) for run in runs)
    bands = tuple(_band(run, shown, top) for run in runs)
    return LineChart(line, steps, bands, tuple(hour_rows(line.slots, hours)))


def _runs(slots: Sequence[Told]) -> Iterator[list[Told]]:
    """Stretches without a gap: neither withdrawn nor unwatched."""
    run: list[Told] = []
    for told in slots:
        if run and (told.minutes is None or _slot(told) > _slot(run[-1]) + 1):
            yield run
            run = []
        if told.minutes is not None:
            run.append(told)
    if run:
        yield run


def _slot(told: Told) -> int:
    return told.at // SLOT_MS


def _edges(told: Told, shown: _Shown) -> tuple[float, float]:
    start = _slot(told) * SLOT_MS
    return across(start, shown.span), across(min(start + SLOT_MS, shown.now), shown.span)


def _step(told: Told, shown: _Shown, top: int) -> str:
    left, right = _edges(told, shown)
    y = level(BELOW_ONE if not told.minutes else promised_ms(told.minutes) / MINUTE_MS, top)
    return f"{left},{y} {right},{y}"


def _band(run: Sequence[Told], shown: _Shown, top: int) -> str:
    """A polygon along the 90th percentile and back along the 10th."""
    above, below = [], []
    for told in run:
        high, low = (level((one or 0.0) / MINUTE_MS, top) for one in (told.high, told.low))
        left, right = _edges(told, shown)
        above += [f"{left},{high}", f"{right},{high}"]
        below += [f"{left},{low}", f"{right},{low}"]
    return " ".join(above + below[::-1])


def _bar(span: Span, of: Span) -> tuple[float, float]:
    left = across(span.start, of)
    return left, round(max(0.2, across(span.end, of) - left), 2)


def _ticks(view: DayView) -> Iterator[Tick]:
    hours = [*Hours(view.store.zone).hours_between(*view.span)]
    every = -(-len(hours) // MOST_LABELS)
    for place, hour in enumerate(hours):
        label = str(hour.hour_of_day) if place % every == 0 else ""
        yield Tick(across(hour.start, view.span), label)


def hour_rows(slots: Sequence[Told], hours: Hours) -> Iterator[HourRow]:
    """A line by the store's hours."""
    for start, found in groupby(slots, key=lambda told: hours.hour_of(told.at).start):
        its = list(found)
        told = [one.minutes for one in its if one.minutes is not None]
        yield HourRow(
            start,
            min(told, default=None),
            max(told, default=None),
            (len(its) - len(told)) * SLOT_MS // MINUTE_MS,
            sum(one.waiting for one in its) / len(its),
            sum(one.open for one in its) / len(its),
        )
