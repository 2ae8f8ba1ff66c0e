"""How many shoppers join a line in a while: lately, drawn towards what such an hour is used to."""

from __future__ import annotations

from math import exp
from typing import Final, NamedTuple

LATELY_MS: Final = 10 * 60_000
"""Arrivals fade with ten minutes: a peak builds up over half an hour."""

USUAL_MS: Final = 4 * 60_000
"""What is usual is worth four minutes of watching."""

UNKNOWN: Final = 1 / 60_000
"""One a minute, where nothing is known at all."""


class Arrivals(NamedTuple):
    """So many came in so many ms that were watched, both fading; and what is usual (per ms)."""

    came: float = 0.0
    watched: float = 0.0
    usual: float | None = None
    total: float = 0.0
    """All that came while it was watched."""

    total_ms: float = 0.0


def rate_of(arrivals: Arrivals) -> float:
    """Shoppers per ms now."""
    came, watched, usual = arrivals[:3]
    if usual is None:
        return (came + UNKNOWN * 60_000) / (watched + 60_000)
    return (came + usual * USUAL_MS) / (watched + USUAL_MS)


def after_arrivals(arrivals: Arrivals, came: float, ms: float) -> Arrivals:
    """So many came while it was watched for so long; a correction may be negative."""
    kept = exp(-ms / LATELY_MS)
    return arrivals._replace(
        came=max(0.0, kept * arrivals.came + came),
        watched=kept * arrivals.watched + ms,
        total=arrivals.total + came,
        total_ms=arrivals.total_ms + ms,
    )


def fading(arrivals: Arrivals, ms: float) -> Arrivals:
    """Nobody watched for so long: what is usual comes to weigh more, where it is known."""
    if arrivals.usual is None:
        return arrivals
    kept = exp(-ms / LATELY_MS)
    return arrivals._replace(came=kept * arrivals.came, watched=kept * arrivals.watched)
