"""The join by command and by job: one of them at a time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hub.adapters.accounts import SqlAccountBook
from hub.adapters.database import open_engine
from hub.adapters.leases import SqlLeases
from hub.adapters.migrations import migrate
from hub.sections import Database
from hub.settings import Settings
from hub.wiring.joining import LEASE, join_again, waits_every_minute
from hub.wiring.opening import now_ms
from shared.errors import ArchiveError


def test_while_the_hub_joins_the_command_says_so_and_then_it_goes_on(tmp_path: Path) -> None:
    settings = Settings(database=Database(url=f"sqlite:///{tmp_path}/hub.db"))
    engine = open_engine(settings.database.url)
    try:
        migrate(engine)
        leases, now = SqlLeases(engine), now_ms()
        assert leases.take(LEASE, "a hub", now, due=now)
        with pytest.raises(ArchiveError, match="at it just now"):
            join_again(settings, date(2026, 11, 1))
        leases.done(LEASE, "a hub", now_ms())
        assert join_again(settings, date(2026, 11, 1)) == (0, 0)
        entries = SqlAccountBook(engine).entries(9, None)
        assert [one.note.action for one in entries] == ["waits joined"]
        for work in waits_every_minute(settings, engine).values():
            work()
    finally:
        engine.dispose()
