"""Which registers are open, inferred from their sales: no roster is believed.

A register that serves sells again after one service, so that a silence while people wait is less
and less likely the longer it lasts: the chance of it is the survival of a service, against the
chance that the register closed after its last sale (Bayes; the change point model of Page 1954 and
Shiryaev 1963 with a hazard of closing at each sale and of opening all the time). A silence while
nobody waits says nothing, and only the hazard runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from hub.core.waiting.estimates import survival
from hub.core.waiting.services import Service
from shared.places import PointId

CLOSES_WAITED, CLOSES_ALONE = 0.002, 0.01
"""The chance that a register closes after a sale, while somebody waits and while nobody does: of
400 sales a day one or two are its last, and nobody closes before a long line without need."""

CLOSES_IDLE_MS: Final = 4 * 60 * 60_000
"""A register without anybody to serve is closed after four hours, on average."""

OPENS_MS: Final = 60 * 60_000
"""A closed register opens after an hour, on average."""

TOLD_WEIGHT: Final = 4.0
"""How much likelier a roster's or a pulse's word makes what it says; it is worth no more."""

TOLD_MS: Final = 15 * 60_000
"""A word about a register is worth something for so long."""

SOUND: Final = 0.9
"""A register that is open with this chance is open, on a page."""


class Register(NamedTuple):
    """What is known of a register: its last sale, and how long it has been silent since.

    `pressed` counts the silence while somebody waited, `idle` the rest (ms); `next_at_once` is the
    chance that somebody stepped up at its last sale, so that the next gap is a service.
    """

    point_id: PointId
    sold_at: int | None = None
    pressed: float = 0.0
    idle: float = 0.0
    next_at_once: float = 0.0
    told_at: int | None = None
    told_open: bool = False


def chance_open(register: Register, service: Service, now: int) -> float:
    """The chance that this register serves."""
    silence = survival(register.pressed, service.mean, service.square)
    if register.sold_at is None:  # never yet: as likely as the hazard of opening makes it
        closed, open_ = 1.0, service.mean / OPENS_MS
    else:
        last = CLOSES_ALONE + register.next_at_once * (CLOSES_WAITED - CLOSES_ALONE)
        closed = last + register.idle / CLOSES_IDLE_MS
        open_ = (1 - last) * silence
        open_ += closed * service.mean / OPENS_MS * min(1.0, register.pressed / service.mean)
    if register.told_at is not None and now - register.told_at <= TOLD_MS:
        if register.told_open:
            open_ *= TOLD_WEIGHT
        else:
            closed *= TOLD_WEIGHT
    return open_ / (open_ + closed)


def how_many(chances: Iterable[float]) -> tuple[float, ...]:
    """The chance of each number of open registers, from none to all (Poisson and binomial)."""
    numbers = [1.0]
    for chance in chances:
        more = [*numbers, 0.0]
        for place in range(len(more)):
            stays = numbers[place] * (1 - chance) if place < len(numbers) else 0.0
            more[place] = stays + (numbers[place - 1] * chance if place else 0.0)
        numbers = more
    return tuple(numbers)


def after_sale(register: Register, at: int, next_at_once: float) -> Register:
    """It sold: whatever was doubted, it is open."""
    return Register(register.point_id, at, 0.0, 0.0, next_at_once)


def after_silence(register: Register, ms: float, pressed: float) -> Register:
    """So much time went by without a sale; with this chance somebody waited meanwhile."""
    return register._replace(
        pressed=register.pressed + pressed * ms, idle=register.idle + (1 - pressed) * ms
    )


def after_word(register: Register, at: int, *, is_open: bool) -> Register:
    """A roster, or its kiosk's pulse, says whether it is open."""
    return register._replace(told_at=at, told_open=is_open)


def likeliest(numbers: Sequence[float]) -> int:
    """The number of open registers that is likeliest."""
    return max(range(len(numbers)), key=numbers.__getitem__)
