"""Bits that turn in the file itself, between two runs and while the outbox is open."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from kiosk.adapters import outbox_rows
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.mending import LONGEST_SEARCHED
from shared.errors import NotKept
from shared.questionnaires import Answer, Response
from shared.records import Loss
from shared.visits import Input
from tests.contracts.test_outbox import fill
from tests.contracts.test_outbox_spoiled import Hub, bodies_of, told
from tests.kiosk.core.test_mending import turned
from tests.kiosk.samples import BOOT_ID, KIOSK, POINT, moment, sale, visit

RECORDS = 9


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def opened(path: Path) -> SqliteOutbox:
    return SqliteOutbox(path, KIOSK)


def filled(path: Path) -> list[bytes]:
    """Sales and visits; returns their bytes."""
    with closing(opened(path)) as outbox:
        for number in range(RECORDS):
            outbox.add(sale(number)) if number % 2 else outbox.seal(visit(number))
        return bodies_of(outbox)


def told_to_sqlite(path: Path, words: str, *values: object) -> list[tuple[bytes, ...]]:
    with closing(sqlite3.connect(path)) as file, file:
        return file.execute(words, values).fetchall()


def turn_in_file(path: Path, seq: int, wheres: list[float], *, behind: bool = True) -> None:
    """Turn bits of a row where it lies: in its body, or in the chain value behind that."""
    (row,) = told_to_sqlite(path, "SELECT body, chain FROM records WHERE seq = ?", seq)
    whole = b"".join(row)
    lies = bytearray(path.read_bytes())
    places = [found.start() for found in re.finditer(re.escape(whole), bytes(lies))]
    assert places
    reach = len(whole if behind else row[0]) * 8
    for bit in {int(where * reach) for where in wheres}:
        for place in places:  # a page that was split holds what it held before, too
            lies[place + bit // 8] ^= 1 << bit % 8
    path.write_bytes(lies)


SEQS = st.integers(1, RECORDS)
WHERE = st.floats(0, 1, exclude_max=True)


@settings(deadline=None, max_examples=40)
@given(SEQS, WHERE)
def test_whichever_bit_of_a_waiting_record_turns_in_the_file_nothing_is_lost(
    seq: int, where: float
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outbox.db"
        bodies = filled(path)
        turn_in_file(path, seq, [where])
        with closing(opened(path)) as outbox:
            alarms, hub = told(outbox), Hub(outbox)
            outbox.add(sale(99))
            hub.drain(outbox)
            assert list(hub.bodies.values())[:-1] == bodies
            assert len(hub.bodies) == RECORDS + 1
            assert outbox.set_aside is None
            assert alarms == []


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(SEQS, st.lists(WHERE, min_size=2, max_size=6), min_size=1, max_size=3),
    st.booleans(),
)
def test_where_several_bits_turn_only_those_records_are_gone_and_it_is_told(
    turns: dict[int, list[float]], behind: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outbox.db"
        bodies = filled(path)
        for seq, wheres in turns.items():
            turn_in_file(path, seq, wheres, behind=behind)
        with closing(opened(path)) as outbox:
            alarms, hub = told(outbox), Hub(outbox)
            hub.drain(outbox)
            gone = {seq for first, last in hub.lost for seq in range(first, last + 1)}
            said = [seq for one in hub.notices() for seq in range(one.first, one.last + 1)]
            unproved = {seq + 1 for seq in turns} if behind else set()
            assert gone <= turns.keys() | unproved
            assert set(said) == gone
            assert len(said) == len(gone) == hub.ledger.lost
            assert bool(alarms) == bool(gone)
            for seq, body in enumerate(bodies, 1):
                assert hub.bodies.get(seq) == (None if seq in gone else body)


def test_a_last_seq_that_turned_is_given_back_before_the_next_is_given(path: Path) -> None:
    bodies = filled(path)
    told_to_sqlite(path, "UPDATE records SET seq = seq + 64 WHERE seq = ?", RECORDS)
    with closing(opened(path)) as outbox:
        assert outbox.held().last == RECORDS
        outbox.add(sale(99))
        hub = Hub(outbox)
        hub.drain(outbox)
        assert list(hub.bodies)[-1] == RECORDS + 1
        assert list(hub.bodies.values())[:-1] == bodies


def test_a_last_seq_that_turned_while_it_runs_is_given_back_when_it_is_sent(path: Path) -> None:
    bodies = filled(path)
    with closing(opened(path)) as outbox:
        told_to_sqlite(path, "UPDATE records SET seq = seq + 64 WHERE seq = ?", RECORDS)
        fill(outbox, 3)
        hub = Hub(outbox)
        hub.drain(outbox)
        assert outbox.held().last == RECORDS + 3
        assert list(hub.bodies.values())[:RECORDS] == bodies


def test_what_no_row_proves_to_be_the_next_is_not_sent_as_the_next(path: Path) -> None:
    filled(path)
    with closing(opened(path)) as outbox:
        told_to_sqlite(path, "DELETE FROM records WHERE seq = 4")
        batch = outbox.batch_from(1, 500)
        assert batch is not None
        assert batch.last == 3


def test_a_mended_row_is_written_down_and_the_log_says_so_without_its_words(path: Path) -> None:
    bodies = filled(path)
    turn_in_file(path, 3, [0.3])
    with closing(opened(path)) as outbox, capture_logs() as logs:
        assert bodies_of(outbox) == bodies
        assert bodies_of(outbox) == bodies
    assert [(one["event"], one["seq"], one["log_level"]) for one in logs] == [
        ("record_mended", 3, "warning")
    ]


def test_a_long_record_is_not_searched_but_told(path: Path) -> None:
    texts: dict[str, Answer] = {f"why-{n}": "x" * 1_000 for n in range(3)}
    long = Response(
        POINT, BOOT_ID, "more", 1, "es", Input.TOUCH, moment(1), moment(2), True, texts
    )  # fmt: skip
    with closing(opened(path)) as outbox:
        outbox.add(long)
        assert len(bodies_of(outbox)[0]) > LONGEST_SEARCHED
    turn_in_file(path, 1, [0.5])
    with closing(opened(path)) as outbox:
        hub = Hub(outbox)
        hub.drain(outbox)
        assert hub.lost == [(1, 1)]


def test_on_a_card_that_cannot_be_written_a_spoiled_record_waits_and_what_is_sound_goes(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path)
    with closing(opened(path)) as outbox:
        told_to_sqlite(path, "UPDATE records SET body = x'7b7d' WHERE seq = 1")
        with monkeypatch.context() as broken:
            broken.setattr(outbox_rows, "append", not_kept)
            with pytest.raises(NotKept):
                outbox.batch_from(1, 500)
        assert outbox.held().oldest == 1, "not dropped without its notice"
        hub = Hub(outbox)
        hub.drain(outbox)
        assert [type(one) for one in hub.notices()] == [Loss]


def not_kept(*_said: object) -> bytes:
    raise NotKept("the card is full")


def test_a_doubted_record_under_a_notice_is_not_sealed_again(path: Path) -> None:
    """Its commit failed, and stands all the same; then the courier dropped another record."""
    filled(path)
    with closing(opened(path)) as outbox:
        outbox.add(sale(50))
        outbox._doubted = sale(50), (outbox._read(outbox_rows.tip_chain),)
        told_to_sqlite(path, "UPDATE records SET body = x'7b7d' WHERE seq = 1")
        assert outbox.batch_from(1, 500) is not None
        outbox.add(sale(50))
        assert outbox.held().last == RECORDS + 2, "the notice came last"


def test_a_chain_value_of_the_last_record_that_turned_is_mended_on_opening(path: Path) -> None:
    filled(path)
    ((chain,),) = told_to_sqlite(path, "SELECT chain FROM records WHERE seq = ?", RECORDS)
    words = "UPDATE records SET chain = ? WHERE seq = ?"
    told_to_sqlite(path, words, turned(chain, 100), RECORDS)
    with closing(opened(path)):
        pass
    assert told_to_sqlite(path, "SELECT chain FROM records WHERE seq = ?", RECORDS) == [(chain,)]


def test_a_value_whose_type_turned_is_read_as_the_bytes_that_it_is(path: Path) -> None:
    """In the row's head a blob and a text of the same bytes are one bit apart."""
    bodies = filled(path)
    told_to_sqlite(path, "UPDATE records SET body = CAST(body AS TEXT) WHERE seq = 3")
    told_to_sqlite(path, "UPDATE records SET chain = CAST(chain AS TEXT) WHERE seq IN (5, 9)")
    with closing(opened(path)) as outbox:
        outbox.add(sale(99))
        hub = Hub(outbox)
        hub.drain(outbox)
        assert list(hub.bodies.values())[:-1] == bodies
