"""What process and commands both begin with: the time, the database, and who may sign in."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import Engine

from hub.accounts import Accounts
from hub.adapters.accounts import SqlAccountBook
from hub.adapters.database import open_engine
from hub.adapters.passwords import ArgonPasswords
from hub.core.measures import Meter
from hub.settings import Settings
from shared.errors import ArchiveError


def now_ms() -> int:
    """The hub's time: milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def open_database(settings: Settings, *, pooled: bool = True) -> Engine:
    """The engine of these settings; a SQLite file is nobody else's; raises ArchiveError."""
    engine = open_engine(settings.database.url, pooled=pooled)
    if engine.dialect.name == "sqlite" and engine.url.database:
        file = Path(engine.url.database)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
        except OSError as fault:
            raise ArchiveError(f"no place for the database: {fault}") from fault
    return engine


def open_accounts(engine: Engine, meter: Meter | None = None) -> Accounts:
    """Users, sessions and the audit log in this database."""
    return Accounts(SqlAccountBook(engine), ArgonPasswords(), now_ms, meter=meter)
