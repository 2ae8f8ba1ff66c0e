"""What one more register would have done: the store's own day, drawn again with it.

Shoppers come when they came; services are drawn from what services took; the same draws serve both
days, so that they differ by the register alone (common random numbers: Law, Simulation Modeling and
Analysis, § 11.2). Where the day as it was cannot be drawn again so that it resembles what was
observed, nothing is said.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist, median
from typing import Final, NamedTuple

RUNS: Final = 15
"""Draws of each day: the median percentile of them moves by a few seconds."""

LEAST_SHOPPERS: Final = 20
"""A percentile of fewer says nothing."""

MOST_OFF: Final = 0.2
"""Services of one day may be so much slower or quicker than what was learned."""

_HALVINGS = 6
"""Of the range of services: within half a percent."""

RESEMBLES: Final = 0.35
RESEMBLES_MS: Final = 90_000
"""The day drawn again may differ from the one observed by so much (a share, or so long)."""


class Change(NamedTuple):
    """So many registers are open from then on."""

    at: int
    registers: int


@dataclass(frozen=True, slots=True)
class Day:
    """When shoppers joined a line, how many registers served it, and what services took."""

    joined: tuple[int, ...]
    open: tuple[Change, ...]
    service: float
    square: float


class Effect(NamedTuple):
    """The percentile of the waits (ms) of those who joined in the window, before and after."""

    before: float
    after: float
    shoppers: int


def one_more(day: Day, begins: int, ends: int, percentile: float, observed: float) -> Effect | None:
    """With one more register from `begins` to `ends`; `observed` is that percentile as it was."""
    shoppers = sum(begins <= at < ends for at in day.joined)
    if shoppers < LEAST_SHOPPERS or not day.open:
        return None
    own = _fitted(day, begins, ends, percentile, observed)
    before = _percentile(own, own.open, begins, ends, percentile)
    if abs(before - observed) > max(RESEMBLES_MS, RESEMBLES * observed):
        return None
    more = with_one_more(own.open, begins, ends)
    return Effect(before, _percentile(own, more, begins, ends, percentile), shoppers)


def _fitted(day: Day, begins: int, ends: int, percentile: float, observed: float) -> Day:
    """The day with services a little slower or quicker, so that it resembles what was observed.

    Where a line is at its limit a few percent of a service decide over many minutes of waiting.
    """
    slow, quick = 1 + MOST_OFF, 1 - MOST_OFF
    for _ in range(_HALVINGS):
        middle = (slow + quick) / 2
        tried = replace(day, service=middle * day.service)
        if _percentile(tried, tried.open, begins, ends, percentile) > observed:
            slow = middle
        else:
            quick = middle
    return replace(day, service=(slow + quick) / 2 * day.service)


def with_one_more(changes: Sequence[Change], begins: int, ends: int) -> tuple[Change, ...]:
    """The same plan with one more register in the window."""
    at = sorted({begins, ends, *(change.at for change in changes)})
    return tuple(Change(one, _open_at(changes, one) + (begins <= one < ends)) for one in at)


def waits(day: Day, changes: Sequence[Change], run: int) -> list[tuple[int, int]]:
    """Each shopper's instant of joining and wait (ms), drawn once: first come, first served.

    A register that closes finishes whom it serves: it takes nobody more.
    """
    service, busy = drawn_service(day.service, day.square), list[int]()
    plan, done, now = [*sorted(changes), Change(_NEVER, 0)], list[tuple[int, int]](), 0
    place = serving = 0
    for number, joined in enumerate(sorted(day.joined)):
        now = max(now, joined)
        while True:
            while plan[place].at <= now:
                serving, place = plan[place].registers, place + 1
            while busy and busy[0] <= now:
                heapq.heappop(busy)
            if len(busy) < serving:
                break
            now = min([plan[place].at, *busy[:1]])
            if now >= _NEVER:
                return done
        heapq.heappush(busy, now + service(drawn(run, number)))
        done.append((joined, now - joined))
    return done


_NEVER = 2**62


def drawn_service(mean: float, square: float) -> Callable[[float], int]:
    """A gamma service from a number between 0 and 1 (Wilson and Hilferty)."""
    normal, ninth = NormalDist(), square / 9
    return lambda chance: round(
        mean * max(0.02, 1 - ninth + normal.inv_cdf(chance) * ninth**0.5) ** 3
    )


def drawn(run: int, number: int) -> float:
    """A number between 0 and 1, the same for the same shopper in every day (SplitMix64)."""
    z = (run * 0xD1342543DE82EF95 + (number + 1) * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((z ^ (z >> 31)) % (2**53 - 1) + 1) / 2**53


_MASK = 2**64 - 1


def _open_at(changes: Sequence[Change], at: int) -> int:
    known = [change.registers for change in sorted(changes) if change.at <= at]
    return known[-1] if known else 0


def _percentile(
    day: Day, changes: Sequence[Change], begins: int, ends: int, percentile: float
) -> float:
    found = list[float]()
    for run in range(RUNS):
        some = sorted(wait for at, wait in waits(day, changes, run) if begins <= at < ends)
        if some:
            found.append(some[min(len(some) - 1, int(percentile * len(some)))])
    return median(found) if found else 0.0
