"""What a log holds is read from the card before it is believed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.outbox_log import read_anew
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


def test_the_log_is_synced_and_nothing_in_it_changes(left_behind: Path) -> None:
    log = left_behind.with_name("outbox.db-wal")
    before = log.read_bytes()
    with watched() as synced:
        read_anew(left_behind)
    assert synced == ["outbox.db-wal"]  # what it let go of is seen by tests/drills/power
    assert log.read_bytes() == before
    with closing(SqliteOutbox(left_behind, KIOSK)) as outbox:
        assert outbox.held().last == 1


def test_without_a_log_there_is_nothing_to_do(tmp_path: Path) -> None:
    with closing(SqliteOutbox(tmp_path / "outbox.db", KIOSK)) as outbox:
        outbox.add(sale(1))
    with watched() as synced:
        read_anew(tmp_path / "outbox.db")
    assert synced == []


def test_an_outbox_whose_log_cannot_be_synced_is_not_opened(left_behind: Path) -> None:
    failing = OSError(errno.EIO, "the card is dying")
    with patch.object(os, "fsync", side_effect=failing), pytest.raises(OutboxError):
        SqliteOutbox(left_behind, KIOSK)
    with closing(SqliteOutbox(left_behind, KIOSK)) as outbox:
        assert outbox.held().last == 1
