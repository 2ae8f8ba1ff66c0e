"""Backups and restores, on both databases: whole, of one instant, and never half."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, insert, select, text, update

from hub.adapters import migrations
from hub.adapters import tables as t
from hub.adapters.archive import SqlArchive
from hub.adapters.backups import Backups
from hub.adapters.database import open_engine, reading, writing
from hub.adapters.migrations import check_schema, migrate
from hub.adapters.turns import turn_for
from hub.core.ports import Store
from shared.errors import BackupError
from shared.places import KioskId, StoreId
from tests.parts.databases import Cluster, migrated_postgres, migrated_sqlite

STORE = StoreId("centro")
NOW = 2_000_000_000_000


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A hub's database as a command has it, without a pool; PostgreSQL's is thrown away."""
    url = f"sqlite:///{tmp_path}/hub.db"
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.url(cluster.make_migrated())
    else:
        with migrated_sqlite(tmp_path / "hub.db"):
            pass
    engine = open_engine(url, pooled=False)
    SqlArchive(engine).add_store(Store(STORE, "Centro", "UTC"), 1)
    yield engine
    engine.dispose()


def enrol(engine: Engine, name: str, held: int) -> None:
    SqlArchive(engine).enrol_kiosk(KioskId(name), STORE, 1)
    number = int(name.removeprefix("k-"))
    row = {"store_id": STORE, "kiosk_id": name, "epoch": f"{number:016x}", "ledger": number,
           "held": held, "chain": b"\0" * 16, "first_at": 1,
           "last_at": 1_700_000_000_000}  # fmt: skip
    records = [
        {"store_id": STORE, "ledger": number, "seq": seq, "received_at": 1, "body": b"{\0'}\xff"}
        for seq in range(1, held + 1)
    ]
    with writing(engine) as db:
        db.execute(insert(t.ledgers).values(row))
        db.execute(insert(t.records), records)


