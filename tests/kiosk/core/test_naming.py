"""The nameplate: over what stands for hours, and over nothing that a shopper is being asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.core.effects import (
    Asking,
    Asleep,
    Closed,
    Dim,
    Effect,
    KeepSale,
    Nameplate,
    Page,
    Resting,
    Show,
    Thanks,
    Wake,
)
from kiosk.core.events import (
    Event,
    FaceTouched,
    GlassTouched,
    HubTimeHeard,
    IdentifyAsked,
    SaleSeen,
    SettingsCame,
    Woke,
)
from kiosk.core.naming import BRIGHT, SHOWN_MS, WAITS_MS, Named
from shared.moments import Moment
from shared.places import point_id
from shared.questionnaires import Response
from shared.sales import Sale, SaleSource
from shared.visits import Face, Input, Visit
from tests.kiosk.samples import settings

PLATE = Nameplate("en", "k-1", "Caja 1", "Centro")
RESTING = Resting("en", ("en",), "Centro", "Caja 1")
ASKING = Asking("en", ("en",), {}, "Caja 1")
STANDING = Asking("en", ("en",), {}, "Caja 1", always_on=True)
KEEP = KeepSale(
    Sale("0" * 32, point_id("caja-1"), "b0" * 16, Moment(1, 1, synced=True), SaleSource.MANUAL)
)
THANKS = Thanks("en", (), None, 5)


def at(boot: int) -> Moment:
    return Moment(1_800_000_000_000 + boot, boot, synced=True)


def sale(boot: int) -> SaleSeen:
    return SaleSeen(at(boot), "0" * 32, SaleSource.MANUAL)


class Machine:
    """Shows what a test says, and remembers what it was told."""

    def __init__(self, page: Page) -> None:
        self.next: list[Effect] = [Show(page), Wake(999_999), Dim(40)]
        self.told: list[Event] = []

    def start(
        self, _open: Visit | None, _at: Moment, _walked: Response | None = None, /
    ) -> list[Effect]:
        return self._out()

    def handle(self, event: Event, /) -> list[Effect]:
        self.told.append(event)
        return self._out()

    def _out(self) -> list[Effect]:
        out, self.next = self.next, []
        return out


def rig(page: Page = RESTING) -> tuple[Machine, Named]:
    machine = Machine(page)
    named = Named(machine, PLATE)
    named.start(None, at(0))
    return machine, named


def shown(effects: list[Effect]) -> list[Page]:
    return [one.page for one in effects if isinstance(one, Show)]


@pytest.mark.parametrize("page", [RESTING, STANDING, Asleep(), Closed("en")])
def test_it_lies_over_what_stands_for_hours_for_a_minute_and_is_bright(page: Page) -> None:
    machine, named = rig(page)
    begun = named.handle(IdentifyAsked(at(1_000)))
    assert begun == [Show(PLATE), Dim(BRIGHT), Wake(1_000 + SHOWN_MS)]
    assert named.handle(Woke(at(30_000))) == [Wake(1_000 + SHOWN_MS)]
    ended = named.handle(Woke(at(1_000 + SHOWN_MS)))
    assert ended == [Show(page), Dim(40), Wake(999_999)]
    assert not any(isinstance(one, IdentifyAsked) for one in machine.told)


@pytest.mark.parametrize("page", [ASKING, THANKS])
def test_over_a_shopper_it_waits_until_the_glass_rests(page: Page) -> None:
    machine, named = rig(page)
    assert shown(named.handle(IdentifyAsked(at(1_000)))) == []
    machine.next = [Show(RESTING)]
    assert shown(named.handle(Woke(at(9_000)))) == [PLATE]


def test_it_waits_no_longer_than_anybody_looks_for_it() -> None:
    machine, named = rig(ASKING)
    named.handle(IdentifyAsked(at(1_000)))
    machine.next = [Show(RESTING)]
    assert shown(named.handle(Woke(at(1_000 + WAITS_MS)))) == [RESTING]
    assert shown(named.handle(Woke(at(2_000 + WAITS_MS)))) == []


@pytest.mark.parametrize(
    "touch",
    [GlassTouched, lambda moment: FaceTouched(moment, Face.HAPPY, Input.BUTTON, moment)],
)
def test_a_touch_puts_it_away_and_does_nothing_else(touch: Callable[[Moment], Event]) -> None:
    machine, named = rig()
    named.handle(IdentifyAsked(at(1_000)))
    assert shown(named.handle(touch(at(2_000)))) == [RESTING]
    assert machine.told == []
    named.handle(touch(at(3_000)))
    assert len(machine.told) == 1, "the next one is a shopper's"


def test_a_sale_puts_it_away_and_its_shopper_is_asked() -> None:
    machine, named = rig()
    named.handle(IdentifyAsked(at(1_000)))
    sold = sale(2_000)
    machine.next = [KEEP, Show(ASKING)]
    assert named.handle(sold) == [KEEP, Show(ASKING), Dim(40), Wake(999_999)]
    assert machine.told == [sold]


def test_what_the_machine_shows_beneath_it_comes_out_afterwards() -> None:
    machine, named = rig()
    named.handle(IdentifyAsked(at(1_000)))
    other = Resting("es", ("es",), "Centro", "Caja 1")
    machine.next = [Show(other), Dim(10)]
    assert named.handle(HubTimeHeard(at(2_000), 5)) == [Wake(1_000 + SHOWN_MS)]
    assert named.handle(GlassTouched(at(3_000))) == [Show(other), Dim(10), Wake(999_999)]


def test_asked_again_it_begins_anew() -> None:
    _, named = rig()
    named.handle(IdentifyAsked(at(1_000)))
    assert named.handle(IdentifyAsked(at(50_000)))[-1] == Wake(50_000 + SHOWN_MS)


def test_it_has_the_names_that_the_hub_gave_last() -> None:
    _, named = rig()
    told = settings(9)
    named.handle(SettingsCame(at(500), told))
    (plate,) = shown(named.handle(IdentifyAsked(at(1_000))))
    assert plate == Nameplate(told.languages[0], "k-1", told.point_name, told.store_name)


def test_without_it_nothing_is_different() -> None:
    machine, named = rig()
    machine.next = [Show(ASKING), Wake(7), Dim(80)]
    assert named.handle(sale(1)) == [Show(ASKING), Dim(80), Wake(7)]
    machine.next = []
    assert named.handle(Woke(at(7))) == [Wake(7)]
