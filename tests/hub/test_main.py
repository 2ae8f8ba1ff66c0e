"""The commands, one after the other as a technician would type them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.__main__ import cli, main
from tests.parts.ports import free_port

pytestmark = pytest.mark.usefixtures("logs_as_before")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """One command: its exit code, what it printed, and what it complained of."""
    (tmp_path / "hub.toml").write_text(
        f'[broker]\nport = {free_port()}\npassword_file = "mosquitto/hub-password"\n'
        '[log]\nlevel = "error"\n[mosquitto]\nseen_as = "broker.example"\n'
    )

    def run(*words: str, pipe: str = "") -> tuple[int, str, str]:
        (tmp_path / "pipe").write_text(pipe)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["semblante-hub", *words])
        with (tmp_path / "pipe").open() as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            with pytest.raises(SystemExit) as ended:
                main()
        told = capfd.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


@pytest.fixture
def ready(run: Run) -> Run:
    for command in (
        "broker files",
        "migrate",
        "store add centro --name Centro --zone Europe/Madrid",
        "point add centro caja-1 --name Caja",
    ):
        code, _, complaint = run(*command.split())
        assert code == 0, complaint
    return run


def test_verify_and_rebuild_answer_in_a_sentence(ready: Run) -> None:
    assert "Every tally equals the recount of 0 records" in ready("verify")[1]
    assert "anew from 0 records" in ready("rebuild")[1]
    assert ready("quarantine")[:2] == (0, "")


@pytest.mark.parametrize(
    "words",
    [
        "store add centro --name Centro --zone Mars/Base",
        "store add centro --name Centro --zone Europe/Lisbon",
        "store add UPPER --name Centro --zone Europe/Madrid",
        "point add nowhere caja-1 --name Caja",
        "kiosk enrol k-1 centro nowhere",
        "kiosk enrol hub centro caja-1",
        "kiosk retire k-9",
    ],
)
def test_what_cannot_be_done_is_told_with_a_hint_and_exit_code_one(ready: Run, words: str) -> None:
    code, _, complaint = ready(*words.split())
    assert code == 1
    assert complaint.startswith("✗ ")
    assert "→ " in complaint
    assert "Traceback" not in complaint


def test_faults_of_the_settings_are_exit_code_two(run: Run, tmp_path: Path) -> None:
    code, _, complaint = run("settings", "check")
    assert (code, "broker files" in complaint) == (2, True)
    (tmp_path / "hub.toml").write_text("[web]\nport = 0\nhots = 1\n")
    code, _, complaint = run("settings", "check")
    assert (code, complaint.count("✗")) == (2, 2)


def test_settings_that_are_right_are_called_so(ready: Run) -> None:
    assert ready("settings", "check")[1] == "The settings are right.\n"


@pytest.mark.parametrize("words", ["nonsense", "store add", "user add ana --role king"])
def test_what_was_not_said_right_is_exit_code_two(run: Run, words: str) -> None:
    assert run(*words.split())[0] == 2


def test_every_command_stands_in_the_manual() -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()
    plain = [
        str(one.name or one.callback.__name__) for one in cli.registered_commands if one.callback
    ]
    grouped = [
        f"{group.name} {one.name}"
        for group in cli.registered_groups
        for one in group.typer_instance.registered_commands  # type: ignore[union-attr]
    ]
    missing = [name for name in plain + grouped if f"`semblante-hub {name}" not in page]
    assert not missing


def test_a_backup_is_made_told_and_restored(ready: Run, tmp_path: Path) -> None:
    assert ready("kiosk", "enrol", "k-1", "centro", "caja-1")[0] == 0
    code, printed, complaint = ready("backup", "one.backup")
    assert code == 0, complaint
    assert "one.backup holds 0 records of 1 kiosks in 1 stores, nothing yet." in printed
    assert ready("kiosk", "enrol", "k-2", "centro", "caja-1")[0] == 0
    code, printed, complaint = ready("restore", "one.backup")
    assert code == 0, complaint
    assert "k-2 was enrolled after it" in printed
    assert "k-2" not in ready("kiosk", "list")[1]
    assert ready("verify")[0] == 0


def test_what_cannot_be_backed_up_or_restored_says_what_to_do(ready: Run) -> None:
    assert ready("backup", "one.backup")[0] == 0
    code, _, complaint = ready("backup", "one.backup")
    assert (code, "is there already" in complaint, "another name" in complaint) == (1, True, True)
    code, _, complaint = ready("restore", "hub.toml")
    assert (code, "no backup" in complaint) == (1, True)
    assert ready("backup")[0] == 2
