"""What misuse does to a day's figures, and how soon a dead panel is found: simulated."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence
from math import sqrt

from hub.core.hours import HOUR_MS
from hub.core.silence import FALSE_A_DAY, MOST_EXPECTED, Hour, usual
from shared.visits import Face, Input
from tests.bench.day import Day, a_day
from tests.bench.register import Register
from tests.bench.rows import Row

MOST_POINTS, MOST_LEFT_OUT = 0.7, 0.03

REGISTERS, SHIFT_SALES = 30, 160
"""Registers whose silence is looked for, and their sales in a shift of four hours."""


def run(long: bool) -> list[Row]:
    """Every figure of it."""
    days = 400 if long else 100
    return [
        _bursts("two bursts at the buttons of a till", [a_day(seed) for seed in range(days)]),
        _bursts(
            "two bursts on the glass at a till", [a_day(seed, glass=True) for seed in range(days)]
        ),
        _bursts(
            "two bursts at buttons without a till",
            [a_day(seed, always_on=True) for seed in range(days)],
        ),
        _bursts(
            "two bursts on a glass without a till",
            [a_day(seed, always_on=True, glass=True) for seed in range(days)],
        ),
        _staff(),
        *_silences(days),
    ]


def _bursts(name: str, days: Sequence[Day]) -> Row:
    errors = [day.error for day in days]
    mean, half = statistics.mean(errors), 1.96 * statistics.stdev(errors) / sqrt(len(errors))
    within = sorted(abs(error) for error in errors)[round(0.95 * len(errors)) - 1]
    answers = sum(day.answers for day in days)
    left_out = sum(day.left_out for day in days) / answers
    aside = statistics.mean(day.set_aside for day in days)
    meant, locked = (100 * statistics.mean(each) for each in _shares(days))
    return Row(
        f"{name}, {len(days)} days",
        f"sad share off by {mean:+.2f} ± {half:.2f} points (19 days of 20 within {within:.1f}); "
        f"{left_out:.1%} of {answers:,} genuine answers left out, {aside:.1f} set aside a day",
        f"a lockout of 5 s, which shows {locked:.1f} % sad where {meant:.1f} % were meant",
        f"within {MOST_POINTS} points, at most {MOST_LEFT_OUT:.0%} left out",
        abs(mean) + half <= MOST_POINTS and left_out <= MOST_LEFT_OUT,
    )


def _shares(days: Sequence[Day]) -> tuple[list[float], list[float]]:
    return [day.meant for day in days], [day.locked for day in days]


def _staff() -> Row:
    """Somebody behind the till presses happy as soon as the page is there, at every sale."""
    register, dice, sales = Register(), random.Random(8), 480
    for number in range(1, sales + 1):
        at = 90_000 * number
        register.sells(at, number)
        pressed = at + dice.randrange(250, 650)
        register.is_pressed(pressed, Face.HAPPY, number, Input.BUTTON)
    register.rests(90_000 * (sales + 2))
    aside = sum(visit.suspect is not None for visit in register.sealed) / len(register.sealed)
    return Row(
        "staff pressing happy within 0.65 s, at every sale",
        f"{aside:.1%} of {sales} set aside",
        "3 % of genuine shoppers as quick, in the rows above",
        "at least 98 %",
        aside >= 0.98,
    )


def _silences(days: int) -> list[Row]:
    dice, waited, false, watched = random.Random(4), list[float](), 0, 0
    for _ in range(REGISTERS):
        rate = dice.choice((0.1, 0.2, 0.25, 0.35))
        own = _weeks(dice, rate)
        known = usual(own, own)
        most = next(sales for sales in range(1, 10_000) if known.is_silent(sales))
        waited += [rate * _until_told(dice, rate, most) for _ in range(20)]
        false += _false_alarms(dice, rate, most, 3 * 5 * days)
        watched += 5 * days
    each = 1_000 * false / watched
    return [
        Row(
            f"a panel that dies, {len(waited)} times at {REGISTERS} registers",
            f"told after {statistics.mean(waited):.0f} answers that did not come (median "
            f"{statistics.median(waited):.0f}, at most {max(waited):.0f})",
            "a heartbeat, which goes on",
            f"within {MOST_EXPECTED}",
            max(waited) <= MOST_EXPECTED + 1,  # the last of them is a whole sale
        ),
        Row(
            f"a register that is well, {watched:,} register-days, rates varying by 35 %",
            f"{false} false alarms: {each:.2f} in 1,000 register-days",
            "12 hours a day, 40 sales an hour",
            f"at most {1_000 * FALSE_A_DAY:.0f} in 1,000",
            each <= 1_000 * FALSE_A_DAY,
        ),
    ]


def _shift_rate(dice: random.Random, rate: float) -> float:
    """The rate of one shift: a gamma variable whose standard deviation is 35 % of its mean."""
    return min(0.95, dice.gammavariate(8, rate / 8))


def _weeks(dice: random.Random, rate: float) -> list[Hour]:
    hours = list[Hour]()
    for day in range(28):
        for shift in range(3):
            now = _shift_rate(dice, rate)
            for hour in range(4):
                touched = sum(dice.random() < now for _ in range(40))
                hours.append(Hour((24 * day + 4 * shift + hour) * HOUR_MS, 40, touched))
    return hours


def _until_told(dice: random.Random, rate: float, most: int) -> int:
    """Sales from the death of a panel on: some had gone by untouched before."""
    now, before = _shift_rate(dice, rate), 0
    while dice.random() >= now and before < most - 1:
        before += 1
    return most - before


def _false_alarms(dice: random.Random, rate: float, most: int, shifts: int) -> int:
    false = since = 0
    for _ in range(shifts):
        now = _shift_rate(dice, rate)
        for _ in range(SHIFT_SALES):
            since = 0 if dice.random() < now else since + 1
            false += since == most
    return false
