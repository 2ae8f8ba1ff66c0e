"""What the hub saw when it last tried the broker's rights, for whoever shows it: also another
process, and after the next start."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Engine, select

from hub.adapters.database import inserting, reading, writing
from hub.adapters.tables import inspections
from hub.core.troubles import Inspected

_RIGHTS: Final = "rights"


class SqlInspections:
    """One row in SQLite or PostgreSQL; none where no hub ever had to look."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, at: int) -> None:
        """From now on somebody should look; what was seen before stays."""
        row = {"name": _RIGHTS, "begun_at": at}
        with writing(self._engine) as db:
            db.execute(inserting(db, inspections).values(row).on_conflict_do_nothing())

    def note(self, heard: int, at: int) -> None:
        """Somebody looked, and what is forbidden arrived on so many topics."""
        seen = {"looked_at": at, "heard": heard}
        row = {"name": _RIGHTS, "begun_at": at, **seen}
        put = inserting(self._engine, inspections).values(row)
        with writing(self._engine) as db:
            db.execute(put.on_conflict_do_update(index_elements=["name"], set_=seen))

    def last(self) -> Inspected | None:
        """What was last seen."""
        c = inspections.c
        query = select(c.begun_at, c.looked_at, c.heard).where(c.name == _RIGHTS)
        with reading(self._engine) as db:
            row = db.execute(query).one_or_none()
        return None if row is None else Inspected(*row)
