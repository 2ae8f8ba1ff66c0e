"""What other terms would have told: the notices of a past week, told once more.

Of each estimate only the 10th, 50th and 90th percentiles were kept. Between and beyond them it is
taken to be the shifted lognormal that has just these three (q = a + b·r^z with the normal score z:
it rises everywhere, and equal distances make it the normal law). Up to the 95th percentile it is
off by 5 s where nobody finds a register free, and by less than half a minute where four of ten do:
tests hold it against the estimates themselves.

What was withdrawn because nothing was heard, or nobody served, is told on no terms: so the silence
after which a notice is withdrawn cannot be rehearsed, nor what happened between two kept notices.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import expm1, log, log1p
from statistics import NormalDist
from typing import Final, NamedTuple

from hub.core.waiting.facts import LineId
from hub.core.waiting.noticing import Terms, Withdrawn, minutes_of
from hub.core.waiting.outcomes import Rightness, outcome

LEAST: Final = 5
"""Shoppers who were told: fewer say nothing, and may be somebody's own wait."""

HELD_MS: Final = 150_000
"""What a line told is kept every minute: what is older than two rounds was told by nobody."""

NEVER_TOLD: Final = frozenset({Withdrawn.STALE.value, Withdrawn.CLOSED.value})
"""Why nothing was told whatever the terms."""

_NORMAL: Final = NormalDist()
_SCORE: Final = _NORMAL.inv_cdf(0.9)
_STRAIGHT: Final = 1e-3
"""So near to equal distances it is the normal law: the curve would divide nothing by nothing."""

_MOST_SKEWED: Final = 2.0
"""How many times as long one half may be: of waits that are nothing for many the three say little
about the shape, and so they err least (by 26 s in the worst of 3,000; unbounded by 90 s)."""


class Curve:
    """An estimate of which three percentiles are known (ms)."""

    __slots__ = ("_far", "_high", "_low", "_middle", "_near", "_skew")

    def __init__(self, low: float, middle: float, high: float) -> None:
        self._low, self._middle, self._high = low, middle, high
        self._near, self._far = middle - low, high - middle
        ratio = self._far / self._near if self._near > 0.0 else _MOST_SKEWED
        skew = log(min(max(ratio, 1 / _MOST_SKEWED), _MOST_SKEWED))
        self._skew = skew if abs(skew) > _STRAIGHT else 0.0

    def percentile(self, chance: float) -> float:
        """The wait that is not passed with this chance; those that were kept come out as kept."""
        if chance == 0.9:  # asked of every notice
            return self._high
        if chance == 0.1:
            return self._low
        score = _NORMAL.inv_cdf(min(max(chance, 1e-9), 1 - 1e-9)) / _SCORE
        half = self._far if score >= 0.0 else self._near
        return max(0.0, self._middle + half * self._bent(score))

    def within(self, wait: float) -> float:
        """The chance that it is at most so long."""
        over = wait - self._middle
        half = self._far if over >= 0.0 else self._near
        if half <= 0.0:
            return 1.0 if over >= 0.0 else 0.0
        return _NORMAL.cdf(self._score(over / half) * _SCORE)

    def _bent(self, score: float) -> float:
        """From −1 at the 10th over 0 at the 50th to 1 at the 90th percentile."""
        if not self._skew:
            return score
        end = self._skew if score >= 0.0 else -self._skew
        return expm1(self._skew * score) / abs(expm1(end)) * (1 if self._skew > 0.0 else -1)

    def _score(self, bent: float) -> float:
        if not self._skew:
            return bent
        end = self._skew if bent >= 0.0 else -self._skew
        inside = bent * abs(expm1(end)) * (1 if self._skew > 0.0 else -1)
        if inside <= -1.0:  # beyond the end that the law has there
            return 10.0 if self._skew < 0.0 else -10.0
        return log1p(inside) / self._skew


class Kept(NamedTuple):
    """What is kept of one notice; `curve` is None where there was no estimate."""

    at: int
    withdrawn: str | None
    curve: Curve | None


class Waited(NamedTuple):
    """Somebody who entered service of a line at this instant, and had waited so long (ms)."""

    line_id: LineId
    at: int
    waited: int


@dataclass(frozen=True, slots=True)
class Week:
    """What is known of a store's last days; notices rise in time."""

    since: int
    notices: Mapping[LineId, Sequence[Kept]]
    waits: Sequence[Waited]


def rehearsed(week: Week, terms: Terms) -> Rightness:
    """How right these terms would have been."""
    told = {line: retold(notices, terms) for line, notices in week.notices.items()}
    times = {line: [one.at for one in notices] for line, notices in week.notices.items()}
    whole = Rightness()
    for one in week.waits:
        joined = one.at - one.waited
        seen = times.get(one.line_id, [])
        place = bisect_right(seen, joined) - 1
        fresh = place >= 0 and joined - seen[place] <= HELD_MS
        whole += outcome(told[one.line_id][place] if fresh else None, one.waited)
    return whole


def retold(notices: Iterable[Kept], terms: Terms) -> list[int | None]:
    """What each of them would have told on these terms, one after the other."""
    found: list[int | None] = []
    shown, wide = None, False
    for one in notices:
        if one.curve is None or one.withdrawn in NEVER_TOLD:
            shown, wide = None, False
        else:
            told = minutes_of(one.curve, terms, shown, wide=wide)
            shown, wide = None if isinstance(told, Withdrawn) else told, told is Withdrawn.WIDE
        found.append(shown)
    return found


def enough(rightness: Rightness) -> bool:
    """Whether it says anything."""
    return rightness.told >= LEAST
