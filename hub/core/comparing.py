"""Comparisons that do not overclaim: with the usual, with the rest, and with each other.

Sources: DerSimonian and Laird (1986), Controlled Clinical Trials 7, for the spread between days;
Knapp and Hartung (2003), Statistics in Medicine 22, for the interval of their mean; Holm (1979),
Scandinavian Journal of Statistics 6, for many comparisons at once; Piepho (2004), Journal of
Computational and Graphical Statistics 13, for the letters of groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import sqrt

from hub.core.distributions import student_p, student_quantile
from hub.core.intervals import Difference, means_p
from hub.core.satisfaction import Tally, mean_score, one_variance
from hub.core.views import Comparison, Usual, Verdict
from shared.places import PointId

LEAST_DAYS = 4
"""Four weeks of one weekday: with fewer, the spread between days is a guess."""

LEVEL = 0.05


def usual(days: Sequence[Tally], weekday: int, floor: int) -> Usual | None:
    """What such days were like; days with fewer answers than the floor are left out.

    Days differ by more than chance, so each weighs by what it knows and by the spread between
    days; None where fewer than LEAST_DAYS remain.
    """
    known = [day for day in days if day.answered >= floor]
    if len(known) < LEAST_DAYS:
        return None
    noise = one_variance(sum(known, Tally()))  # a common one: see intervals.means_p
    means = [mean_score(day) for day in known]
    chances = [noise / day.answered for day in known]
    spread = _between(means, chances)
    weights = [1 / (spread + chance) for chance in chances]
    mean = _weighted(means, weights)
    freedom = len(known) - 1
    seen = _scatter(means, weights, mean) / (freedom * sum(weights))
    half = student_quantile(freedom) * sqrt(max(seen, 1 / sum(weights)))  # never under pure chance
    return Usual(
        value=100 * mean,
        low=100 * max(0.0, mean - half),
        high=100 * min(1.0, mean + half),
        spread=100 * sqrt(spread),
        noise=100 * sqrt(noise),
        days=len(known),
        weekday=weekday,
    )


def against_usual(now: Tally, usual: Usual) -> Difference | None:
    """This day (or hour) minus its usual: chance, spread between days and doubt of the usual."""
    if now.answered == 0:
        return None
    quantile = student_quantile(usual.days - 1)
    doubt = (usual.high - usual.low) / 2 / quantile
    deviation = sqrt(usual.noise**2 / now.answered + usual.spread**2 + doubt**2)
    value = 100 * mean_score(now) - usual.value
    half = quantile * deviation
    p = student_p(value / deviation, usual.days - 1)
    return Difference(value, value - half, value + half, p)


def holm(chances: Sequence[float | None]) -> list[float | None]:
    """Each p corrected so that, of all comparisons made together, 1 in 20 misleads anywhere."""
    made = sorted((p, place) for place, p in enumerate(chances) if p is not None)
    corrected: list[float | None] = [None] * len(chances)
    least = 0.0
    for rank, (p, place) in enumerate(made):
        least = max(least, min(1.0, p * (len(made) - rank)))
        corrected[place] = least
    return corrected


def verdict(difference: float, corrected: float | None) -> Verdict:
    """What may be said, given the p that is already corrected."""
    if corrected is None:
        return Verdict.UNKNOWN
    if corrected >= LEVEL or difference == 0:
        return Verdict.ALIKE
    return Verdict.ABOVE if difference > 0 else Verdict.BELOW


def compare(now: Tally | None, usual: Usual | None) -> Comparison | None:
    """One figure against its usual; None where either is not there."""
    if now is None or usual is None or (difference := against_usual(now, usual)) is None:
        return None
    return Comparison(difference, verdict(difference.value, difference.p))


def verdicts(parts: Sequence[Tally | None]) -> list[Verdict]:
    """Each part against all the others together; None is a part that is not compared."""
    shown = [part for part in parts if part is not None]
    total = sum(shown, Tally())
    chances = [None if part is None else means_p(part, total - part) for part in parts]
    return [verdict(_lead(part, total), p) for part, p in zip(parts, holm(chances), strict=True)]


def alike(parts: Mapping[PointId, Tally]) -> tuple[tuple[PointId, ...], ...]:
    """The largest sets of points that cannot be told apart from each other, in their order."""
    points = [point for point, tally in parts.items() if tally.answered]
    pairs = list(combinations(points, 2))
    chances = holm([means_p(parts[one], parts[other]) for one, other in pairs])
    near: dict[PointId, set[PointId]] = {point: set() for point in points}
    for (one, other), p in zip(pairs, chances, strict=True):
        if p is not None and p >= LEVEL:
            near[one].add(other)
            near[other].add(one)
    place = {point: number for number, point in enumerate(points)}
    found = [sorted(group, key=place.__getitem__) for group in _cliques(near)]
    return tuple(tuple(group) for group in sorted(found, key=lambda g: [place[p] for p in g]))


def letters(groups: Sequence[Sequence[PointId]], point: PointId) -> str:
    """The letters of the groups that a point belongs to: who shares one cannot be told apart."""
    return "".join(_letter(number) for number, group in enumerate(groups) if point in group)


def _between(means: Sequence[float], chances: Sequence[float]) -> float:
    """The variance between days beyond what chance alone makes."""
    weights = [1 / chance for chance in chances]
    scatter = _scatter(means, weights, _weighted(means, weights))
    size = sum(weights) - sum(weight * weight for weight in weights) / sum(weights)
    return max(0.0, (scatter - (len(means) - 1)) / size)


def _weighted(means: Sequence[float], weights: Sequence[float]) -> float:
    pairs = zip(means, weights, strict=True)
    return sum(mean * weight for mean, weight in pairs) / sum(weights)


def _scatter(means: Sequence[float], weights: Sequence[float], centre: float) -> float:
    pairs = zip(means, weights, strict=True)
    return sum(weight * (mean - centre) ** 2 for mean, weight in pairs)


def _lead(part: Tally | None, total: Tally) -> float:
    if part is None or not part.answered or part.answered == total.answered:
        return 0.0
    return mean_score(part) - mean_score(total - part)


def _cliques(near: Mapping[PointId, set[PointId]]) -> list[set[PointId]]:
    """Every maximal set whose members are all near each other (Bron and Kerbosch, with pivot)."""
    found: list[set[PointId]] = []

    def grow(chosen: set[PointId], open_: set[PointId], done: set[PointId]) -> None:
        if not open_ and not done:
            found.append(chosen)
            return
        pivot = max(open_ | done, key=lambda point: (len(near[point] & open_), point))
        for point in sorted(open_ - near[pivot]):
            grow(chosen | {point}, open_ & near[point], done & near[point])
            open_ = open_ - {point}
            done = done | {point}

    if near:
        grow(set(), set(near), set())
    return found


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else f"[{number + 1}]"
