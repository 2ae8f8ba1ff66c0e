"""Who is at which scheduled work, in the hub's database."""

from __future__ import annotations

from sqlalchemy import Engine, update

from hub.adapters.database import inserting, writing
from hub.adapters.tables import leases
from hub.jobs import LEASE_MS


class SqlLeases:
    """Leases in SQLite or PostgreSQL: one row for each kind of work, changed by one statement."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, name: str, holder: str, now: int, *, due: int, lasts: int = LEASE_MS) -> bool:
        """Take the work if nobody is at it and it was not done since `due`."""
        row = {"name": name, "holder": "", "until": 0, "done_at": 0}
        free = (leases.c.name == name) & (leases.c.until <= now) & (leases.c.done_at < due)
        with writing(self._engine) as db:
            db.execute(inserting(db, leases).values(row).on_conflict_do_nothing())
            ours = update(leases).where(free).values(holder=holder, until=now + lasts)
            return db.execute(ours).rowcount == 1

    def done(self, name: str, holder: str, now: int) -> None:
        """The work is done; it is due again only later."""
        self._let_go(name, holder, {"until": 0, "done_at": now})

    def release(self, name: str, holder: str) -> None:
        """The work was not done; anybody may try again."""
        self._let_go(name, holder, {"until": 0})

    def _let_go(self, name: str, holder: str, values: dict[str, int]) -> None:
        ours = (leases.c.name == name) & (leases.c.holder == holder)
        with writing(self._engine) as db:
            db.execute(update(leases).where(ours).values(values))