def state(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but those that a restore writes."""
    with reading(engine) as db:
        return {
            table.name: sorted(tuple(row) for row in db.execute(select(table)))
            for table in t.metadata.sorted_tables
            if table.name not in ("hub", "restores", "restored_ledgers", "sessions")
        }


def generation(engine: Engine) -> int:
    with reading(engine) as db:
        return int(db.execute(select(t.hub.c.generation)).scalar_one())


def test_what_is_restored_is_what_was_there_at_the_backup(engine: Engine, tmp_path: Path) -> None:
    enrol(engine, "k-1", 120)
    before = state(engine)
    contents = Backups(engine).backup(tmp_path / "a.backup")
    assert (contents.stores, contents.records) == (1, 120)
    assert contents.kiosks == {"k-1"}
    assert contents.newest == 1_700_000_000_000
    enrol(engine, "k-2", 3)
    with writing(engine) as db:
        db.execute(update(t.ledgers).where(t.ledgers.c.ledger == 1).values(held=130))
    restored = Backups(engine).restore(tmp_path / "a.backup", NOW)
    assert state(engine) == before
    check_schema(engine)
    assert restored.present is not None
    assert restored.present.kiosks == {"k-1", "k-2"}
    with reading(engine) as db:
        c = t.restored_ledgers.c
        rows = db.execute(select(c.kiosk_id, c.held, c.once)).all()
    assert sorted(tuple(row) for row in rows) == [("k-1", 120, 130), ("k-2", 0, 3)]


def test_a_backup_is_one_file_that_nobody_else_reads(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    Backups(engine).backup(folder / "a.backup")
    assert [file.name for file in folder.iterdir()] == ["a.backup"]
    assert stat.S_IMODE((folder / "a.backup").stat().st_mode) == 0o600
    before = (folder / "a.backup").read_bytes()
    Backups(engine).restore(folder / "a.backup", NOW)
    assert (folder / "a.backup").read_bytes() == before
    assert [file.name for file in folder.iterdir()] == ["a.backup"]


def test_a_backup_is_made_while_others_read_and_write(engine: Engine, tmp_path: Path) -> None:
    with reading(engine) as reader, writing(engine) as writer:
        reader.execute(select(t.stores)).all()
        writer.execute(insert(t.stores).values(store_id="b", name="B", zone="UTC", made_at=1))
        contents = Backups(engine).backup(tmp_path / "a.backup")
    assert contents.stores == 1, "as of one instant: what is not committed is not in it"


def test_every_restore_is_a_generation_above_all_before(engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as db:
        made_at = db.execute(select(t.hub.c.made_at)).scalar_one()
    backups = Backups(engine)
    backups.backup(tmp_path / "a.backup")
    seen = [generation(engine)]
    for _ in range(3):
        backups.restore(tmp_path / "a.backup", made_at + 1)
        seen.append(generation(engine))
    assert seen == [1, 2, 3, 4]
    backups.restore(tmp_path / "a.backup", made_at + 9_000_000)
    assert generation(engine) == 9_000


def test_a_backup_restored_where_nothing_is_left_has_a_later_generation_too(
    engine: Engine, tmp_path: Path
) -> None:
    Backups(engine).backup(tmp_path / "a.backup")
    with reading(engine) as db:
        made_at = db.execute(select(t.hub.c.made_at)).scalar_one()
    generations = []
    for later in (50_000, 90_000):
        if engine.dialect.name == "sqlite":
            Path(engine.url.database or "").unlink()
        else:
            with writing(engine) as db:
                db.execute(text("DROP SCHEMA public CASCADE"))
                db.execute(text("CREATE SCHEMA public"))
        restored = Backups(engine).restore(tmp_path / "a.backup", made_at + later)
        assert restored.present is None
        generations.append(generation(engine))
    assert generations == [50, 90]


def test_nothing_is_restored_while_somebody_has_it_open(engine: Engine, tmp_path: Path) -> None:
    Backups(engine).backup(tmp_path / "a.backup")
    before = state(engine)
    with reading(engine) as other:
        other.execute(select(t.stores)).all()
        with pytest.raises(BackupError) as refused:
            Backups(engine).restore(tmp_path / "a.backup", NOW)
    assert "Stop the hub" in refused.value.hint
    assert (state(engine), generation(engine)) == (before, 1)


def test_nothing_is_restored_while_a_hub_takes_in(engine: Engine, tmp_path: Path) -> None:
    Backups(engine).backup(tmp_path / "a.backup")
    turn = turn_for(engine)
    assert turn.ours()
    try:
        with pytest.raises(BackupError):
            Backups(engine).restore(tmp_path / "a.backup", NOW)
    finally:
        turn.end()
    Backups(engine).restore(tmp_path / "a.backup", NOW)


def test_nothing_is_overwritten(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.backup").write_text("dear")
    with pytest.raises(BackupError):
        Backups(engine).backup(tmp_path / "a.backup")
    assert (tmp_path / "a.backup").read_text() == "dear"


@pytest.mark.parametrize("hurt", ["cut", "head", "middle", "missing", "other"])
def test_what_is_no_whole_backup_changes_nothing(engine: Engine, tmp_path: Path, hurt: str) -> None:
    file = tmp_path / "a.backup"
    enrol(engine, "k-1", 2_000)
    Backups(engine).backup(file)
    data = bytearray(file.read_bytes())
    if hurt == "cut":
        data = data[: len(data) // 2]
    elif hurt == "head":
        data[:4] = b"junk"
    elif hurt == "middle":
        middle = len(data) * 2 // 3
        data[middle : middle + 3_000] = b"\xa5" * 3_000
    elif hurt == "other":
        data = bytearray(b"PGDMP" if engine.dialect.name == "sqlite" else b"SQLite format 3\0")
    file.write_bytes(data)
    if hurt == "missing":
        file.unlink()
    before = state(engine)
    with pytest.raises(BackupError):
        Backups(engine).restore(file, NOW)
    assert (state(engine), generation(engine)) == (before, 1)


def test_no_backup_is_left_where_it_could_not_be_made(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BackupError):
        Backups(engine).backup(tmp_path / "nowhere" / "a.backup")
    with writing(engine) as db:
        db.execute(text("DELETE FROM hub"))
    with pytest.raises(BackupError, match="no hub"):
        Backups(engine).backup(tmp_path / "a.backup")
    assert not list(tmp_path.glob("a.backup*"))


def test_a_database_of_sqlite_is_kept_aside_and_may_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    engine = open_engine(f"sqlite:///{path}", pooled=False)
    migrate(engine)
    Backups(engine).backup(tmp_path / "a.backup")
    for number in (1, 2):
        path.write_bytes(b"SQLite format 3\0" + b"\xff" * 9_000)
        (tmp_path / "hub.db-wal").write_bytes(b"a log")
        restored = Backups(engine).restore(tmp_path / "a.backup", NOW)
        assert restored.aside == f"{path}-before-restore-{number}"
        assert restored.present is None
        assert Path(restored.aside).read_bytes().endswith(b"\xff")
        assert not (tmp_path / "hub.db-wal").exists()
        check_schema(engine)


def test_a_backup_of_an_older_program_is_brought_to_this_schema(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    engine = open_engine(f"sqlite:///{path}", pooled=False)
    migrate(engine)
    Backups(engine).backup(tmp_path / "a.backup")
    of_then = open_engine(f"sqlite:///{tmp_path}/a.backup", pooled=False)
    with writing(of_then) as db:
        steps = Config()
        steps.set_main_option("script_location", str(Path(migrations.__file__).parent))
        steps.attributes["connection"] = db
        command.downgrade(steps, "0002")
    of_then.dispose()
    Backups(engine).restore(tmp_path / "a.backup", NOW)
    check_schema(engine)


@pytest.mark.postgres
def test_without_the_programs_of_postgresql_it_is_said_what_to_install(
    postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with migrated_postgres(postgres) as engine:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(BackupError) as missing:
            Backups(engine).backup(tmp_path / "a.backup")
    assert "postgresql-client" in missing.value.hint
