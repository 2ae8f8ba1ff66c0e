"""A register on virtual time: the real core of the kiosk, shoppers who answer, and children."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from kiosk.core.effects import Asking, Effect, KeepOpen, Page, Seal, Show, Thanks, Wake
from kiosk.core.events import (
    ChangeTouched,
    DoneTouched,
    Event,
    FaceTouched,
    Kept,
    ReasonTouched,
    SaleSeen,
    Woke,
)
from kiosk.core.session import Session
from kiosk.core.turns import Turns
from shared.moments import Moment
from shared.notices import KioskSettings, Reason
from shared.places import KioskId, PointId
from shared.sales import SaleSource
from shared.visits import Face, Input, Visit

MORNING = 1_764_230_400_000
"""9:00 in Madrid, one Thursday in November."""

BOOT = "b0" * 16
POINT = PointId("caja-1")


def settings(*, always_on: bool = False) -> KioskSettings:
    """What such a register asks, and nothing else is offered."""
    reasons = tuple(Reason(name, {"es": name}) for name in ("wait", "staff", "prices"))
    return KioskSettings(1, "Centro", "Caja 1", ("es",), reasons=reasons, always_on=always_on)


@dataclass
class Register:
    """Takes events in the order of time; keeps what is sealed, and whose press each answer was."""

    always_on: bool = False
    sealed: list[Visit] = field(default_factory=list)
    whose: dict[int, int | None] = field(default_factory=dict)
    page: Page | None = None

    def __post_init__(self) -> None:
        session = Session(settings(always_on=self.always_on), POINT, BOOT)
        self._turns = Turns(session, KioskId("k-1"), random.Random(1).randbytes)
        self._wake: int | None = None
        self._carry_out(self._turns.start(None, moment(0)), 0)

    def sells(self, at: int, number: int) -> None:
        """The till finished a sale."""
        self._sees(SaleSeen(moment(at), f"{number:032x}", SaleSource.RECEIPT), at)

    def is_pressed(self, at: int, face: Face, who: int | None, button: Input) -> None:
        """Somebody pressed a face; `who` is the sale of a shopper, None is a child."""
        self.whose[at] = who
        self._sees(FaceTouched(moment(at), face, button, moment(at)), at)

    def is_tapped(self, at: int, dice: random.Random) -> None:
        """A child taps on the glass, wherever that is."""
        self.rests(at)
        where = dice.random()
        if isinstance(self.page, Asking):
            self.is_pressed(at, any_face(dice), None, Input.TOUCH)
        elif isinstance(self.page, Thanks) and where < 0.5:
            self._sees(ReasonTouched(moment(at), dice.choice(("wait", "staff", "prices"))), at)
        elif isinstance(self.page, Thanks) and where < 0.65:
            self._sees(DoneTouched(moment(at)), at)
        elif isinstance(self.page, Thanks) and where < 0.75 and self.page.changeable:
            self._sees(ChangeTouched(moment(at)), at)

    def rests(self, until: int) -> None:
        """Time goes by."""
        while self._wake is not None and self._wake <= until:
            at, self._wake = self._wake, None
            self._carry_out(self._turns.handle(Woke(moment(at))), at)

    def _sees(self, event: Event, at: int) -> None:
        self.rests(at)
        self._carry_out(self._turns.handle(event), at)

    def _carry_out(self, effects: list[Effect], at: int) -> None:
        for effect in effects:
            if isinstance(effect, Wake):
                self._wake = effect.boot
            elif isinstance(effect, Show):
                self.page = effect.page
            elif isinstance(effect, Seal):
                self.sealed.append(effect.visit)
        for effect in effects:
            if isinstance(effect, KeepOpen):
                self._carry_out(self._turns.handle(Kept(moment(at), effect.ticket)), at)


def moment(at: int) -> Moment:
    """So many milliseconds after nine o'clock."""
    return Moment(MORNING + at, at, True)


def any_face(dice: random.Random) -> Face:
    """What children press: sad half the time."""
    return dice.choices(list(Face), (0.5, 0.2, 0.3))[0]
