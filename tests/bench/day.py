"""A day at a register, drawn: 40 sales an hour, 25 % answer, 15 % sad, two bursts of children."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.core.hours import Hours
from hub.core.ports import Entries, LedgerKey
from hub.core.settling import Site, read_records, settle
from hub.core.tallying import by_day
from shared.places import KioskId, StoreId
from shared.visits import Face, Input
from shared.wire import encode_record
from tests.bench.register import MORNING, POINT, Register, any_face

DAY_S: Final = 12 * 3_600
ANSWERING, FACES = 0.25, (0.15, 0.2, 0.65)
BURST_S, PRESS_S = 45, 0.9
"""A child presses 1.1 times a second, for 45 seconds, twice a day."""

QUICKEST_SALE_S, SALE_S = 25, 90
"""Nobody pays within 25 s of the one before; on average 90 s lie between."""

DELAY_S, DELAY_SPREAD = 5.0, 0.7
"""A shopper answers 5 s after the receipt (median, lognormal): one in a thousand after 45 s."""

HURRIED = 0.03
"""Regular shoppers know the page, and answer before anybody could have read it."""

SITE: Final = Site(
    LedgerKey(StoreId("centro"), KioskId("k-1"), "0" * 16),
    1,
    frozenset({POINT}),
    Hours("Europe/Madrid"),
    MORNING + 24 * 3_600_000,
)


@dataclass(frozen=True, slots=True)
class Day:
    """What shoppers meant, what the hub shows, and what a lockout of 5 s would have shown."""

    meant: float
    shown: float
    answers: int
    left_out: int
    locked: float
    set_aside: int

    @property
    def error(self) -> float:
        """How far the shown sad share is from what was meant, in points."""
        return 100 * (self.shown - self.meant)


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """Something that somebody does: a sale (`who` alone), a press, or a tap of a child's."""

    at: int
    who: int | None
    face: Face | None = None


def a_day(seed: int, *, glass: bool = False, always_on: bool = False) -> Day:
    """One day; on the glass children tap where they like, else they press buttons."""
    dice = random.Random(seed)
    shoppers = list(_shoppers(dice, always_on=always_on))
    acts = [*shoppers, *_children(dice)]
    register = Register(always_on=always_on)
    for act in sorted(acts, key=lambda one: one.at):
        if act.face is None and act.who is not None:
            register.sells(act.at, act.who)
        elif act.face is None or (act.who is None and glass):
            register.is_tapped(act.at, dice)
        else:
            button = Input.TOUCH if glass else Input.BUTTON
            register.is_pressed(act.at, act.face, act.who, button)
    register.rests(2 * 1_000 * DAY_S)
    return _told(shoppers, acts, register)


def _shoppers(dice: random.Random, *, always_on: bool) -> Iterator[Act]:
    at, number, taken = 0.0, 0, set[int]()
    while True:
        at += QUICKEST_SALE_S + dice.expovariate(1 / (SALE_S - QUICKEST_SALE_S))
        if at > DAY_S:
            return
        number += 1
        if not always_on:
            yield Act(round(1_000 * at), number)
        if dice.random() < ANSWERING:
            face = dice.choices(list(Face), FACES)[0]
            when = at + _delay_s(dice)
            times = dice.choices((1, 2, 3, 4), (0.86, 0.10, 0.03, 0.01))[0]  # who makes sure
            for press in range(times):
                landed = round(1_000 * when) + 400 * press
                if landed not in taken:
                    taken.add(landed)
                    yield Act(landed, number, face)


def _delay_s(dice: random.Random) -> float:
    if dice.random() < HURRIED:
        return dice.uniform(0.3, 0.7)
    return 0.7 + DELAY_S * dice.lognormvariate(0, DELAY_SPREAD)


def _children(dice: random.Random) -> Iterator[Act]:
    for _ in range(2):
        at = begins = dice.uniform(0, DAY_S - BURST_S)
        while at < begins + BURST_S:
            yield Act(round(1_000 * at), None, any_face(dice))
            at += dice.expovariate(1 / PRESS_S)


def _told(shoppers: list[Act], acts: list[Act], register: Register) -> Day:
    """Through the very code of the hub, from the bytes on."""
    entries = Entries(SITE.at)
    settle(entries, SITE, read_records(SITE, map(encode_record, register.sealed), 1), {})
    rows = by_day(entries.counts[SITE.key.store_id]).values()
    sad, neutral, happy, aside = (sum(row[place] for row in rows) for place in (1, 2, 3, 7))
    meant = {act.who: act.face for act in shoppers if act.face is not None}
    arrived = {
        register.whose[visit.answered.boot]
        for visit in register.sealed
        if visit.answered is not None and visit.suspect is None
    }
    faces = list(meant.values())
    return Day(
        meant=faces.count(Face.SAD) / len(faces),
        shown=sad / (sad + neutral + happy),
        answers=len(faces),
        left_out=len(meant.keys() - arrived),
        locked=_locked(acts),
        set_aside=aside,
    )


def _locked(acts: list[Act], lockout_ms: int = 5_000) -> float:
    """The sad share where every press counts that is 5 s after the last one that did."""
    free, counted = 0, list[Face]()
    for act in sorted((one for one in acts if one.face is not None), key=lambda one: one.at):
        if act.at >= free and act.face is not None:
            counted.append(act.face)
            free = act.at + lockout_ms
    return counted.count(Face.SAD) / len(counted)
