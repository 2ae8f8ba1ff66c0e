"""The book of windows on both databases: what is read of a line, and what was said of it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert

from hub.adapters import tables as t
from hub.adapters.database import writing
from hub.adapters.wait_whatifs import SqlWhatIfs
from hub.core.waiting.facts import LineId
from hub.core.waiting.windows import Opening, Wait, WhatIf, Why, Window
from tests.parts.archives import CAJA_1, CAJA_2, CENTRO, PUERTO, SeenOnDisk, furnish

LINE, OTHER = LineId("line-1"), LineId("line-2")
SAID = WhatIf(Window(LINE, 20261119, 100, 200), 31, 540_000.0, 300_000.0, Why.NOTHING)


@pytest.fixture
def book(engine: Engine) -> SqlWhatIfs:
    furnish(SeenOnDisk(engine).archive)
    return SqlWhatIfs(engine)


def test_who_joined_in_a_span_is_found_by_when_they_joined(
    engine: Engine, book: SqlWhatIfs
) -> None:
    found = [(LINE, 1_000, 400), (LINE, 1_000, 0), (LINE, 5_000, 4_200), (OTHER, 1_000, 0)]
    names = ("line_id", "at", "waited")
    rows = [dict(zip(names, one, strict=True)) | {"store_id": CENTRO} for one in found]
    with writing(engine) as db:
        db.execute(insert(t.waits), [row | {"told": None} for row in rows])
    assert book.waits(CENTRO, LINE, 600, 1_000) == [Wait(600, 400), Wait(800, 4_200)]
    assert book.waits(CENTRO, LINE, 601, 1_001) == [Wait(800, 4_200), Wait(1_000, 0)]
    assert book.waits(PUERTO, LINE, 0, 9_999) == []


def test_registers_stand_as_they_did_when_the_span_begins(engine: Engine, book: SqlWhatIfs) -> None:
    changes = [(CAJA_1, 10, True), (CAJA_1, 50, False), (CAJA_2, 60, True), (CAJA_2, 90, False)]
    names = ("point_id", "at", "open")
    rows = [dict(zip(names, one, strict=True)) | {"store_id": CENTRO} for one in changes]
    with writing(engine) as db:
        db.execute(insert(t.openings), rows)
    assert book.openings(CENTRO, [CAJA_1, CAJA_2], 20, 90) == [
        Opening(20, CAJA_1, True),
        Opening(50, CAJA_1, False),
        Opening(60, CAJA_2, True),
    ]
    assert book.openings(CENTRO, [CAJA_2], 0, 50) == []


def test_sales_of_a_span_are_those_of_its_hours_and_points(
    engine: Engine, book: SqlWhatIfs
) -> None:
    rows = [(CAJA_1, 100, 7), (CAJA_1, 200, 5), (CAJA_2, 100, 3)]
    names = ("point_id", "hour", "sales")
    with writing(engine) as db:
        values = [dict(zip(names, one, strict=True)) | {"store_id": CENTRO} for one in rows]
        db.execute(insert(t.tallies), values)
    assert book.sales(CENTRO, [CAJA_1], 100, 200) == 7
    assert book.sales(CENTRO, [CAJA_1, CAJA_2], 100, 201) == 15
    assert book.sales(CENTRO, [], 0, 999) == 0


def test_a_window_is_kept_once_and_forgotten_with_its_day(book: SqlWhatIfs) -> None:
    book.keep(CENTRO, SAID)
    book.keep(CENTRO, SAID._replace(after=None, why=Why.UNLIKE, worst=True))
    later = SAID._replace(window=Window(LINE, 20261120, 300, 400))
    book.keep(CENTRO, later)
    unlike = SAID._replace(after=None, why=Why.UNLIKE, worst=True)
    assert book.found(CENTRO, 20261119) == [later, unlike]
    assert book.found(CENTRO, 20261120) == [later]
    assert book.found(PUERTO, 0) == []
    book.forget(20261120)
    assert book.found(CENTRO, 0) == [later]
