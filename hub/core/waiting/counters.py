"""Whether a counter lives: it may be silent, repeat its last value, or be typed by somebody."""

from __future__ import annotations

from math import exp
from typing import Final, NamedTuple

from hub.core.waiting.facts import Source

SILENT_MS: Final = 60_000
"""A counter that says nothing for a minute is dead, unless it is known to be slower."""

SILENT_TIMES: Final = 4.0
"""A slower one is dead after four of its usual intervals."""

SLOWEST_MS: Final = 5 * 60_000
"""A counter that speaks more seldom than this is of no use for now."""

TYPED_MS: Final = 3 * 60_000
"""What somebody typed is believed for three minutes."""

STUCK_SALES: Final = 8
"""So many shoppers stepped up, and the count is what it was: nobody replaces every one at once."""

STUCK_COULD, STUCK_SHARE = 18.0, 0.88
"""Where nobody was ever seen to wait while registers sold nine tenths of what they could, for so
many sales, the counter sees nobody."""

COULD_FADES: Final = 24.0
"""Sales after which what could have been sold fades: six of each of four registers."""

STUCK_MS: Final = 60_000
"""Sooner than that nothing is stuck."""

NOISE: Final = 0.01
"""Variance of a count over the count, before anything is known: nearly right."""

NOISE_GAIN: Final = 0.02
"""How fast the noise is learned: over about fifty counts."""

LEAST_NOISE, MOST_NOISE = 0.002, 0.5


class Counter(NamedTuple):
    """What a counter said last, how often it speaks, and how many stepped up since it changed."""

    at: int | None = None
    number: int = 0
    since: int = 0
    started: int = 0
    every: float = 5_000.0
    noise: float = NOISE
    source: Source = Source.COUNTER
    sold: float = 0.0
    could: float = 0.0
    """Lately, since it changed: sales, and as many as there could have been."""

    sees_nobody: bool = False
    """It was found out to, and is believed again when it sees somebody."""

    odd: int | None = None
    """A count that contradicted everything, and waits for a second one that agrees with it."""

    contradictions: int = 0


def is_alive(counter: Counter, now: int) -> bool:
    """Whether it spoke lately, and is not stuck."""
    if counter.at is None or is_stuck(counter):
        return False
    if counter.source is Source.GATE:  # it speaks only when somebody passes
        return counter.started < STUCK_SALES
    if counter.source is Source.TYPED:
        return now - counter.at <= TYPED_MS
    return now - counter.at <= min(SLOWEST_MS, max(SILENT_MS, SILENT_TIMES * counter.every))


def is_stuck(counter: Counter) -> bool:
    """Whether it repeats a value while the line moves, or nought while all registers are busy."""
    if counter.at is None or counter.source is Source.GATE:
        return False
    if counter.number == 0:
        return counter.sees_nobody
    return counter.started >= STUCK_SALES and counter.at - counter.since >= STUCK_MS


def _sells_fast(counter: Counter) -> bool:
    return counter.could >= STUCK_COULD and counter.sold >= STUCK_SHARE * counter.could


def after_count(counter: Counter, at: int, number: int, source: Source) -> Counter:
    """It spoke."""
    same = counter.at is not None and number == counter.number
    every = counter.every
    if counter.at is not None and at > counter.at:
        every += 0.1 * (min(at - counter.at, SLOWEST_MS) - every)
    return counter._replace(
        at=at,
        number=number,
        since=counter.since if same else at,
        started=counter.started if same else 0,
        every=every,
        source=source,
        sold=counter.sold if same else 0.0,
        could=counter.could if same else 0.0,
        sees_nobody=same and number == 0 and (counter.sees_nobody or _sells_fast(counter)),
        odd=None,
    )


def after_contradiction(counter: Counter, number: int) -> Counter:
    """It said what cannot be, given everything else: once is not believed."""
    return counter._replace(odd=number, contradictions=counter.contradictions + 1)


def confirms(counter: Counter, number: int) -> bool:
    """Whether the odd count before was much the same, so that both are believed."""
    return counter.odd is not None and abs(number - counter.odd) <= 1 + counter.odd // 5


def after_start(counter: Counter) -> Counter:
    """Somebody stepped up out of the line."""
    return counter._replace(started=counter.started + 1)


def after_sale(counter: Counter) -> Counter:
    """Somebody paid."""
    return counter._replace(sold=counter.sold + 1)


def after_time(counter: Counter, sales: float) -> Counter:
    """Meanwhile so many could have paid."""
    kept = exp(-sales / COULD_FADES)
    return counter._replace(sold=kept * counter.sold, could=kept * counter.could + sales)


def after_passing(counter: Counter, at: int, inside: int) -> Counter:
    """Somebody passed a gate of the line, or drew or had a ticket: so many are inside."""
    return counter._replace(at=at, number=inside, since=at, started=0, source=Source.GATE)


def after_surprise(counter: Counter, square: float, expected: float) -> Counter:
    """It differed from what was expected: the squared difference, and what chance alone makes.

    The noise is what makes them equal on average (Mehra 1970, IEEE Trans. Automatic Control 15).
    """
    seen = (min(square, 25.0 * (1 + counter.number)) - expected) / max(1, counter.number)
    noise = counter.noise + NOISE_GAIN * (seen - counter.noise)
    return counter._replace(noise=min(MOST_NOISE, max(LEAST_NOISE, noise)))
