"""Tellings in a database: noted with what they change; what else they do is in the contract."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, select

from hub.adapters.database import reading, writing
from hub.adapters.tables import audit, tellings
from hub.adapters.tellings import SqlTellings
from hub.core.accounts import Note
from hub.core.sensing import MOST_TELLINGS, Unheard
from hub.core.waiting.facts import Counted, Entered, LineId, Source
from shared.errors import TellingsFull
from shared.places import StoreId

CENTRO, LINE = StoreId("centro-012"), LineId("line-1")
FACT = Counted(2, LINE, 4, Source.TYPED)


@pytest.fixture
def book(engine: Engine) -> SqlTellings:
    """An empty book."""
    return SqlTellings(engine)


def test_a_note_is_kept_with_the_fact_or_not_at_all(book: SqlTellings, engine: Engine) -> None:
    note = Note(5, "ana", "count typed", "centro-012/line-1", "4")
    book.put(CENTRO, [FACT], 5, note)
    with pytest.raises(TellingsFull):
        book.put(CENTRO, [Entered(at, LINE) for at in range(MOST_TELLINGS)], 5, note)
    with reading(engine) as db:
        assert [row.action for row in db.execute(select(audit))] == ["count typed"]


def test_a_spoiled_row_is_passed_over(book: SqlTellings, engine: Engine) -> None:
    row = {"store_id": CENTRO, "received_at": 1, "body": '{"kind":'}
    with writing(engine) as db:
        db.execute(insert(tellings).values(row))
    book.put(CENTRO, [FACT], 2)
    assert book.take(10) == [Unheard(CENTRO, 2, FACT)]
    assert book.take(10) == []
