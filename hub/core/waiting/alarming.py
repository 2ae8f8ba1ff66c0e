"""Alerts of a line: it is long and growing, or a register is needed; each with hysteresis."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

MINUTE_MS: Final = 60_000

MOST_NEEDED: Final = 3
"""More registers than that nobody opens at once: the advice is worded as “at least”."""


class Kind(StrEnum):
    """What is wrong."""

    LINE_LONG = "line_long"
    REGISTER_NEEDED = "register_needed"


@dataclass(frozen=True, slots=True)
class Limits:
    """When a store wants to know; it is over where the wait is well below again."""

    long_minutes: float = 8.0
    fine_minutes: float = 5.0
    raised_after_ms: int = 60_000
    cleared_after_ms: int = 120_000
    look_ahead_minutes: float = 15.0


class State(NamedTuple):
    """What is seen of a line now: its wait (ms), who waits, and the rates per ms.

    `served` is what all open registers serve together, `one` what one more would add.
    """

    at: int
    wait: float
    waiting: float
    arrivals: float
    served: float
    one: float


@dataclass(frozen=True, slots=True)
class Alert:
    """Whether it stands (`since`), and since when the opposite was seen without a break."""

    kind: Kind
    since: int | None = None
    turned: int | None = None
    registers: int = 0
    """How many more registers would do, where one is needed."""


class Changed(NamedTuple):
    """The alert after a look, and whether it was raised (True) or cleared (False) just then."""

    alert: Alert
    raised: bool | None = None


def looked(alert: Alert, state: State, limits: Limits) -> Changed:
    """Raise it where it held for long enough, clear it where it was over for long enough."""
    if alert.since is None:
        seen, lasts = _holds(alert.kind, state, limits), limits.raised_after_ms
    else:
        seen, lasts = _is_over(alert.kind, state, limits), limits.cleared_after_ms
    if not seen:
        return Changed(Alert(alert.kind, alert.since, None, alert.registers))
    turned = state.at if alert.turned is None else alert.turned
    if state.at - turned < lasts:
        return Changed(Alert(alert.kind, alert.since, turned, alert.registers))
    if alert.since is not None:
        return Changed(Alert(alert.kind), raised=False)
    return Changed(Alert(alert.kind, state.at, None, needed(state, limits)), raised=True)


def needed(state: State, limits: Limits) -> int:
    """So many more registers bring the wait to what is fine within the time looked ahead."""
    if state.one <= 0.0:
        return 0
    ahead = limits.look_ahead_minutes * MINUTE_MS
    there = state.waiting + (state.arrivals - state.served) * ahead
    for more in range(MOST_NEEDED + 1):
        served = state.served + more * state.one
        left = max(0.0, there - more * state.one * ahead)
        if served > 0.0 and left / served <= limits.fine_minutes * MINUTE_MS:
            return more
    return MOST_NEEDED


def _holds(kind: Kind, state: State, limits: Limits) -> bool:
    if kind is Kind.LINE_LONG:
        is_long = state.wait >= limits.long_minutes * MINUTE_MS
        return is_long and state.arrivals >= state.served
    return needed(state, limits) > 0


def _is_over(kind: Kind, state: State, limits: Limits) -> bool:
    fine = state.wait <= limits.fine_minutes * MINUTE_MS
    return fine if kind is Kind.LINE_LONG else fine and needed(state, limits) == 0
