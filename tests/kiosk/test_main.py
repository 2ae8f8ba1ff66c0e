"""The command line: what it prints, and with which code it ends."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from io import StringIO
from pathlib import Path

import pytest

from kiosk.__main__ import ABSENT, RESTART, main
from kiosk.core.passcode import opens
from kiosk.core.readings import Part
from kiosk.core.restarting import RestartAsked
from kiosk.screen.words import sentences
from kiosk.screen.words.technician import names_of_parts
from tests.kiosk.wiring.samples import headless


@pytest.fixture(autouse=True)
def _logs_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    # Loggers remember how they were set up when they first spoke: other tests would inherit it.
    monkeypatch.setattr("kiosk.adapters.logs.configure_logs", lambda _style, _level: None)


def test_settings_with_faults_are_told_line_by_line_and_end_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text("sture = 1")
    for command in (["run", "-c", str(file)], ["check", "-c", str(file)], ["-c", str(file)]):
        assert main(command) == 2
        told = capsys.readouterr()
        assert told.out == ""
        lines = told.err.splitlines()
        assert "✗ sture: nobody knows this key; did you mean “store”?" in lines
        assert "✗ [broker]: this table is missing" in lines
        assert lines[-1].startswith("  → ")


def test_check_tells_each_part_in_a_line_and_ends_with_one_on_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    headless(tmp_path)
    assert main(["check", "-c", str(tmp_path / "kiosk.toml")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "✓ kiosk: k-1 stands at centro/caja-1"
    told = [line.partition(":")[0] for line in lines[1:] if not line.startswith("  →")]
    names = names_of_parts(sentences("en"))
    assert [name[2:] for name in told] == [names[part].lower() for part in Part]
    assert "✗ hub" in told
    assert all(name[0] in "✓!✗·" for name in told)
    assert any(line.startswith("  → ") for line in lines)


def test_hardware_that_is_not_there_has_an_exit_code_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "kiosk.toml")
    monkeypatch.setattr("kiosk.wiring.checks._broker", lambda _settings: "it answers")
    monkeypatch.setattr("kiosk.wiring.checks.CHIPS", tmp_path)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "lgpio")
    headless(tmp_path)
    assert main(["check", "-c", file]) == 0
    buttons = "[buttons]\nsad = 5\nneutral = 6\nhappy = 13"
    headless(tmp_path, f'[till]\nkind = "receipt"\nport = "/dev/nothing-here"\n{buttons}')
    assert main(["check", "-c", file]) == ABSENT == 4
    headless(tmp_path, f'[sound]\nplayer = "no-such-player"\n{buttons}')
    assert main(["check", "-c", file]) == 1, "a player that is not installed is no hardware"


def test_a_pin_becomes_the_lines_that_open_the_panel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("2580\n"))
    assert main(["pin"]) == 0
    table = capsys.readouterr().out
    assert "2580" not in table
    settings = headless(tmp_path, table)
    assert settings.panel is not None
    assert opens(settings.panel.pin, "2580")


def test_what_is_no_pin_is_refused_with_the_rule(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("12\n"))
    assert main(["pin"]) == 1
    assert "4 to 12 digits" in capsys.readouterr().err


def test_voices_are_made_where_the_settings_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    headless(tmp_path, "[sound]")
    assert main(["voices", "-c", str(tmp_path / "kiosk.toml")]) == 0
    assert f"{tmp_path / 'voices'}" in capsys.readouterr().out
    assert (tmp_path / "voices" / "es" / "asking.wav").stat().st_size > 10_000


def test_a_restart_that_was_asked_for_ends_with_three(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> None:
        raise RestartAsked("a technician asked for a restart")

    headless(tmp_path)
    monkeypatch.setattr("kiosk.wiring.whole.run", asked)
    assert main(["run", "-c", str(tmp_path / "kiosk.toml")]) == RESTART == 3


def test_an_unknown_command_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dance"])
    assert ended.value.code == 2
    assert "dance" in capsys.readouterr().err


def test_a_missing_extra_becomes_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'kivy'", name="kivy.base")

    headless(tmp_path)
    monkeypatch.setattr("kiosk.wiring.whole.run", fail)
    assert main(["run", "-c", str(tmp_path / "kiosk.toml")]) == 1
    assert "semblante[kiosk]" in capsys.readouterr().err


def test_a_missing_module_of_our_own_is_a_fault_and_no_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'kiosk.lopp'", name="kiosk.lopp")

    headless(tmp_path)
    monkeypatch.setattr("kiosk.wiring.whole.run", fail)
    with pytest.raises(ModuleNotFoundError):
        main(["run", "-c", str(tmp_path / "kiosk.toml")])


def test_the_version_is_told_without_importing_the_kiosk() -> None:
    code = "import sys, kiosk.__main__ as m\ntry: m.main(['--version'])\n"
    code += "except SystemExit: print(sorted({'paho', 'sqlalchemy', 'kivy'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == [version("semblante"), "[]"]
