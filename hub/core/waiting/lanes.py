"""Waits where each register has a lane, out of which people step over to a shorter one.

Then lanes are nearly one line (Koenigsberg 1966, Management Science 12(5), on jockeying): whoever
joins waits for a share of all who wait, not only for those before them. An estimate is drawn from
its own lane towards that of one line for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt
from typing import Final

from hub.core.waiting.choosing import Choice, Method, choose
from hub.core.waiting.estimates import Estimate, Part, mixed
from hub.core.waiting.facts import LineId
from hub.core.waiting.queue import Queue, chances, pace
from hub.core.waiting.services import Services

STEPPING_OVER: Final = 0.9
"""How far an estimate is drawn from its lane to one line for all: found on days that are not
judged, of shoppers who step over where another lane is shorter by two."""


def choose_lanes(
    queues: Mapping[LineId, Queue], services: Services, drawn: float = STEPPING_OVER
) -> dict[LineId, Choice]:
    """The estimate of each lane, where people step over between them."""
    own = {line: choose(queue, services) for line, queue in queues.items()}
    open_ = [queues[line] for line, one in own.items() if one.method is not Method.NONE]
    serving = [queue for queue in open_ if sum(chances(queue, services)) >= 0.5]
    if len(serving) < 2:
        return own
    mean, deviation = _as_one_line(serving, services)
    return {
        line: replace(choice, estimate=_drawn(choice.estimate, mean, deviation, drawn))
        if choice.method is not Method.NONE
        else choice
        for line, choice in own.items()
    }


def _as_one_line(queues: Sequence[Queue], services: Services) -> tuple[float, float]:
    every = 1 / sum(1 / one.every for queue in queues for one in pace(queue, services)[-1:])
    means, spreads = zip(*(queue.crowd.moments() for queue in queues), strict=True)
    waiting, spread = sum(means), sum(spreads)
    variance = services.square * (waiting + 1) + spread
    return every * (waiting + 1), every * sqrt(variance)


def _drawn(own: Estimate, mean: float, deviation: float, share: float) -> Estimate:
    parts = [
        Part(
            part.weight,
            part.mean + share * (mean - part.mean),
            part.deviation + share * (max(deviation, part.deviation / 2) - part.deviation),
        )
        for part in own.parts
    ]
    return mixed(parts, own.none)
