"""What is found in a log is made sure of before it is believed."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.outbox_log import make_sure
from shared.errors import OutboxError
from tests.kiosk.samples import KIOSK, sale

KILLED = """
import os, sys
from pathlib import Path
from kiosk.adapters.outbox import SqliteOutbox
from tests.kiosk.samples import KIOSK, sale
outbox = SqliteOutbox(Path(sys.argv[1]), KIOSK)
outbox.add(sale(1))
os._exit(9)
"""


@pytest.fixture
def left_behind(tmp_path: Path) -> Path:
    """An outbox with a log, as a kiosk leaves it that was killed."""
    path = tmp_path / "outbox.db"
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, timeout=30)
    assert (tmp_path / "outbox.db-wal").stat().st_size > 0
    return path


@contextmanager
def watched() -> Iterator[list[str]]:
    """The files that are synced by the program itself."""
    found, fsync = list[str](), os.fsync

    def note(file: int) -> None:
        found.append(Path(f"/proc/self/fd/{file}").readlink().name)
        fsync(file)

    with patch.object(os, "fsync", note):
        yield found


def test_the_log_is_written_once_more_and_synced_and_nothing_in_it_changes(
    left_behind: Path,
) -> None:
    log = left_behind.with_name("outbox.db-wal")
    before = log.read_bytes()
    with watched() as synced:
        make_sure(left_behind)
    assert synced == ["outbox.db-wal"]
    assert log.read_bytes() == before
    with closing(SqliteOutbox(left_behind, KIOSK)) as outbox:
        assert outbox.held().last == 1


def test_without_a_log_there_is_nothing_to_do(tmp_path: Path) -> None:
    with closing(SqliteOutbox(tmp_path / "outbox.db", KIOSK)) as outbox:
        outbox.add(sale(1))
    with watched() as synced:
        make_sure(tmp_path / "outbox.db")
    assert synced == []


def test_an_outbox_whose_log_cannot_be_made_sure_of_is_not_opened(left_behind: Path) -> None:
    failing = OSError(errno.EIO, "the card is dying")
    with patch.object(os, "fsync", side_effect=failing), pytest.raises(OutboxError):
        SqliteOutbox(left_behind, KIOSK)
    with closing(SqliteOutbox(left_behind, KIOSK)) as outbox:
        assert outbox.held().last == 1


def test_while_another_program_writes_the_log_is_left_alone(left_behind: Path) -> None:
    writing = f"""
import sqlite3, sys
file = sqlite3.connect({str(left_behind)!r}, isolation_level=None)
file.execute("BEGIN IMMEDIATE")
print("writing", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", writing], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"writing\n"
        with watched() as synced, pytest.raises(OSError):  # noqa: PT011 EAGAIN or EACCES
            make_sure(left_behind)
        other.communicate(timeout=30)
    assert synced == []
    with closing(sqlite3.connect(left_behind)) as file:
        assert file.execute("SELECT count(*) FROM records").fetchone() == (1,)
