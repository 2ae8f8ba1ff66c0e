"""Shoppers who come, touch and leave, and write down what the screen showed them."""

from __future__ import annotations

from kiosk.core.effects import Asking, Page, Sorry, Thanks
from kiosk.core.events import (
    ChangeTouched,
    DoneTouched,
    FaceTouched,
    LanguageTouched,
    NotNowTouched,
    ReasonTouched,
    SaleSeen,
)
from shared.sales import SaleSource
from shared.visits import Face, Input
from tests.simulation.clock import Reading
from tests.simulation.kiosk import Machine
from tests.simulation.world import World

FACES = tuple(Face)

Claim = tuple[str, str | None]
"""A face, and a reason or none."""


class Shopper:
    """One shopper and the notebook: `claims` is what may stand at the hub of an answer."""

    def __init__(self, world: World, machine: Machine, number: int, *, sale: bool) -> None:
        self.world, self.machine, self.number = world, machine, number
        self.sale = f"{number + 1:032x}" if sale else None
        self.came: Reading | None = None  # when the sale was rung up, else when the finger landed
        self.tapped: set[str] = set()
        self.claims: set[Claim] = set()
        self.thanked: Reading | None = None
        self.sorry = self.skipped = False
        self._fresh: set[str] = set()  # touched since the last thanks
        self._moves = 0
        self._before: object = None  # the run of the program that I began to talk to

    def __str__(self) -> str:
        return f"shopper {self.number} at {self.machine.name}"

    # The visit

    def arrive(self) -> None:
        """Pay, where there is a till; then look up."""
        if self.sale is not None:
            self.came = self.machine.clock.reading()
            self._note("rings", self.sale[-4:])
            self._ring()
            if self.world.chance(0.03):
                self.world.after(20, self._ring)  # an adapter that tells twice
        customers = self.machine.customers
        customers.append(self.number)
        self._before = self.machine.run
        self.world.after(self.world.dice.randrange(300, 5_000), self._look)

    def saw(self, page: Page) -> None:
        """The screen changed after my touch."""
        if isinstance(page, Thanks) and page.gone:
            return  # the thanks of before: what was touched since may still be on its way
        if isinstance(page, Thanks):
            if self._fresh:
                self.claims = {(face, page.chosen) for face in self._fresh}
                self._fresh = set()
            else:
                self.claims = {(face, page.chosen) for face, _ in self.claims}
            if self.claims:
                self.thanked = self.thanked or self.machine.clock.reading()
                self._note("is thanked for", sorted(self.claims, key=str))
                self._soon(self._go_on)
        elif isinstance(page, Sorry):
            self.sorry = True

    @property
    def is_first(self) -> bool:
        """Whether nobody came after me, and the screen did not go dark meanwhile."""
        return self.machine.customers[-1] == self.number and self.machine.run is self._before

    # What the hands do

    def _ring(self) -> None:
        assert self.sale is not None
        at = self.machine.clock.now()
        self.machine.post(SaleSeen(at, self.sale, SaleSource.RECEIPT))

    def _look(self) -> None:
        dice = self.world.dice
        if not self.is_first or not isinstance(self.machine.page, Asking):
            return
        mood = dice.random()
        if mood < 0.75:
            self._touch()
        elif mood < 0.85 and self.sale is not None:
            self.skipped = True
            self._post(NotNowTouched(self.machine.clock.now()))
        elif mood < 0.9:
            self._post(LanguageTouched(self.machine.clock.now(), dice.choice(("es", "en", "xx"))))
            self._soon(self._look_again)

    def _look_again(self) -> None:
        if self.is_first and isinstance(self.machine.page, Asking):
            self._touch()

    def _touch(self) -> None:
        """A finger lands; it is lifted a little later, wherever the page is by then."""
        began = self.machine.clock.reading()
        landed = self.machine.clock.now()
        if self.came is None:
            self.came = began
        face = self.world.dice.choice(FACES)
        self.world.after(self.world.dice.randrange(30, 900), self._lift, began, landed, face)

    def _lift(self, began: Reading, landed: object, face: Face) -> None:
        clock = self.machine.clock
        if self.machine.run is None or clock.boot_id != began.boot_id:
            return
        self._note("touches", face.value)
        self.tapped.add(face.value)
        self._fresh.add(face.value)
        self.claims |= {(face.value, reason) for _, reason in self.claims}
        if self.is_first:
            self.machine.toucher = self
        self._post(FaceTouched(clock.now(), face, Input.TOUCH, landed))  # type: ignore[arg-type]

    def _go_on(self) -> None:
        """After the thanks: a reason, another answer, done, or simply leave."""
        page = self.machine.page
        if not self.is_first or not isinstance(page, Thanks) or self._moves > 4:
            return
        self._moves += 1
        mood, now = self.world.dice.random(), self.machine.clock.now()
        if mood < 0.35:
            self._give_reason()
        elif mood < 0.5 and page.changeable:
            self._post(ChangeTouched(now))
            self._soon(self._look_again)
        elif mood < 0.7:
            self._post(DoneTouched(now))
        elif mood < 0.75:
            self._post(LanguageTouched(now, "en"))

    def _give_reason(self) -> None:
        reasons = self.machine.place.settings.reasons
        reason = self.world.dice.choice(reasons).id
        self.claims |= {(face, one) for face, _ in self.claims for one in (reason, None)}
        self._note("gives a reason", reason)
        self._post(ReasonTouched(self.machine.clock.now(), reason))

    def _soon(self, do: object) -> None:
        self.world.after(self.world.dice.randrange(300, 2_500), do)  # type: ignore[arg-type]

    def _post(self, event: object) -> None:
        self.machine.post(event)  # type: ignore[arg-type]

    def _note(self, *what: object) -> None:
        self.world.note(self.machine.name, f"shopper {self.number}", *what)
