"""Layouts of stores: what is kept is what comes back, with a rising serial."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading
from hub.adapters.layouts import SqlLayouts
from hub.adapters.tables import audit
from hub.core.accounts import Note
from hub.core.ports import Store
from hub.core.waiting.alarming import Limits
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Hook, Layout
from hub.core.waiting.noticing import Terms
from shared.errors import EditedMeanwhile, NoSuchStore
from shared.places import PointId, StoreId

CENTRO = StoreId("centro-012")
ONE, SELF = LineId("line-1"), LineId("self")
WHOLE = Layout(
    serial=1,
    lines=(
        Line(ONE, (PointId("caja-1"), PointId("caja-2"))),
        Line(SELF, (PointId("auto-1"),), True),
    ),
    names={ONE: "Fila única"},
    lanes=frozenset({SELF}),
    usual_ms=70_000,
    terms=Terms(percentile=0.9, rounding=5),
    limits=Limits(long_minutes=6.0),
    hook=Hook("https://example.org/alerts", "ab" * 32),
)
NOTE = Note(5, "ana", "lines laid out", CENTRO)


@pytest.fixture
def layouts(engine: Engine) -> SqlLayouts:
    """The book of layouts, in a database with one store."""
    SqlArchive(engine).add_store(Store(CENTRO, "Mercado Centro", "Europe/Madrid"), at=1)
    return SqlLayouts(engine)


def test_a_store_has_no_layout_until_it_is_given_one(layouts: SqlLayouts) -> None:
    assert layouts.layout(CENTRO) is None
    assert not layouts.serials()
    assert not list(layouts.layouts())


def test_what_is_kept_comes_back_with_the_next_serial(layouts: SqlLayouts, engine: Engine) -> None:
    assert layouts.lay_out(CENTRO, WHOLE, 5, NOTE) == 1
    assert layouts.layout(CENTRO) == WHOLE
    assert layouts.lay_out(CENTRO, Layout(9, ()), 6, NOTE) == 2
    assert list(layouts.layouts()) == [(CENTRO, Layout(2, ()))]
    assert layouts.serials() == {CENTRO: 2}
    with reading(engine) as db:
        assert [row.action for row in db.execute(select(audit))][-2:] == ["lines laid out"] * 2


def test_who_looked_at_another_layout_overwrites_nothing(layouts: SqlLayouts) -> None:
    layouts.lay_out(CENTRO, WHOLE, 5, NOTE, seen=0)
    for seen in (0, 2):
        with pytest.raises(EditedMeanwhile):
            layouts.lay_out(CENTRO, Layout(1, ()), 6, NOTE, seen=seen)
    assert layouts.layout(CENTRO) == WHOLE
    assert layouts.lay_out(CENTRO, WHOLE, 6, NOTE, seen=1) == 2


def test_a_store_that_is_not_there_is_not_laid_out(layouts: SqlLayouts) -> None:
    with pytest.raises(NoSuchStore):
        layouts.lay_out(StoreId("nowhere"), WHOLE, 5, NOTE)
