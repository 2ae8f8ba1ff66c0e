"""Looks into an outbox without touching it: also one that a running kiosk is writing."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from shared.errors import OutboxDamaged, OutboxError
from shared.places import KioskId

_BUSY_SECONDS = 5.0
"""A kiosk that is just starting holds its file for a moment."""

_NOT_OURS = "Give this kiosk its own file; the next start would move this one aside."
_AT_THE_NEXT_START = "The next start moves it aside and begins another: keep the file."


def look(path: Path, kiosk: KioskId) -> str:
    """What is in it, in words; raises OutboxError where a kiosk could not use it as it is."""
    if not path.exists():
        _check_place(path)
        return f"{path}: not there yet; the first start makes it"
    try:
        with closing(_read_only(path)) as file:
            return f"{path}: {_waiting(file, path, kiosk)} records wait for the hub"
    except sqlite3.Error as fault:
        if fault.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise OutboxDamaged(f"{path} is damaged: {fault}", hint=_AT_THE_NEXT_START) from fault
        raise OutboxError(f"{path} cannot be read: {fault}") from fault


def recalled(path: Path, name: str) -> bytes | None:
    """The document of that name, as the kiosk keeps it; raises OutboxError."""
    if not path.exists():
        return None
    try:
        with closing(_read_only(path)) as file:
            found = file.execute("SELECT body FROM documents WHERE name = ?", (name,)).fetchone()
    except sqlite3.Error as fault:
        raise OutboxError(f"{path} cannot be read: {fault}") from fault
    return None if found is None else bytes(found[0])


def _check_place(path: Path) -> None:
    """The folder, or the one in which it would be made."""
    folder = next(one for one in path.absolute().parents if one.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutboxError(f"{folder} cannot be written by this user")


def _read_only(path: Path) -> sqlite3.Connection:
    # Without a log nobody has it open, and SQLite would make one, even to read: “immutable”.
    log = path.with_name(f"{path.name}-wal")
    how = "mode=ro" if log.exists() else "mode=ro&immutable=1"
    uri = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)


def _waiting(file: sqlite3.Connection, path: Path, kiosk: KioskId) -> int:
    (found,) = file.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise OutboxDamaged(f"{path} is damaged: {found}", hint=_AT_THE_NEXT_START)
    if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchone():
        return 0  # empty: the first start was cut short
    owner = file.execute("SELECT kiosk_id FROM about").fetchone()
    if owner is not None and owner[0] != kiosk:
        raise OutboxError(f"{path} is the outbox of {owner[0]!r:.50}", hint=_NOT_OURS)
    count = "SELECT count(*) FROM records WHERE seq > ?"
    (waiting,) = file.execute(count, (_received(file),)).fetchone()
    return int(waiting)


def _received(file: sqlite3.Connection) -> int:
    """Up to where the hub has them; a file of an older program does not say."""
    columns = {name for _, name, *_ in file.execute("PRAGMA table_info(about)")}
    if "received" not in columns:
        return 0
    (received,) = file.execute("SELECT coalesce(max(received), 0) FROM about").fetchone()
    return int(received)
