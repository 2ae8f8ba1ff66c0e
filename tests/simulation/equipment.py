"""What a kiosk is made of: where it stands, which programs run on it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.core.delivery import Limits
from kiosk.core.effects import Page
from kiosk.core.ports import Outbox
from kiosk.courier.rounds import Rounds
from kiosk.loop import Loop
from kiosk.writer import Writer
from shared.notices import KioskSettings
from shared.places import KioskId, PointId, StoreId
from tests.simulation.card import Card, MemoryOutbox

LIMITS = Limits(longest_wait=20_000)


@dataclass(frozen=True)
class Place:
    """Where a kiosk stands, and what it asks before the hub said anything."""

    store: StoreId
    point: PointId
    kiosk: KioskId
    settings: KioskSettings
    quota: int


class Watcher(Protocol):
    """Who stands before the glass, or looks over its shoulder."""

    def saw(self, page: Page) -> None:
        """This page is to be seen now."""


class Absorbed(Protocol):
    """Who walks through the questionnaire."""

    def saw(self, page: Page) -> bool:
        """This page is to be seen now; whether it is for him."""


@dataclass(frozen=True)
class KioskParts:
    """What a program is made of; a variant replaces one."""

    outbox: Callable[[KioskId, str, int], Outbox] = MemoryOutbox
    card: type[Card] = Card
    writer: type[Writer] = Writer
    rounds: type[Rounds] = Rounds
    loop: type[Loop] = Loop
    limits: Limits = LIMITS
    finds_open: bool = True
    forgets_at_puback: bool = False


@dataclass
class Weakness:
    """What is wrong with the card just now."""

    failing: bool = False
    stalling: bool = False
    unreadable: bool = False
    doom: int | None = None  # commits and publishes until the program dies
    unplugged: bool = False  # … because the plug is pulled

    def mend(self) -> None:
        """The card is well again."""
        self.failing = self.stalling = self.unreadable = False
