"""The user, and folders with their rights."""

from __future__ import annotations

from pathlib import Path

from deploy.hub.people import FOLDERS, USER, Folders, People
from tests.deploy.hub.recorded import recorded


def test_the_user_can_sign_in_nowhere_and_is_made_once(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    assert People(machine).lacks() == []
    machine.at("/etc/passwd").write_text("root:x:0:0::/:\nnot-semblante:x:1:1::/:\n")
    assert People(machine).lacks() == [USER]
    People(machine).do()
    assert machine.commands[0].startswith("useradd --system")
    assert "nologin" in machine.commands[0]


def test_folders_get_their_rights_back(tmp_path: Path) -> None:
    step = Folders(recorded(tmp_path))
    assert step.lacks() == list(FOLDERS)
    step.do()
    assert step.lacks() == []
    data = step.machine.at("/var/lib/semblante/data")
    data.chmod(0o777)
    assert step.lacks() == ["/var/lib/semblante/data"]
    step.do()
    assert data.stat().st_mode & 0o777 == 0o700


def test_nobody_else_looks_into_what_holds_answers() -> None:
    secret = ("/var/lib/semblante", "/var/lib/semblante/data", "/var/backups/semblante")
    assert all(FOLDERS[folder][0] & 0o007 == 0 for folder in secret)
