"""The user, and who may look into which folder."""

from __future__ import annotations

from pathlib import Path

from deploy.hub.people import FOLDERS, USER, People
from tests.deploy.hub.recorded import recorded


def test_the_user_can_sign_in_nowhere_and_is_made_once(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    assert People(machine).lacks() == []
    machine.at("/etc/passwd").write_text("root:x:0:0::/:\nnot-semblante:x:1:1::/:\n")
    assert People(machine).lacks() == [USER]
    People(machine).do()
    assert machine.commands[0].startswith("useradd --system")
    assert "nologin" in machine.commands[0]


def test_nobody_else_looks_into_what_holds_answers() -> None:
    secret = ("/var/lib/semblante", "/var/lib/semblante/data", "/var/backups/semblante")
    assert all(FOLDERS[folder][0] & 0o007 == 0 for folder in secret)
