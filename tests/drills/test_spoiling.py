"""Bits turn in one record of a file, and in no other."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from kiosk.adapters.outbox import SqliteOutbox
from tests.contracts.test_outbox import fill, receipt
from tests.drills.spoiling import spoil
from tests.kiosk.samples import KIOSK


def bodies(path: Path) -> dict[int, bytes]:
    with closing(sqlite3.connect(path)) as file:
        return dict(file.execute("SELECT seq, body FROM records").fetchall())


def test_one_record_that_waits_is_another_by_so_many_bits(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    with closing(SqliteOutbox(path, KIOSK)) as outbox:
        fill(outbox, 6)
        outbox.forget(receipt(outbox, 4))
        epoch = outbox.held().epoch
    before = bodies(path)
    found = spoil(path, random.Random(1), 3, {(epoch, 5)})
    assert found is not None
    assert (found.kiosk, found.epoch, found.seq, found.body) == (KIOSK, epoch, 6, before[6])
    after = bodies(path)
    turned = int.from_bytes(before[6], "big") ^ int.from_bytes(after.pop(6), "big")
    assert turned.bit_count() == 3
    assert after == {seq: body for seq, body in before.items() if seq != 6}


def test_where_nothing_lies_nothing_is_spoiled(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    SqliteOutbox(path, KIOSK).close()
    assert spoil(path, random.Random(1), 1, set()) is None
