"""Counts of what shoppers did, and the index that they come to: mean face score and interval.

The index is the posterior of a Dirichlet(½, ½, ½) over the three faces, scored 0, 50 and 100: its
mean and its central 95 % credible interval. docs/statistics.md says the same in plain words.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.core.distributions import beta_quantile
from shared.visits import Face

PRIOR = 0.5
"""Jeffreys' prior for three classes: half an answer on each face."""

TAIL = 0.025
"""Of 95 %, what is left on either side."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Exact counts; tallies add up, and what was added can be taken away again.

    `suspect` are answers that are probably no shopper's: they are part of nothing else here.
    """

    sales: int = 0
    sad: int = 0
    neutral: int = 0
    happy: int = 0
    skipped: int = 0
    timed_out: int = 0
    blocked: int = 0
    suspect: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.sales + other.sales,
            self.sad + other.sad,
            self.neutral + other.neutral,
            self.happy + other.happy,
            self.skipped + other.skipped,
            self.timed_out + other.timed_out,
            self.blocked + other.blocked,
            self.suspect + other.suspect,
        )

    def __sub__(self, other: Tally) -> Tally:
        return Tally(
            self.sales - other.sales,
            self.sad - other.sad,
            self.neutral - other.neutral,
            self.happy - other.happy,
            self.skipped - other.skipped,
            self.timed_out - other.timed_out,
            self.blocked - other.blocked,
            self.suspect - other.suspect,
        )

    @property
    def counts(self) -> tuple[int, ...]:
        """The counts in the order of the fields: a tenth of what `dataclasses.astuple` takes."""
        return (
            self.sales,
            self.sad,
            self.neutral,
            self.happy,
            self.skipped,
            self.timed_out,
            self.blocked,
            self.suspect,
        )

    @property
    def answered(self) -> int:
        """How many touched a face: the n of every index."""
        return self.sad + self.neutral + self.happy

    @property
    def asked(self) -> int:
        """How many were asked, whatever came of it; where somebody else answered for a shopper
        (`suspect`), nobody knows."""
        return self.answered + self.skipped + self.timed_out + self.blocked

    def of(self, face: Face) -> int:
        """How many touched this face."""
        return {Face.SAD: self.sad, Face.NEUTRAL: self.neutral, Face.HAPPY: self.happy}[face]


@dataclass(frozen=True, slots=True)
class Index:
    """The mean face score, 0–100, with its 95 % interval and the answers it rests on."""

    value: float
    low: float
    high: float
    n: int


def index(tally: Tally | None) -> Index | None:
    """The index of a tally; None where nobody answered, or the tally is hidden."""
    if tally is None or tally.answered == 0:
        return None
    mean, variance = posterior(tally)
    size = mean * (1 - mean) / variance - 1  # the beta that has this mean and variance
    a, b = mean * size, (1 - mean) * size
    low, high = beta_quantile(TAIL, a, b), beta_quantile(1 - TAIL, a, b)
    return Index(100 * mean, 100 * low, 100 * high, tally.answered)


def posterior(tally: Tally) -> tuple[float, float]:
    """Exact mean and variance of the score (as 0 to 1) under the posterior."""
    neutral, happy = tally.neutral + PRIOR, tally.happy + PRIOR
    size = tally.answered + 3 * PRIOR
    mean = (neutral / 2 + happy) / size
    square = (neutral / 4 + happy) / size
    return mean, (square - mean * mean) / (size + 1)


def one_variance(tally: Tally) -> float:
    """The variance of a single answer's score (as 0 to 1), never nought thanks to the prior."""
    return posterior(tally)[1] * (tally.answered + 3 * PRIOR + 1)


def mean_score(tally: Tally) -> float:
    """The plain mean of the scores (as 0 to 1), which comparisons use because no prior pulls it."""
    return (tally.neutral / 2 + tally.happy) / tally.answered
