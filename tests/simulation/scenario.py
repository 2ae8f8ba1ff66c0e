"""What a seed means: who comes when, how bad the lines are, and which faults strike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from kiosk.core.programme import first_settings
from shared.places import KioskId, PointId, StoreId
from tests.shared.questionnaires import EVERY_KIND
from tests.simulation.equipment import Place
from tests.simulation.line import PERFECT, Quality

MOST_VISITS = 100

ZONES = {StoreId("centro"): "Europe/Madrid", StoreId("puerto"): "Asia/Kolkata"}

DAYS = (
    datetime(2026, 3, 17, 9, 50, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # Madrid's clocks go forward at 01:00
    datetime(2026, 10, 25, 0, 20, tzinfo=UTC),  # and back, so that an hour comes twice
    datetime(2026, 12, 31, 22, 40, tzinfo=UTC),
)

KINDS = {
    # most of each in a scenario where it strikes at all
    "kiosk killed": 4,
    "kiosk killed at a seam": 6,
    "power cut": 3,
    "power cut at a seam": 5,
    "card damaged": 1,
    "card failing": 3,
    "card stalling": 3,
    "card unreadable": 2,
    "broker restarted": 3,
    "broker restarted, all forgotten": 3,
    "hub killed": 3,
    "hub killed at a seam": 6,
    "hub's line cut": 3,
    "kiosk's line cut": 6,
    "kiosk's line deaf": 4,
    "hub's line deaf": 2,
    "database locked": 3,
    "ledger moved": 3,
    "point unknown": 1,
    "kiosk refused": 2,
    "clock at 1970": 2,
    "clock synchronised": 3,
    "clock an hour back": 2,
    "old batch replayed": 6,
    "receipt forged": 4,
    "rubbish published": 4,
    "settings changed": 2,
    "bit turned on the card": 8,
    "record spoiled on the card": 3,
}


@dataclass(frozen=True)
class Arrival:
    """One shopper comes."""

    at: int
    kiosk: int


@dataclass(frozen=True)
class Strike:
    """One fault, at a time, for a kiosk (by number) where it concerns one."""

    at: int
    kind: str
    kiosk: int
    lasts: int


@dataclass(frozen=True)
class Scenario:
    """Everything that is drawn before anything happens; the rest is drawn on the way."""

    seed: int
    start: int
    places: tuple[Place, ...]
    arrivals: tuple[Arrival, ...]
    strolls: tuple[Arrival, ...]
    strikes: tuple[Strike, ...]
    kiosk_line: Quality
    hub_line: Quality
    synced: bool

    @property
    def ends(self) -> int:
        """When the last shopper has come and the last fault has struck."""
        times = [one.at for one in self.arrivals] + [one.at for one in self.strikes]
        return max(times) + 1_000


def draw(seed: int, *, visits: int = MOST_VISITS) -> Scenario:
    """The scenario of a seed, of at most so many visits; a long one has them all."""
    dice = Random(f"scenario {seed}")
    places = _places(dice)
    # Mostly short ones, which are read more easily when they fail; some of full length.
    count = max(1, min(visits, int(dice.paretovariate(1.2) * 5)))
    count = visits if visits > MOST_VISITS else count
    arrivals = _arrivals(dice, places, count)
    horizon = max(one.at for one in arrivals) + 20_000
    rough = dice.random() < 0.6
    return Scenario(
        seed=seed,
        start=int(dice.choice(DAYS).timestamp() * 1000),
        places=places,
        arrivals=arrivals,
        strolls=_strolls(seed, horizon, len(places), count),
        strikes=_strikes(dice, horizon, len(places), 1 + count // MOST_VISITS),
        kiosk_line=_quality(dice) if rough else PERFECT,
        hub_line=replace(_quality(dice), garble=0.0) if dice.random() < 0.3 else PERFECT,
        synced=dice.random() < 0.7,
    )


def _places(dice: Random) -> tuple[Place, ...]:
    found = []
    for number in range(dice.choice((1, 2, 2, 3))):
        store = StoreId("centro") if number < 2 else StoreId("puerto")
        always_on = dice.random() < 0.2
        asked = first_settings(("es", "en"), "Tienda", f"Caja {number + 1}", always_on=always_on)
        quota = dice.choice((4, 8, 15)) if dice.random() < 0.3 else 100_000
        place = Place(
            store, PointId(f"caja-{number + 1}"), KioskId(f"k-{number + 1}"),
            replace(asked, ask_seconds=20, questionnaire=EVERY_KIND), quota,
        )  # fmt: skip
        found.append(place)
    return tuple(found)


def _arrivals(dice: Random, places: tuple[Place, ...], count: int) -> tuple[Arrival, ...]:
    found: list[Arrival] = []
    clocks = [2_000] * len(places)
    for _ in range(count):
        kiosk = dice.randrange(len(places))
        clocks[kiosk] += _gap(dice, always_on=places[kiosk].settings.always_on)
        found.append(Arrival(clocks[kiosk], kiosk))
    return tuple(sorted(found, key=lambda one: one.at))


def _strolls(seed: int, horizon: int, kiosks: int, most: int) -> tuple[Arrival, ...]:
    """Who comes to the questionnaire, in every second scenario; with dice of their own."""
    dice = Random(f"strolls {seed}")
    number = dice.randrange(most + 2) if dice.random() < 0.5 else 0
    return tuple(Arrival(dice.randrange(horizon), dice.randrange(kiosks)) for _ in range(number))


def _gap(dice: Random, *, always_on: bool) -> int:
    """Without a till nothing tells two shoppers apart: there the next one waits for the page."""
    least = 90_000 if always_on else 1_000
    mood = dice.random()
    if mood < 0.25:  # a rush
        return least + dice.randrange(3_000)
    if mood < 0.75:
        return least + dice.randrange(45_000)
    return least + dice.randrange(400_000 if mood < 0.95 else 7_200_000)


def _strikes(dice: Random, horizon: int, kiosks: int, times: int) -> tuple[Strike, ...]:
    found: list[Strike] = []
    fury = dice.choice((0.0, 0.1, 0.3, 0.6))
    chosen = [kind for kind in KINDS if dice.random() < fury]
    for kind in chosen:
        for _ in range(times * dice.randrange(1, KINDS[kind] + 1)):
            at, kiosk = dice.randrange(1_000, horizon), dice.randrange(kiosks)
            found.append(Strike(at, kind, kiosk, _lasting(dice)))
            if dice.random() < 0.3:  # misfortunes seldom come singly
                more = dice.choice(chosen)
                found.append(Strike(at + dice.randrange(8_000), more, kiosk, _lasting(dice)))
    return tuple(sorted(found, key=lambda one: one.at))


def _lasting(dice: Random) -> int:
    """Mostly seconds, sometimes a quarter of an hour."""
    return int(dice.expovariate(1 / dice.choice((5_000, 15_000, 15_000, 900_000)))) + 200


def _quality(dice: Random) -> Quality:
    def some(most: float) -> float:
        return dice.random() * most if dice.random() < 0.5 else 0.0

    return Quality(
        delay=dice.choice((1, 5, 80)),
        jitter=dice.choice((1, 20, 300)),
        drop=some(0.25),
        double=some(0.25),
        reorder=some(0.3),
        garble=some(0.05),
    )
