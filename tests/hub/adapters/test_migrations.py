"""Migrations: they lead exactly to the tables, from anywhere, and say when they did not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, select, text

from hub.adapters.database import open_engine, reading, writing
from hub.adapters.migrations import check_schema, migrate
from hub.adapters.tables import hub, metadata
from shared.errors import SchemaOutdated
from tests.parts.databases import Cluster


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database in which nothing is."""
    url = f"sqlite:///{tmp_path}/hub.db"
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.url(cluster.make_database())
    engine = open_engine(url)
    yield engine
    engine.dispose()


def test_migrations_lead_exactly_to_the_tables(fresh: Engine) -> None:
    migrate(fresh)
    with fresh.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing_not_even_who_the_hub_is(fresh: Engine) -> None:
    names = []
    for _ in range(2):
        migrate(fresh)
        check_schema(fresh)
        with reading(fresh) as db:
            names.append(db.execute(select(hub)).all())
    assert names[0] == names[1]
    assert len(names[0]) == 1


def test_it_does_not_matter_where_it_is_started(
    fresh: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "50% elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    migrate(fresh)
    check_schema(fresh)
    assert list(elsewhere.iterdir()) == []


def test_an_empty_database_is_outdated(fresh: Engine) -> None:
    with pytest.raises(SchemaOutdated, match="not there"):
        check_schema(fresh)


def test_a_newer_database_is_left_alone(fresh: Engine) -> None:
    migrate(fresh)
    with writing(fresh) as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaOutdated, match="9999"):
        check_schema(fresh)
    with pytest.raises(SchemaOutdated, match="newer"):
        migrate(fresh)


def test_a_step_that_fails_leaves_nothing_behind(
    fresh: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("hub.adapters.migrations._name_hub", fail)
    with pytest.raises(RuntimeError):
        migrate(fresh)
    with pytest.raises(SchemaOutdated, match="not there"):
        check_schema(fresh)
