"""A hub that is started before its database waits for it: after a power cut both start at once."""

from __future__ import annotations

import sqlite3
import time
from typing import Final

import structlog
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping
from sqlalchemy import Engine, text

from hub.adapters.database import reading
from shared.errors import ArchiveError

log = structlog.get_logger(__name__)

PATIENCE_S: Final = 60.0
"""A PostgreSQL that died with much to recover may take longer; then systemd starts the hub anew."""

PAUSE_S: Final = 2.0
"""So often it is asked, and said in the log."""

HINT: Final = "Wait: it is asked every few seconds for a minute. Then start the database."

_LOCKED: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def await_database(engine: Engine, seconds: float = PATIENCE_S, pause: float = PAUSE_S) -> None:
    """Return when it answers, or has not for so long, or where waiting mends nothing.

    Whether it can be used is seen by whoever uses it: a wrong password is told at once.
    """
    until = time.monotonic() + seconds
    away = _postgres_away if engine.dialect.name == "postgresql" else _sqlite_away
    while (why := away(engine)) is not None and time.monotonic() < until:
        log.warning("database.awaited", why=why, hint=HINT)
        time.sleep(pause)


def _postgres_away(engine: Engine) -> str | None:
    """Asked without signing in: what a refusal says is in the server's own language."""
    _, words = engine.dialect.create_connect_args(engine.url)
    known = {key: words[key] for key in ("host", "port", "dbname", "user") if key in words}
    answer = PGconn.ping(make_conninfo(**known, connect_timeout=3).encode())
    if answer == Ping.REJECT:
        return "it is starting, or stopping"
    return "nobody answers" if answer == Ping.NO_RESPONSE else None


def _sqlite_away(engine: Engine) -> str | None:
    try:
        with reading(engine) as db:
            db.execute(text("SELECT count(*) FROM sqlite_master"))
    except ArchiveError as fault:
        code = getattr(getattr(fault.__cause__, "orig", None), "sqlite_errorcode", 0)
        return "another program has locked it" if code & 0xFF in _LOCKED else None
    return None
