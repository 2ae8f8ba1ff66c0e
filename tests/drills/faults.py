"""The faults of a drill as a schedule: one seed, one list of what strikes whom, when, how long."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What can happen."""

    KILL_KIOSK = "kiosk killed"
    KILL_THANKING = "kiosk killed while it thanks"
    KILL_BROKER = "broker killed"
    KILL_HUB = "hub killed"
    KILL_DATABASE = "database killed"
    WIPE_BROKER = "broker killed and its state wiped"
    DELAY = "line slow to answer"
    TRICKLE = "line of few bytes a second"
    BLACK_HOLE = "line black, without FIN"
    RESET = "line reset inside a packet"
    TRUNCATE = "line ended inside a packet"
    CUT = "line cut"
    FLAP = "line flapping"
    CLOCK_1970 = "kiosk starts in 1970"
    CLOCK_BACK = "clock an hour back, and sure of it"
    CLOCK_LOST = "clock an hour back, and unsure"
    TWIN = "two kiosks with one identity"
    POISON = "poison with a kiosk's own password"
    FORGED = "forged receipt with the hub's password"
    LOCK_DATABASE = "hub database locked"
    CORRUPT_OUTBOX = "outbox damaged while stopped"
    TURN_BIT = "bit turned in an unsent record"
    SPOIL_RECORD = "unsent record spoiled"
    PULLED = "cable pulled"
    READDRESSED = "address changed"
    ROUTELESS = "no route"
    REVOKED = "certificate revoked"
    EXPIRED = "certificate ended while away"
    CLONED = "card cloned"
    IMPOSTOR = "receipt forged at the broker"
    UPDATE = "update interrupted"
    DOWNGRADE = "downgrade offered"


CABLES = frozenset({Kind.PULLED, Kind.READDRESSED, Kind.ROUTELESS})
"""These need a kiosk in a network of its own (`cable.py`)."""

IDENTITY = frozenset(
    {Kind.REVOKED, Kind.EXPIRED, Kind.CLONED, Kind.IMPOSTOR, Kind.UPDATE, Kind.DOWNGRADE}
)
"""These need kiosks with certificates (`identity_blows.py`)."""

PASSWORDS = frozenset({Kind.TWIN, Kind.POISON, Kind.FORGED})
"""These strike kiosks with passwords; the likes of them strike certificates otherwise."""

ANYWHERE = tuple(kind for kind in Kind if kind not in CABLES | IDENTITY)

CERTIFIED = tuple(kind for kind in Kind if kind not in CABLES | PASSWORDS)
"""What can strike a fleet with certificates."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a kind strikes beside the others, and for how many seconds."""

    weight: float
    least: float
    most: float
    whom: str = "line"


HABITS = {
    Kind.KILL_KIOSK: Habit(6, 0.2, 1.5, "kiosk"),
    Kind.KILL_THANKING: Habit(2, 0.1, 1, "kiosk"),
    Kind.KILL_BROKER: Habit(2, 0.3, 3, "broker"),
    Kind.KILL_HUB: Habit(2, 0.1, 2, "hub"),
    Kind.KILL_DATABASE: Habit(2, 0.2, 2, "database"),
    Kind.WIPE_BROKER: Habit(1, 0.3, 2, "broker"),
    Kind.DELAY: Habit(6, 0.5, 5),
    Kind.TRICKLE: Habit(5, 1, 5),
    Kind.BLACK_HOLE: Habit(4, 1, 6),
    Kind.RESET: Habit(10, 0, 0),
    Kind.TRUNCATE: Habit(10, 0, 0),
    Kind.CUT: Habit(6, 0.2, 4),
    Kind.FLAP: Habit(4, 2, 8),
    Kind.CLOCK_1970: Habit(2, 1, 6, "kiosk"),
    Kind.CLOCK_BACK: Habit(2, 1, 5, "kiosk"),
    Kind.CLOCK_LOST: Habit(2, 1, 5, "kiosk"),
    Kind.TWIN: Habit(0.5, 3, 8, "kiosk"),
    Kind.POISON: Habit(3, 0, 0, "kiosk"),
    Kind.FORGED: Habit(2, 0, 0, "kiosk"),
    Kind.LOCK_DATABASE: Habit(1, 1, 8, "hub"),
    Kind.CORRUPT_OUTBOX: Habit(0.5, 0.5, 1, "kiosk"),
    Kind.TURN_BIT: Habit(1, 0.2, 1, "kiosk"),
    Kind.SPOIL_RECORD: Habit(1, 0.2, 1, "kiosk"),
    Kind.PULLED: Habit(6, 0.5, 12, "kiosk"),
    Kind.READDRESSED: Habit(2, 0, 0, "kiosk"),
    Kind.ROUTELESS: Habit(3, 0.5, 6, "kiosk"),
    Kind.REVOKED: Habit(1, 1, 4, "kiosk"),
    Kind.EXPIRED: Habit(1, 1, 4, "kiosk"),
    Kind.CLONED: Habit(0.5, 1, 3, "kiosk"),
    Kind.IMPOSTOR: Habit(3, 0, 0, "kiosk"),
    Kind.UPDATE: Habit(1, 1, 2, "kiosk"),
    Kind.DOWNGRADE: Habit(0.5, 1, 2, "kiosk"),
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that goes wrong: `at` seconds from the beginning, for so many seconds."""

    at: float
    kind: Kind
    target: str
    seconds: float
    dice: int


def schedule(
    seed: int, seconds: float, rate: float, kiosks: Sequence[str], kinds: Sequence[Kind]
) -> list[Fault]:
    """`rate` faults a second, each kind at least once."""
    dice = random.Random(seed)
    weights = [HABITS[kind].weight for kind in kinds]
    count = max(len(kinds), round(seconds * rate))
    drawn = [*kinds, *dice.choices(kinds, weights, k=count - len(kinds))]
    dice.shuffle(drawn)
    times = sorted(dice.uniform(0, seconds) for _ in drawn)
    return [_fault(dice, at, kind, kiosks) for at, kind in zip(times, drawn, strict=True)]


def _fault(dice: random.Random, at: float, kind: Kind, kiosks: Sequence[str]) -> Fault:
    habit = HABITS[kind]
    target = habit.whom
    if target == "kiosk":
        target = dice.choice(kiosks)
    elif target == "line":
        target = "hub" if dice.random() < 0.2 else dice.choice(kiosks)
    lasts = dice.uniform(habit.least, habit.most)
    return Fault(round(at, 3), kind, target, round(lasts, 3), dice.getrandbits(32))
