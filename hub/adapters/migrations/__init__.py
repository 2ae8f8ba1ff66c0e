"""Brings a database to the schema in tables, step by step, and says whether it is there."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, insert, select

from hub.adapters.database import reading, writing
from hub.adapters.tables import hub
from shared.errors import SchemaOutdated


def migrate(engine: Engine) -> None:
    """Bring the database to this program's schema, in one transaction; harmless when it is."""
    with writing(engine) as db:
        settings = _settings()
        settings.attributes["connection"] = db
        _refuse_newer(db)
        command.upgrade(settings, "head")
        _name_hub(db)


def check_schema(engine: Engine) -> None:
    """Raises SchemaOutdated where the database is not of exactly this program's schema."""
    with reading(engine) as db:
        found = _found(db)
        wanted = ScriptDirectory.from_config(_settings()).get_current_head()
        if found != wanted:
            raise SchemaOutdated(f"the schema is {found or 'not there'}, needed is {wanted}")


def _refuse_newer(db: Connection) -> None:
    found = _found(db)
    known = {step.revision for step in ScriptDirectory.from_config(_settings()).walk_revisions()}
    if found is not None and found not in known:
        hint = "Start the newer version of the program, or restore the backup made before it."
        raise SchemaOutdated(f"the schema {found} is newer than this program", hint=hint)


def _found(db: Connection) -> str | None:
    return MigrationContext.configure(db).get_current_revision()


def _settings() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return settings


def _name_hub(db: Connection) -> None:
    """Give this hub its identity, once: receipts carry it, so that kiosks know whose they are."""
    if db.execute(select(hub.c.hub_id)).first() is None:
        made_at = time.time_ns() // 1_000_000
        db.execute(insert(hub).values(hub_id=uuid.uuid4().hex, generation=1, made_at=made_at))
