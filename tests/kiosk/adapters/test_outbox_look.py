"""`semblante-kiosk check` looks at the outbox, and leaves it as it is."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.outbox_look import look
from shared.deliveries import Receipt
from shared.errors import OutboxDamaged, OutboxError
from shared.places import kiosk_id
from tests.kiosk.samples import KIOSK, sale


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out box?#%41.db"  # a name may hold whatever a URI would read otherwise


def state(path: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of the folder: its bytes, and when it was written."""
    return {
        file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()
    }


def fill(path: Path, number: int) -> None:
    with closing(SqliteOutbox(path, KIOSK)) as outbox:
        for one in range(number):
            outbox.add(sale(one))


def test_it_counts_and_changes_nothing(path: Path) -> None:
    fill(path, 7)
    before = state(path)
    assert look(path, KIOSK) == f"{path}: 7 records wait for the hub"
    assert state(path) == before


def test_what_was_received_does_not_wait(path: Path) -> None:
    with closing(SqliteOutbox(path, KIOSK)) as outbox:
        for one in range(7):
            outbox.add(sale(one))
        batch = outbox.batch_from(1, 3)
        assert batch is not None
        outbox.forget(Receipt("hub", 1, batch.epoch, 3, batch.chain, 1))
    assert look(path, KIOSK) == f"{path}: 4 records wait for the hub"


def test_the_file_of_an_older_program_is_understood(path: Path) -> None:
    fill(path, 3)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("ALTER TABLE about DROP COLUMN received")
    assert look(path, KIOSK) == f"{path}: 3 records wait for the hub"


def test_another_kiosks_file_is_a_fault_and_is_not_moved_aside(path: Path) -> None:
    fill(path, 7)
    before = state(path)
    with pytest.raises(OutboxError, match=KIOSK):
        look(path, kiosk_id("k-099-01"))
    assert state(path) == before


def test_beside_a_running_kiosk_it_sees_what_is_kept_and_disturbs_nothing(path: Path) -> None:
    with closing(SqliteOutbox(path, KIOSK)) as running:
        for number in range(1, 30):
            running.add(sale(number))
            assert f"{number} records" in look(path, KIOSK)
            with pytest.raises(OutboxError, match=KIOSK):
                look(path, kiosk_id("k-099-01"))
        assert not running.damaged
        assert running.held().last == 29
    assert look(path, KIOSK).endswith("29 records wait for the hub")


def test_what_a_killed_kiosk_left_in_the_log_is_seen_and_stays_there(path: Path) -> None:
    with closing(SqliteOutbox(path, KIOSK)) as running:
        running.add(sale(1))
        killed = path.parent / "killed"
        killed.mkdir()
        for tail in ("", "-wal"):
            shutil.copy(path.with_name(path.name + tail), killed / f"outbox.db{tail}")
    left = killed / "outbox.db"
    before = left.read_bytes(), left.with_name("outbox.db-wal").read_bytes()
    assert "1 records" in look(left, KIOSK)
    assert (left.read_bytes(), left.with_name("outbox.db-wal").read_bytes()) == before


@pytest.mark.parametrize("spoilt", [b"no database at all" * 100, None])
def test_a_damaged_file_is_told_and_stays_where_it_is(path: Path, spoilt: bytes | None) -> None:
    fill(path, 300)
    if spoilt is None:
        whole = path.read_bytes()
        spoilt = whole[:8_192] + b"\xa5" * (len(whole) - 8_192)
    path.write_bytes(spoilt)
    before = state(path)
    with pytest.raises(OutboxDamaged):
        look(path, KIOSK)
    assert state(path) == before


def test_one_that_is_not_there_yet_is_not_made(path: Path) -> None:
    assert "the first start makes it" in look(path.parent / "var" / path.name, KIOSK)
    assert list(path.parent.iterdir()) == []


def test_a_folder_in_which_it_cannot_be_made_is_a_fault(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    with pytest.raises(OutboxError, match="cannot be written"):
        look(path, KIOSK)


def test_a_file_that_was_only_just_begun_holds_nothing(path: Path) -> None:
    sqlite3.connect(path).close()
    path.touch()
    assert "0 records" in look(path, KIOSK)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE other (x)")
    assert "0 records" in look(path, KIOSK)
