"""How this device is, from what the machine, its parts and its alarms say: one word for the hub."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from shared.commands import Answer
from shared.health import Health, PartState
from shared.moments import Moment

SILENT_MS: Final = 24 * 3_600_000
"""A day without a sale: every store is open at some hour of it, but for Sundays."""

STEP_CELSIUS: Final = 5
STEP_PERCENT: Final = 5
"""Less is no news: it would be told with every cloud."""

EVERY_SECONDS: Final = 3_600
"""What is no news is told so often."""

_LONGEST: Final = 80
_GLASS: Final = frozenset({"touch", "backlight", "font"})


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the machine itself says; None where it does not.

    `low_power` is also true where the supply was too weak at any time since the start: it is so
    for moments, when the card writes. `card_faults` counts what the file system found wrong.
    """

    model: str = ""
    celsius: float | None = None
    low_power: bool | None = None
    card_full: int | None = None
    card_worn: int | None = None
    card_writable: bool | None = None
    card_faults: int | None = None
    durable: bool | None = None
    memory_free: int | None = None

    @property
    def card_ails(self) -> bool:
        """Whether the card lost something, or takes nothing more."""
        return bool(self.card_faults) or self.card_writable is False


@dataclass(frozen=True, slots=True)
class Equipment:
    """Which parts there are, and what was last heard of the till (ms since the machine started)."""

    till: bool = False
    buttons: bool = False
    sound: bool = False
    heard: int | None = None
    began: int = 0

    def till_at(self, boot: int, alarms: Collection[str]) -> PartState:
        """How the till is: a cable that was pulled says nothing."""
        if not self.till:
            return PartState.ABSENT
        since = self.began if self.heard is None else self.heard
        silent = PartState.SILENT if boot - since >= SILENT_MS else PartState.WELL
        return PartState.FAULT if "till" in alarms else silent


def health_of(
    vitals: Vitals,
    parts: Equipment,
    now: Moment,
    version: str,
    alarms: Collection[str] = (),
    *,
    certificate_until: int | None = None,
    trial: str | None = None,
    answers: tuple[Answer, ...] = (),
) -> Health:
    """The word for the hub. What a broken sensor says is left out, not told as if it were true."""
    return Health(
        at=now.wall,
        version=version[:_LONGEST],
        model=vitals.model[:_LONGEST],
        temperature=_temperature(vitals.celsius),
        low_power=vitals.low_power,
        card_full=_percent(vitals.card_full),
        card_worn=_percent(vitals.card_worn),
        card_writable=vitals.card_writable,
        durable=vitals.durable,
        memory_free=vitals.memory_free,
        up=now.boot // 1_000,
        certificate_until=certificate_until,
        till=parts.till_at(now.boot, alarms),
        buttons=_part(parts.buttons, "buttons" in alarms),
        screen=_part(True, not _GLASS.isdisjoint(alarms)),
        sound=_part(parts.sound, "voice" in alarms),
        trial=None if trial is None else trial[:_LONGEST],
        answers=answers,
    )


def _part(there: bool, fault: bool) -> PartState:
    if not there:
        return PartState.ABSENT
    return PartState.FAULT if fault else PartState.WELL


def _temperature(celsius: float | None) -> int | None:
    return round(celsius) if celsius is not None and -60 <= celsius <= 150 else None


def _percent(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= 100 else None


def is_news(health: Health, said: Health | None) -> bool:
    """Whether it should be told now, where `said` was told last: it differs, or an hour is over."""
    if said is None or (health.up or 0) - (said.up or 0) >= EVERY_SECONDS:
        return True
    return _steady(health, said) != said


def _steady(health: Health, before: Health) -> Health:
    """The same, with what moves all the time put back to what it was, unless it moved far."""
    return replace(
        health,
        at=before.at,
        up=before.up,
        memory_free=before.memory_free,
        temperature=_near(health.temperature, before.temperature, STEP_CELSIUS),
        card_full=_near(health.card_full, before.card_full, STEP_PERCENT),
    )


def _near(number: int | None, before: int | None, step: int) -> int | None:
    if number is None or before is None or abs(number - before) >= step:
        return number
    return before
