"""M/M/s as in the literature: the estimators, where all rates are known."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from statistics import fmean

from hub.core.waiting.crowd import Crowd
from hub.core.waiting.estimating import Pace, head_of_line, last_to_enter, queue_length
from tests.bench.store_day import HOUR, Plan, a_day

REGISTERS, SERVICE_MS = 3, 90_000


@dataclass(frozen=True, slots=True)
class Errors:
    """Mean squared error over the squared mean wait, of those who wait."""

    length: float
    head: float
    last: float
    rolling: float


def steady(load: float, seed: int, hours: int) -> Errors:
    """Hours and hours of the same load at three registers."""
    rate = load * REGISTERS / (SERVICE_MS / 60_000)
    shifts = tuple((number, 0, hours * HOUR) for number in range(REGISTERS))
    plan = Plan(lambda _: rate, rate, shifts, count_every=None, length=hours * HOUR)
    served = [who for who in a_day(plan, seed).shoppers if who.began >= 0]
    begins, every = [who.began for who in served], SERVICE_MS / REGISTERS
    pace = (Pace(1.0, REGISTERS, every, 0.0),)
    found: list[tuple[float, float, float, float, float]] = []
    last: deque[int] = deque(maxlen=30)
    seen = 0
    for who in served:
        before = bisect_left(begins, who.joined)  # first come, first served: so many began
        while seen < before:
            last.append(served[seen].waited)
            seen += 1
        if who.waited <= 0 or before == 0:
            continue
        first, latest = served[before], served[before - 1]
        found.append(
            (
                who.waited,
                queue_length(Crowd(who.ahead, (1.0,)), pace, 1.0).mean,
                head_of_line(who.joined - first.joined, every, 1.0).mean,
                last_to_enter(latest.waited, who.joined - latest.began, every, 1.0).mean,
                fmean(last),
            )
        )
    square = fmean(one[0] for one in found) ** 2
    errors = [fmean((one[0] - one[place]) ** 2 for one in found) / square for place in range(1, 5)]
    return Errors(*errors)
