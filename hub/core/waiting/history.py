"""What was kept of a store's lines: how a day went, which registers were open, how right it was.

Laws of this page
1. How right the notices were moves in steps of at least five shoppers, each of whole hours that
   are over: what lies between two looks at the page is never one shopper's wait.
2. Several days are the sum of what each of them tells by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from typing import Final, NamedTuple

from hub.core.hours import HOUR_MS
from hub.core.intervals import Share, Z, wilson
from hub.core.waiting.facts import LineId
from hub.core.waiting.outcomes import MINUTE_MS, Rightness
from shared.places import PointId

LEAST: Final = 5
"""Shoppers of whom a figure is told, and by whom it moves."""

LEAST_STEPS: Final = 5
"""An interval that is found by comparing steps needs so many of them."""

UNWATCHED_MS: Final = 2 * MINUTE_MS
"""Each line is noted once a minute: after two without a word nobody watches it."""

SLOT_MS: Final = 5 * MINUTE_MS
"""The day is drawn in stretches of five minutes, each by the last word in it."""


class Told(NamedTuple):
    """What a line told from an instant on; `low`, `middle` and `high` are ms."""

    line_id: LineId
    at: int
    minutes: int | None
    withdrawn: str | None
    method: str
    because: str
    low: float | None
    middle: float | None
    high: float | None
    waiting: float
    open: float
    quickest: bool = False


class Opened(NamedTuple):
    """Since when a register is thought to be open, or closed."""

    point_id: PointId
    at: int
    open: bool


class Judged(NamedTuple):
    """How right the notices of a line were in the hour that begins then."""

    line_id: LineId
    hour: int
    rightness: Rightness


class Span(NamedTuple):
    """From one instant up to another."""

    start: int
    end: int


class Estimated(NamedTuple):
    """A mean (minutes) with its 95 % interval, which may be unknown."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Rights:
    """How right the notices were; of those whose wait could be known.

    `known` is how many they were, `told` how many of them had been told a wait; what rests on
    fewer than five is None. `until` is the end of the last hour that is in it.
    """

    known: int = 0
    told: int = 0
    within: Share | None = None
    too_short: Share | None = None
    over: Estimated | None = None
    untold: Share | None = None
    until: int | None = None


def steps(hours: Iterable[Judged], now: int) -> Iterator[tuple[Span, Rightness]]:
    """Hours of one line that are over, put together until five more shoppers are known."""
    held, start = Rightness(), None
    for one in sorted(hours, key=lambda each: each.hour):
        if one.hour + HOUR_MS > now:
            break
        held, start = held + one.rightness, one.hour if start is None else start
        if held.told >= LEAST or (not held.told and held.untold >= LEAST):
            yield Span(start, one.hour + HOUR_MS), held
            held, start = Rightness(), None


def rights(found: Sequence[tuple[Span, Rightness]]) -> Rights:
    """The figures of some steps."""
    parts = [rightness for _, rightness in found]
    whole = sum(parts, Rightness())
    known, enough = whole.told + whole.untold, whole.told >= LEAST
    return Rights(
        known,
        whole.told,
        wilson(whole.within_minute, whole.told) if enough else None,
        wilson(whole.too_short, whole.told) if enough else None,
        _mean_over(whole, parts) if enough else None,
        wilson(whole.untold, known) if known >= LEAST else None,
        max((span.end for span, _ in found), default=None),
    )


def _mean_over(whole: Rightness, parts: Sequence[Rightness]) -> Estimated:
    """The mean over-statement; its interval from how the steps differ (a ratio estimator), because
    those who wait in the same hour wait alike."""
    mean, count = whole.over_ms / whole.told, len(parts)
    if count < LEAST_STEPS:
        return Estimated(mean / MINUTE_MS, None, None)
    left = sum((one.over_ms - mean * one.told) ** 2 for one in parts)
    half = Z * sqrt(count / (count - 1) * left) / whole.told
    low, high = max(0.0, mean - half), mean + half
    return Estimated(mean / MINUTE_MS, low / MINUTE_MS, high / MINUTE_MS)


def open_spans(
    changes: Iterable[Opened], start: int, end: int
) -> Mapping[PointId, tuple[Span, ...]]:
    """When each register was open between two instants; the first change may lie before."""
    ordered = sorted(changes, key=lambda one: (one.point_id, one.at))
    return {
        point: tuple(_spans(list(its), start, end))
        for point, its in groupby(ordered, key=lambda one: one.point_id)
    }


def _spans(changes: Sequence[Opened], start: int, end: int) -> Iterator[Span]:
    """Where it opens again before it was noted as closed, it is one span."""
    since: int | None = None
    for one in changes:
        if one.open and since is None:
            since = max(start, one.at)
        elif not one.open and since is not None:
            if since < min(one.at, end):
                yield Span(since, min(one.at, end))
            since = None
    if since is not None and since < end:
        yield Span(since, end)
