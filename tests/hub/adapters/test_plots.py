"""Stores that tell waits, with their kiosks, as both databases have them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, delete

from hub.adapters.archive import SqlArchive
from hub.adapters.database import writing
from hub.adapters.layouts import SqlLayouts
from hub.adapters.plots import Plots
from hub.adapters.tables import layouts
from hub.core.accounts import Note
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.core.waiting.posting import Plot, Stand
from shared.places import KioskId
from tests.parts.archives import CAJA_1, CAJA_2, CENTRO, K1, K2, PUERTO, furnish

NOTE = Note(1, "ana", "lines laid out", CENTRO)
LAYOUT = Layout(1, (Line(LineId("line-1"), (CAJA_1, CAJA_2)),))
NAMES = {CAJA_1: "Caja 1", CAJA_2: "Caja 2"}


@pytest.fixture
def archive(engine: Engine) -> SqlArchive:
    archive = SqlArchive(engine)
    furnish(archive)
    return archive


def test_stores_without_a_layout_are_none(archive: SqlArchive, engine: Engine) -> None:
    assert list(Plots(engine).read()) == []


def test_kiosks_are_where_they_stand_now(archive: SqlArchive, engine: Engine) -> None:
    SqlLayouts(engine).lay_out(CENTRO, LAYOUT, 1, NOTE)
    plots = Plots(engine)
    (found,) = plots.read()
    assert found == Plot(CENTRO, "Europe/Madrid", LAYOUT, (), NAMES)
    archive.assign(K1, CAJA_1, 5)
    archive.assign(K2, CAJA_2, 5)
    (found,) = plots.read()
    assert found.stands == (Stand(K1, CAJA_1), Stand(K2, CAJA_2))
    archive.assign(K1, CAJA_2, 6)
    archive.retire_kiosk(K2, 7)
    (found,) = plots.read()
    assert found.stands == (Stand(K1, CAJA_2),)


def test_a_layout_that_changed_is_seen_by_its_serial(archive: SqlArchive, engine: Engine) -> None:
    book, plots = SqlLayouts(engine), Plots(engine)
    for store in (CENTRO, PUERTO):
        book.lay_out(store, LAYOUT, 1, NOTE)
    assert [(one.store_id, one.layout.serial) for one in plots.read()] == [(CENTRO, 1), (PUERTO, 1)]
    book.lay_out(PUERTO, replace(LAYOUT, usual_ms=50_000), 2, NOTE)
    found = {one.store_id: one for one in plots.read()}
    assert found[PUERTO].layout.usual_ms == 50_000
    assert found[PUERTO].zone == "Atlantic/Canary"
    with writing(engine) as db:
        db.execute(delete(layouts).where(layouts.c.store_id == PUERTO))
    assert [one.store_id for one in plots.read()] == [CENTRO]


def test_a_layout_that_did_not_change_is_the_same_one(archive: SqlArchive, engine: Engine) -> None:
    SqlLayouts(engine).lay_out(CENTRO, LAYOUT, 1, NOTE)
    plots = Plots(engine)
    (one,), (other,) = plots.read(), plots.read()
    assert one.layout is other.layout, "it was not read again"
    assert KioskId("k-9") not in dict(other.stands)
