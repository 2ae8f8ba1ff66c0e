"""What shoppers are told: a percentile of the estimate in whole minutes, or nothing.

A percentile, because waiting longer than told hurts more than waiting shorter helps (Jouini, Akşin,
Karaesmen, Aguir and Dallery 2015, Production and Operations Management 24); whole minutes,
because more detail helps nobody (Yu, Allon and Bassamboo 2017, Management Science 63(1)).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil
from typing import Final, Protocol

from hub.core.waiting.choosing import Choice, Method
from shared.notices import Wording

MINUTE_MS: Final = 60_000

LONGEST_MINUTES: Final = 60
"""Beyond an hour no number helps: it is withdrawn, and the alert has long been raised."""


AGAIN: Final = 0.85
"""What was withdrawn as too wide is told again once it is so much narrower than it may be: sales
alone make it wider and narrower with each, and a number that comes and goes is worse than none."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a store tells the wait; every one is a setting of the store."""

    percentile: float = 0.8
    fresh_seconds: int = 60
    """A notice is worthless after this, wherever it is shown."""

    widest_minutes: float = 5.0
    widest_share: float = 1.0
    """From the 10th to the 90th percentile it may be so wide, or so wide beside its median."""

    silent_seconds: int = 180
    """After so long without any fact nothing is told."""

    slack: float = 0.04
    """The number that stands stays while its chance is so near the percentile: it flickers less."""

    wording: Wording = Wording.ABOUT

    rounding: int = 1
    """Told are whole multiples of so many minutes: always up, so that no promise is shortened."""


class Spread(Protocol):
    """How long a wait may be (ms), as far as it is told."""

    def percentile(self, chance: float) -> float:
        """The wait that is not passed with this chance."""

    def within(self, wait: float) -> float:
        """The chance that it is at most so long."""


class Withdrawn(StrEnum):
    """Why nothing is told."""

    WIDE = "wide"
    STALE = "stale"
    CLOSED = "closed"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told of one line: whole minutes (0: less than one), or why nothing is."""

    at: int
    minutes: int | None
    choice: Choice
    withdrawn: Withdrawn | None = None


def tell(
    choice: Choice,
    terms: Terms,
    at: int,
    heard: int | None,
    shown: int | None = None,
    *,
    wide: bool = False,
) -> Telling:
    """The notice of a line whose last fact was heard then, and where `shown` minutes stand, or
    nothing stands because it was too `wide`."""
    if heard is None or at - heard > 1_000 * terms.silent_seconds:
        return Telling(at, None, choice, Withdrawn.STALE)
    if choice.method is Method.NONE or not (choice.estimate.parts or choice.estimate.none):
        return Telling(at, None, choice, Withdrawn.CLOSED)
    told = minutes_of(choice.estimate, terms, shown, wide=wide)
    if isinstance(told, Withdrawn):
        return Telling(at, None, choice, told)
    return Telling(at, told, choice)


def kept_back(telling: Telling) -> Telling:
    """The same of a line of which nobody knows how many stood in it: without the minutes."""
    if telling.minutes is None:
        return telling
    return replace(telling, minutes=None, withdrawn=Withdrawn.WIDE)


def minutes_of(
    wait: Spread, terms: Terms, shown: int | None = None, *, wide: bool = False
) -> int | Withdrawn:
    """What a wait is told as on these terms, or why it is not."""
    if width(wait) > allowed(wait, terms) * (AGAIN if wide else 1.0):
        return Withdrawn.WIDE
    if shown is not None and _still_holds(wait, terms, shown):
        return shown
    minutes = whole_minutes(wait.percentile(terms.percentile), terms.rounding)
    return Withdrawn.LONG if minutes > LONGEST_MINUTES else minutes


def whole_minutes(ms: float, rounding: int = 1) -> int:
    """Rounded up to a multiple of so many minutes; 0 is less than a minute."""
    return 0 if ms < MINUTE_MS else ceil(ms / (rounding * MINUTE_MS)) * rounding


def promised_ms(minutes: int) -> int:
    """The longest wait that this notice promises."""
    return max(1, minutes) * MINUTE_MS


def width(wait: Spread) -> float:
    """From the 10th to the 90th percentile (ms)."""
    return wait.percentile(0.9) - wait.percentile(0.1)


def allowed(wait: Spread, terms: Terms) -> float:
    """The width that is still of use (ms)."""
    share = terms.widest_share * wait.percentile(0.5)
    return max(MINUTE_MS * terms.widest_minutes, share)


def _still_holds(wait: Spread, terms: Terms, shown: int) -> bool:
    """Whether one of the whole minutes that are rounded to this number is near the percentile."""
    if shown % terms.rounding:
        return False  # told on other terms
    least, most = terms.percentile - terms.slack, terms.percentile + terms.slack
    chance = wait.within(promised_ms(shown))
    if shown == 0 or chance < least:
        return chance >= least
    if terms.rounding > 1:
        chance = wait.within(promised_ms(shown - terms.rounding + 1))
    return chance <= most
