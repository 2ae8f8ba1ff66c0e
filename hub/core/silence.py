"""A register where sales arrive and nobody touches the kiosk, against that register's own usual.

What is usual is how many of its sales were answered over the last weeks, drawn a little towards
its store; such a rate differs between cashiers and times of day, so it is taken as a gamma
variable around its mean, whose shape is learned from the hours, too. A silence is told once a run
of sales without a touch is so long that ordinary days would have such a run less than once in
1,000 days; docs/statistics.md has the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from hub.core.hours import DAY_MS
from hub.core.tallying import Counts
from shared.places import PointId, StoreId
from shared.visits import Outcome

FALSE_A_DAY: Final = 1 / 1_000
"""So many false alarms per register and day are taken on: one in three years."""

MOST_EXPECTED: Final = 30
"""After so many answers that did not come it is told, however different the days are."""

LEAST_SALES: Final = 15
"""Fewer are never told: where everybody answers, five people in a hurry would be a silence."""

USUAL_DAYS: Final = 28
"""Each weekday four times."""

FEW: Final = 50
"""Sales of its store that stand beside its own: a register of an hour's age has a rate."""

UNKNOWN: Final = 0.1
"""Answers per sale where a store knows nothing yet: fewer than anybody reports, so that it waits
longer rather than cries too soon."""

SHAPE: Final = 8.0
"""Of the rate, before anything is known: it varies by 35 % between shifts."""

LEAST_SHAPE, MOST_SHAPE = 6.0, 40.0
"""A register that varied by more than 40 % would never be told, one by under 16 % too soon."""

SHAPE_WEIGHT: Final = 40.0
"""Hours that the shape before anything is known is worth."""


class Hour(NamedTuple):
    """One trading hour of a point: its sales, and how many of its visitors touched anything."""

    start: int
    sales: int
    touched: int


@dataclass(frozen=True, slots=True)
class Usual:
    """Answers per sale, the shape of how it varies, and answers a day."""

    rate: float
    shape: float
    answers: float

    def expected(self, sales: int) -> float:
        """So many of these sales would usually have been answered."""
        return self.rate * sales

    def is_silent(self, sales: int) -> bool:
        """Whether so many sales without a touch are no chance any more."""
        missing = self.expected(sales)
        if sales < LEAST_SALES:
            return False
        return missing >= MOST_EXPECTED or self.false_a_day(sales) <= FALSE_A_DAY

    def false_a_day(self, sales: int) -> float:
        """How many runs of so many sales without a touch an ordinary day begins.

        A run begins at each answer; where the rate is low there are fewer of them, and they are
        longer: so the shape is one more than that of the rate.
        """
        missing = self.expected(sales)
        return float(self.answers * (1 + missing / self.shape) ** -(self.shape + 1))


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody touches anything since `since` (None: ever), though so many sales came.

    So many answers were `expected` when that was told, at `told_at`.
    """

    sales: int
    expected: float
    since: int | None
    told_at: int


class Candidate(NamedTuple):
    """A point with many sales since its last touch, of which nothing is told yet."""

    store_id: StoreId
    point_id: PointId
    sales: int


class SilenceBook(Protocol):
    """What is known of silences. Every method may raise ArchiveError."""

    def candidates(self, least: int) -> Sequence[Candidate]:
        """The points with at least so many sales since their last touch, untold, by store."""

    def hours(self, store_id: StoreId, since: int) -> dict[PointId, list[Hour]]:
        """The trading hours of each point of a store since this instant."""

    def tell(self, one: Candidate, expected: float, at: int) -> None:
        """Note that it is silent; nothing where somebody has touched it meanwhile."""


def news(counts: Counts) -> dict[PointId, tuple[int, bool]]:
    """The sales of each point among what was just counted, and whether anything was touched.

    A record that moved to another hour comes and goes, and is no news.
    """
    sums: dict[PointId, list[int]] = {}
    for (point, _, _, _, column, _), times in counts.items():
        if column != Outcome.TIMED_OUT:
            sums.setdefault(point, [0, 0])[column != "sales"] += times
    return {
        point: (sales, touched > 0)
        for point, (sales, touched) in sums.items()
        if sales > 0 or touched > 0
    }


def usual(own: Iterable[Hour], store: Iterable[Hour], run: int = 0) -> Usual:
    """What is usual at a point; `run` are its last sales, without a touch, which are not."""
    mine = _before(list(own), run)
    sales, touched = sum(hour.sales for hour in mine), sum(_answers(hour) for hour in mine)
    rate = (touched + FEW * _rate(list(store))) / (sales + FEW)
    days = max(1, len({hour.start // DAY_MS for hour in mine}))
    return Usual(rate, _shape(mine, rate), max(1.0, rate * sales / days))


def _before(hours: Sequence[Hour], run: int) -> list[Hour]:
    """The hours without the last so many sales."""
    kept: list[Hour] = []
    for hour in reversed(hours):
        gone = min(run, hour.sales - _answers(hour))
        run -= gone
        kept.append(hour._replace(sales=hour.sales - gone))
    return kept


def _answers(hour: Hour) -> int:
    """Touches, at most as many as sales: a point that always asks has more."""
    return min(hour.touched, hour.sales)


def _rate(hours: Sequence[Hour]) -> float:
    sales, touched = sum(hour.sales for hour in hours), sum(_answers(hour) for hour in hours)
    return (touched + FEW * UNKNOWN) / (sales + FEW)


def _shape(hours: Sequence[Hour], rate: float) -> float:
    """By moments: how much more the hours differ than chance alone would make them."""
    excess, weight = 0.0, 0.0
    for hour in hours:
        mean = hour.sales * rate
        if hour.sales > 1:
            excess += (_answers(hour) - mean) ** 2 - mean * (1 - rate)
            weight += mean * mean * (hour.sales - 1) / hour.sales
    typical = weight / max(1, len(hours))
    prior = SHAPE_WEIGHT * typical
    spread = (excess + prior / SHAPE) / (weight + prior) if weight else 1 / SHAPE
    return 1 / min(1 / LEAST_SHAPE, max(1 / MOST_SHAPE, spread))
