"""What a drill changes of a kiosk takes hold of the real one."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from kiosk.core.effects import Thanks
from kiosk.core.events import FaceTouched, SaleSeen
from shared.sales import SaleSource
from shared.visits import Face, Input
from tests.drills.kiosk import THANKS_MS, hurried
from tests.fakes.outbox import FakeOutbox
from tests.fakes.screen import FakeScreen
from tests.kiosk.rig import Kiosk
from tests.kiosk.samples import KIOSK, settings


@pytest.mark.parametrize("in_a_drill", [True, False])
def test_thanks_are_short_in_a_drill_and_nowhere_else(in_a_drill: bool) -> None:
    with hurried() if in_a_drill else nullcontext():
        rig = Kiosk(FakeOutbox(KIOSK), FakeScreen())
        rig.loop.begin(None)
        now = rig.clock.now()
        rig.post(SaleSeen(now, "0" * 32, SaleSource.MANUAL))
        rig.post(FaceTouched(now, Face.SAD, Input.TOUCH, now))
        while not rig.loop._inbox.empty():
            rig.loop.turn()
            while rig.writer.turn() == 0:
                pass
        assert isinstance(rig.screen.pages[-1], Thanks)
        patience = rig.loop.patience()
    assert patience is not None
    # An answer can be changed for 3 s: the page is looked at again when that ends, not before.
    usual = min(settings().thanks_seconds, settings().change_seconds)
    assert patience == (THANKS_MS / 1_000 if in_a_drill else usual)
