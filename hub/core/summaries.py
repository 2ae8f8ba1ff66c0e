"""The figures of one question, each with its 95 % interval and its n.

Sources: Student (1908), Biometrika 6, for means; Reichheld (2003), Harvard Business Review 81(12),
for the net promoter score, whose variance is that of a difference of two shares of the same people
(multinomial), with one answer of each kind more, as Agresti and Coull (1998), American Statistician
52, add to one share: without them 84 of 100 intervals for 50 people held the truth where few are
detractors; Wilson's interval for shares (`core.intervals`); Clopper and Pearson (1934),
Biometrika 26, where all gave the same answer and no variance can be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from hub.core.distributions import student_quantile
from hub.core.intervals import Share, Z, wilson
from hub.core.results import Sum
from hub.core.satisfaction import Index, Tally, index
from shared.questions import Kind, Question
from shared.visits import Face
from shared.walking import SCALE, STARS

PROMOTERS = range(9, 11)
DETRACTORS = range(7)

_ADDED: Final = 3
"""A promoter, a passive and a detractor."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def margin(self) -> float:
        """Half of the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class Bar:
    """How often one answer was given."""

    key: str
    share: Share


@dataclass(frozen=True, slots=True)
class Rank:
    """The mean place of one choice; 1 is the first."""

    key: str
    place: Estimate


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that is said of one question, or of a part of those who answered it."""

    n: int
    bars: tuple[Bar, ...] = ()
    index: Index | None = None
    mean: Estimate | None = None
    nps: Estimate | None = None
    ranks: tuple[Rank, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as a line of a file: what is measured, of which answer, among how many."""

    measure: str
    answer: str
    n: int
    count: int | None
    value: float
    low: float
    high: float


def figures_of(summary: Summary) -> list[Figure]:
    """Every figure of a summary as lines; of texts there are none."""
    n, found = summary.n, list[Figure]()
    for bar in summary.bars:
        share = bar.share
        found.append(Figure("share", bar.key, n, share.part, share.value, share.low, share.high))
    for name in ("index", "mean", "nps"):
        if (one := getattr(summary, name)) is not None:
            found.append(Figure(name, "", n, None, one.value, one.low, one.high))
    for rank in summary.ranks:
        one = rank.place
        found.append(Figure("place", rank.key, n, None, one.value, one.low, one.high))
    return found


def summary_of(question: Question, told: Sum) -> Summary:
    """The figures of a question; of nobody's answers there are none."""
    return _OF_KIND[question.kind](question, told) if told.n else Summary(0)


def _faces(_: Question, told: Sum) -> Summary:
    faces = [face.value for face in Face]
    tally = Tally(**{face: told.counts.get(face, 0) for face in faces})
    return Summary(told.n, _bars(faces, told), index=index(tally))


def _scale(_: Question, told: Sum) -> Summary:
    bars = _bars([str(one) for one in SCALE], told)
    numbers = _numbers(told.counts)
    return Summary(told.n, bars, mean=mean(numbers, SCALE), nps=nps(numbers))


def _stars(_: Question, told: Sum) -> Summary:
    bars = _bars([str(one) for one in STARS], told)
    return Summary(told.n, bars, mean=mean(_numbers(told.counts), STARS))


def _chosen(question: Question, told: Sum) -> Summary:
    return Summary(told.n, _bars([choice.id for choice in question.choices], told))


def _ranking(question: Question, told: Sum) -> Summary:
    return Summary(told.n, ranks=_ranks([choice.id for choice in question.choices], told.counts))


_OF_KIND: Final[Mapping[Kind, Callable[[Question, Sum], Summary]]] = {
    Kind.FACES: _faces,
    Kind.SCALE: _scale,
    Kind.STARS: _stars,
    Kind.ONE: _chosen,
    Kind.MANY: _chosen,
    Kind.RANKING: _ranking,
    Kind.TEXT: lambda _, told: Summary(told.n),
}


def mean(counts: Mapping[int, int], scale: Sequence[int]) -> Estimate | None:
    """The mean of numbers on a scale, by Student's t; None where there are fewer than two."""
    n = sum(counts.values())
    if n < 2:
        return None
    value = sum(number * times for number, times in counts.items()) / n
    squares = sum(times * (number - value) ** 2 for number, times in counts.items())
    low, high = min(scale), max(scale)
    if squares == 0:
        return _unanimous(value, low, high, n)
    half = student_quantile(n - 1) * sqrt(squares / (n - 1) / n)
    return Estimate(value, max(low, value - half), min(high, value + half))


def nps(numbers: Mapping[int, int]) -> Estimate | None:
    """The net promoter score, −100 to 100, as it is; its interval with one answer more of each."""
    n = sum(numbers.values())
    if n < 2:
        return None
    more = sum(times for number, times in numbers.items() if number in PROMOTERS)
    less = sum(times for number, times in numbers.items() if number in DETRACTORS)
    value, size = (more - less) / n, n + _ADDED
    middle = (more - less) / size
    half = Z * sqrt(((more + less + 2) / size - middle**2) / size)
    low, high = max(-1.0, min(value, middle - half)), min(1.0, max(value, middle + half))
    return Estimate(100 * value, 100 * low, 100 * high)


def _unanimous(value: float, low: float, high: float, n: int) -> Estimate:
    """All gave the same answer: as many others may think otherwise as Clopper and Pearson allow."""
    others = 1 - 0.025 ** (1 / n)
    return Estimate(value, value - others * (value - low), value + others * (high - value))


def _bars(keys: Sequence[str], told: Sum) -> tuple[Bar, ...]:
    shares = [(key, wilson(told.counts.get(key, 0), told.n)) for key in keys]
    return tuple(Bar(key, share) for key, share in shares if share is not None)


def _ranks(choices: Sequence[str], counts: Mapping[str, int]) -> tuple[Rank, ...]:
    places = range(1, len(choices) + 1)
    found = []
    for choice in choices:
        at = {place: counts.get(f"{choice}:{place}", 0) for place in places}
        if (one := mean(at, places)) is not None:
            found.append(Rank(choice, one))
    return tuple(sorted(found, key=lambda rank: rank.place.value))


def _numbers(counts: Mapping[str, int]) -> dict[int, int]:
    return {int(key): times for key, times in counts.items()}
