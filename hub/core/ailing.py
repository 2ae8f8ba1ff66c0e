"""What is wrong with a device: when it begins, when it is over, and when somebody is told.

Each has two bounds, so that it does not come and go with every reading, and a time that it must
last before anybody is told: a kiosk that is rebooted is nobody's errand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from hub.core.hours import DAY_MS, find_zone
from hub.core.ports import Store
from shared.health import Health
from shared.notices import Presence

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS


class Ailment(StrEnum):
    """Everything that is looked for."""

    AWAY = "away"  # not connected while its store is open
    CARD_FULL = "card_full"
    CARD_WORN = "card_worn"
    CARD_LOCKED = "card_locked"  # read-only
    FLEETING = "fleeting"  # what it keeps would be gone after a power cut
    POWER = "power"
    HOT = "hot"
    CERTIFICATE = "certificate"
    CLOCK = "clock"
    VERSION = "version"


class Sick(NamedTuple):
    """An ailment of a kiosk: since when, and since when somebody is told (ms since 1970)."""

    code: Ailment
    since: int
    told_at: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one kiosk; `open` says whether its store is, `newest` is a version.

    `presence` is None, like all that comes from a status, where the kiosk never spoke.
    """

    now: int
    presence: Presence | None = None
    synced: bool | None = None
    version: str | None = None
    health: Health | None = None
    open: bool = True
    newest: str = ""


Bounds = Callable[[Case], bool | None]
"""Whether it is bad; None where nobody knows, which changes nothing."""


def _above(of: Callable[[Health], int | None], bound: int) -> Bounds:
    def bad(case: Case) -> bool | None:
        found = None if case.health is None else of(case.health)
        return None if found is None else found >= bound

    return bad


def _is(of: Callable[[Health], bool | None], bad_one: bool) -> Bounds:
    def bad(case: Case) -> bool | None:
        found = None if case.health is None else of(case.health)
        return None if found is None else found is bad_one

    return bad


def _ends_within(days: int) -> Bounds:
    def bad(case: Case) -> bool | None:
        until = None if case.health is None else case.health.certificate_until
        return None if until is None else until < case.now + days * DAY_MS

    return bad


def _away(case: Case) -> bool | None:
    if case.presence is None:
        return None
    if case.presence is Presence.ONLINE:
        return False
    return True if case.open else None  # at night kiosks may be switched off


def _clockless(case: Case) -> bool | None:
    return None if case.presence is not Presence.ONLINE or case.synced is None else not case.synced


def _behind(case: Case) -> bool | None:
    if case.version is None or not case.newest:
        return None
    return order_of(case.version) < order_of(case.newest)


def order_of(version: str) -> tuple[tuple[int, ...], str]:
    """By which versions are compared: the numbers first, and what stands behind them last."""
    numbers: list[int] = []
    for part in version[:40].split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
        if digits != part:
            break
    rest = version[len(".".join(map(str, numbers))) :]
    return tuple(numbers), rest or "~"  # 1.4.0rc1 comes before 1.4.0


@dataclass(frozen=True, slots=True)
class Rule:
    """When it begins, when it has not ended yet, and how long it lasts until somebody is told."""

    begins: Bounds
    stays: Bounds
    patience: int = 0


RULES: Final[Mapping[Ailment, Rule]] = MappingProxyType(
    {
        # a router that starts anew is back by then
        Ailment.AWAY: Rule(_away, _away, 15 * MINUTE_MS),
        # an outbox takes at most a few per cent: at 90 there is a week left to find what fills it
        Ailment.CARD_FULL: Rule(
            _above(lambda it: it.card_full, 90), _above(lambda it: it.card_full, 85)
        ),
        # its maker's own estimate, in steps of ten
        Ailment.CARD_WORN: Rule(
            _above(lambda it: it.card_worn, 80), _above(lambda it: it.card_worn, 70)
        ),
        Ailment.CARD_LOCKED: Rule(
            _is(lambda it: it.card_writable, False), _is(lambda it: it.card_writable, False)
        ),
        Ailment.FLEETING: Rule(
            _is(lambda it: it.durable, False), _is(lambda it: it.durable, False)
        ),
        Ailment.POWER: Rule(_is(lambda it: it.low_power, True), _is(lambda it: it.low_power, True)),
        # a Raspberry Pi slows down at 80 °C; a sunny quarter of an hour does no harm
        Ailment.HOT: Rule(
            _above(lambda it: it.temperature, 80),
            _above(lambda it: it.temperature, 75),
            10 * MINUTE_MS,
        ),
        # it is renewed from the twentieth day on: with five left something has kept failing
        Ailment.CERTIFICATE: Rule(_ends_within(5), _ends_within(7)),
        # a time server answers within seconds; an hour without one is no start-up
        Ailment.CLOCK: Rule(_clockless, _clockless, HOUR_MS),
        # a rollout goes through its rings within a week
        Ailment.VERSION: Rule(_behind, _behind, 7 * DAY_MS),
    }
)


def judged(case: Case, before: Collection[Sick]) -> tuple[Sick, ...]:
    """What ails it now, given what ailed it before."""
    known = {one.code: one for one in before}
    found = (_one(code, rule, case, known.get(code)) for code, rule in RULES.items())
    return tuple(one for one in found if one is not None)


def _one(code: Ailment, rule: Rule, case: Case, before: Sick | None) -> Sick | None:
    bad = (rule.begins if before is None else rule.stays)(case)
    if bad is None:
        return before
    if not bad:
        return None
    sick = before or Sick(code, case.now)
    if sick.told_at is None and case.now - sick.since >= rule.patience:
        return sick._replace(told_at=case.now)
    return sick


def is_open(store: Store, now: int) -> bool:
    """Whether a store is open by its own clocks; one that closes past midnight may be."""
    hour = datetime.fromtimestamp(now / 1_000, find_zone(store.zone)).hour
    if store.opens < store.closes:
        return store.opens <= hour < store.closes
    return hour >= store.opens or hour < store.closes
