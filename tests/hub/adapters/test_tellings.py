"""Tellings: taken once, in order, bounded for each store, and noted with what they change."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, select

from hub.adapters.database import reading, writing
from hub.adapters.tables import audit, tellings
from hub.adapters.tellings import SqlTellings
from hub.core.accounts import Note
from hub.core.sensing import MOST_TELLINGS, Unheard
from hub.core.waiting.facts import Called, Counted, Drew, Entered, Fact, Left, LineId, Source
from shared.errors import TellingsFull
from shared.places import StoreId

CENTRO, SUR, LINE = StoreId("centro-012"), StoreId("sur-003"), LineId("line-1")
FACTS: list[Fact] = [
    Counted(1, LINE, -3),
    Counted(2, LINE, 4, Source.TYPED),
    Entered(3, LINE),
    Left(4, LINE),
    Drew(5, LINE, "A1"),
    Called(6, LINE, "A1"),
]


@pytest.fixture
def book(engine: Engine) -> SqlTellings:
    """An empty book."""
    return SqlTellings(engine)


def test_what_waits_is_taken_once_and_in_order(book: SqlTellings) -> None:
    assert book.take(10) == []
    book.put(CENTRO, FACTS, 10)
    book.put(SUR, FACTS[:1], 11)
    assert book.take(4) == [Unheard(CENTRO, 10, fact) for fact in FACTS[:4]]
    rest = [Unheard(CENTRO, 10, fact) for fact in FACTS[4:]]
    assert book.take(10) == [*rest, Unheard(SUR, 11, FACTS[0])]
    assert book.take(10) == []


def test_a_store_that_nobody_hears_is_bounded_and_harms_no_other(book: SqlTellings) -> None:
    book.put(CENTRO, [Entered(at, LINE) for at in range(MOST_TELLINGS - 1)], 10)
    with pytest.raises(TellingsFull):
        book.put(CENTRO, FACTS[:2], 11)
    book.put(CENTRO, FACTS[:1], 11)
    book.put(SUR, FACTS, 11)
    assert len(book.take(2 * MOST_TELLINGS)) == MOST_TELLINGS + len(FACTS)
    book.put(CENTRO, FACTS, 12)


def test_a_note_is_kept_with_the_fact_or_not_at_all(book: SqlTellings, engine: Engine) -> None:
    note = Note(5, "ana", "count typed", "centro-012/line-1", "4")
    book.put(CENTRO, FACTS[:1], 5, note)
    with pytest.raises(TellingsFull):
        book.put(CENTRO, [Entered(at, LINE) for at in range(MOST_TELLINGS)], 5, note)
    with reading(engine) as db:
        assert [row.action for row in db.execute(select(audit))] == ["count typed"]


def test_a_spoiled_row_is_passed_over(book: SqlTellings, engine: Engine) -> None:
    row = {"store_id": CENTRO, "received_at": 1, "body": '{"kind":'}
    with writing(engine) as db:
        db.execute(insert(tellings).values(row))
    book.put(CENTRO, FACTS[:1], 2)
    assert book.take(10) == [Unheard(CENTRO, 2, FACTS[0])]
    assert book.take(10) == []
