"""Whose turn the glass is: every cell of the table, and what hands it over."""

from __future__ import annotations

from kiosk.core.effects import Asking, Show
from kiosk.core.session import Session
from kiosk.core.turns import Turns
from tests.kiosk.samples import BOOT_ID, POINT, moment, sale_seen, settings


def test_a_sale_is_the_sessions() -> None:
    turns = Turns(Session(settings(), POINT, BOOT_ID))
    turns.start(None, moment(10_000))
    shown = [one for one in turns.handle(sale_seen(20_000)) if isinstance(one, Show)]
    assert isinstance(shown[-1].page, Asking)
