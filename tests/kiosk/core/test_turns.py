"""Whose turn the glass is: every cell of the table, and what hands it over."""

from __future__ import annotations

from kiosk.core.effects import Asking, Show
from tests.kiosk import samples
from tests.kiosk.samples import moment, sale_seen, settings


def test_a_sale_is_the_sessions() -> None:
    turns = samples.turns(settings())
    turns.start(None, moment(10_000))
    shown = [one for one in turns.handle(sale_seen(20_000)) if isinstance(one, Show)]
    assert isinstance(shown[-1].page, Asking)
