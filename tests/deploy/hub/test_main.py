"""`python -m deploy.hub`: exit codes, and that whoever only looks changes nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.hub.__main__ import main

CHECKOUT = Path(__file__).parents[3]
PAGE = (CHECKOUT / "docs" / "hub-server.md").read_text()


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["deploy.hub", *words])
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return main()


def test_what_is_not_said_right_ends_with_2_and_every_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--name", "", "--web", "apache") == 2
    told = capsys.readouterr().err
    assert told.count("✗") == 2
    assert "→" in told


def test_whoever_only_looks_at_a_bare_root_is_told_all_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "--name", "hub", "--root", str(tmp_path), "--check") == 3
    told = capsys.readouterr().out
    assert "~ Debian's packages: ca-certificates" in told
    assert "changes to be made" in told.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_another_wish_ends_with_1_before_anything_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "etc/semblante").mkdir(parents=True)
    (tmp_path / "etc/semblante/hub.toml").write_text("[web]\nport = 1\n")
    assert run(monkeypatch, "--name", "hub", "--root", str(tmp_path)) == 1
    captured = capsys.readouterr()
    assert "web.port is 1, and should be 8080" in captured.err
    assert captured.out == ""


def test_it_runs_before_anything_is_installed() -> None:
    """By a Python that finds nothing but its standard library, and what lies in the checkout."""
    done = subprocess.run(
        [sys.executable, "-S", "-m", "deploy.hub", "--help"],
        cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "--check" in done.stdout


def test_only_root_sets_up_a_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["deploy.hub", "--name", "hub"])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert main() == 2
    assert "sudo make hub" in capsys.readouterr().err


def test_every_word_of_make_hub_stands_on_the_page_with_what_it_does() -> None:
    recipe = (CHECKOUT / "Makefile").read_text().partition("\nhub: ")[2].partition("\n\n")[0]
    words = set(re.findall(r"\$\(if \$\(([A-Z]+)\)", recipe)) | {"NAME"}
    assert {"DATABASE", "WEB", "TLS", "CHECK", "ROOT"} <= words
    assert set(re.findall(r"^\| `([A-Z]+)` \|", PAGE, re.MULTILINE)) == words


def test_every_place_that_the_page_names_is_one_of_a_server() -> None:
    sources = "\n".join(
        file.read_text()
        for file in (CHECKOUT / "deploy/hub").rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    )
    named = re.findall(r"^\| `(/[\w/.-]+)`", PAGE, re.MULTILINE)
    assert len(named) > 5
    assert all(place.replace("/VERSION", "") in sources for place in named)


def test_every_unit_of_ours_is_on_the_page() -> None:
    units = [file.name for file in (CHECKOUT / "deploy/hub/units").iterdir()]
    assert all(f"`{unit}`" in PAGE for unit in units)
