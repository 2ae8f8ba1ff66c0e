"""The database: made once, up while it is needed, and never migrated without a backup before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.hub.database import BACKUPS, Keeper
from deploy.hub.wishes import Database
from shared.errors import DeviceError
from tests.deploy.hub.recorded import recorded

CLUSTERS = "15 old 5433 online postgres /a /b\n17 main 5432 down postgres /c /d\n"


def down(words: Sequence[str], _: str) -> tuple[int, str]:
    """PostgreSQL does not run."""
    answers = {"pg_isready": (2, ""), "pg_lsclusters": (0, CLUSTERS)}
    return answers.get(words[0], (0, ""))


def there(words: Sequence[str], _: str) -> tuple[int, str]:
    """It runs, and has all that is ours."""
    return (0, "postgres\nsemblante\n") if words[0] == "psql" else (0, "")


def running(words: Sequence[str], _: str) -> tuple[int, str]:
    """One part of a hub runs."""
    return (0, "semblante-hub@web.service loaded\n") if "list-units" in words else (0, "")


def test_where_nobody_starts_postgresql_it_is_started_and_ended_again(tmp_path: Path) -> None:
    machine = recorded(tmp_path, answer=down)
    Keeper(machine, Database.POSTGRESQL).make()
    words = [command.split()[0] for command in machine.commands]
    assert words == [
        "pg_isready", "pg_lsclusters", "pg_ctlcluster", "psql", "createuser", "psql", "createdb",
        "pg_ctlcluster",
    ]  # fmt: skip
    assert machine.commands[2] == "pg_ctlcluster 17 main start"
    assert machine.commands[-1] == "pg_ctlcluster 17 main stop"
    assert ("postgres", "createuser semblante") in machine.ran  # with no right but to sign in


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    machine = recorded(tmp_path, answer=there)
    Keeper(machine, Database.POSTGRESQL).make()
    assert [command.split()[0] for command in machine.commands] == ["pg_isready", "psql", "psql"]


def test_postgresql_ends_also_where_something_fails(tmp_path: Path) -> None:
    def fails(words: Sequence[str], said: str) -> tuple[int, str]:
        return (1, "no room") if words[0] == "createdb" else down(words, said)

    machine = recorded(tmp_path, answer=fails)
    with pytest.raises(DeviceError, match="no room"):
        Keeper(machine, Database.POSTGRESQL).make()
    assert machine.commands[-1] == "pg_ctlcluster 17 main stop"


def test_a_machine_without_a_cluster_is_told_how_to_make_one(tmp_path: Path) -> None:
    def none(words: Sequence[str], _: str) -> tuple[int, str]:
        return (2, "") if words[0] == "pg_isready" else (0, "")

    with pytest.raises(DeviceError) as raised:
        Keeper(recorded(tmp_path, answer=none), Database.POSTGRESQL).make()
    assert "pg_createcluster" in raised.value.hint


def test_the_first_tables_need_no_backup(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    Keeper(machine, Database.SQLITE).migrate("1", before=False)
    hub = "/opt/semblante/1/bin/semblante-hub migrate --config /etc/semblante/hub.toml"
    assert machine.ran == [("semblante", hub)]


def test_an_update_stops_the_hub_and_backs_up_by_the_version_that_wrote_it(tmp_path: Path) -> None:
    machine = recorded(tmp_path, answer=running, systemd=True)
    Keeper(machine, Database.SQLITE).migrate("2", before=True)
    _, stop, backup, migrate = machine.commands
    assert stop == "systemctl stop semblante-hub@web.service"
    assert backup.startswith("/opt/semblante/current/bin/semblante-hub backup /var/backups")
    assert migrate.startswith("/opt/semblante/2/bin/semblante-hub migrate")


def test_where_an_update_fails_the_hub_that_ran_goes_on(tmp_path: Path) -> None:
    def fails(words: Sequence[str], said: str) -> tuple[int, str]:
        return (1, "no room") if "migrate" in words else running(words, said)

    machine = recorded(tmp_path, answer=fails, systemd=True)
    with pytest.raises(DeviceError, match="no room"):
        Keeper(machine, Database.SQLITE).migrate("2", before=True)
    assert machine.commands[-1] == "systemctl start semblante-hub@web.service"


def test_the_backup_of_an_interrupted_update_is_kept(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    machine.at(BACKUPS).mkdir(parents=True)
    machine.at(f"{BACKUPS}/before-2.backup").touch()
    Keeper(machine, Database.SQLITE).migrate("2", before=True)
    assert [command.split()[1] for command in machine.commands] == ["migrate"]
