"""Versions of the program: whole or thrown away, the one before kept, older ones gone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.hub.program import CURRENT, HOME, LOCK, Current, Program, Source
from shared.errors import DeviceError
from tests.deploy.hub.recorded import recorded

ROOT = Path(__file__).parents[3]


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A small checkout."""
    folder = tmp_path / "checkout"
    for name in ("hub/a.py", "kiosk/b.py", "shared/c.py", "README.md", "LICENSE", str(LOCK)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (folder / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    return Source(folder)


def test_any_change_is_another_version_and_what_python_leaves_is_none(source: Source) -> None:
    before = source.version()
    assert before.startswith("1.2.3-")
    (source.folder / "hub/__pycache__").mkdir()
    (source.folder / "hub/__pycache__/a.pyc").write_text("x")
    assert source.version() == before
    (source.folder / "shared/c.py").write_text("changed")
    assert source.version() != before


def test_a_version_counts_only_once_it_is_whole(source: Source, tmp_path: Path) -> None:
    machine = recorded(tmp_path / "root")
    step = Program(machine, source, "1")
    half = machine.at(f"{HOME}/1/half")
    half.parent.mkdir(parents=True)
    half.touch()
    assert step.lacks() == ["1"]
    step.do()
    assert step.lacks() == []
    assert not half.exists()
    assert not machine.at(f"{HOME}/1/source").exists()


def test_what_is_installed_is_locked_by_hashes(source: Source, tmp_path: Path) -> None:
    machine = recorded(tmp_path / "root")
    Program(machine, source, "1").do()
    venv, locked, ours = machine.commands
    assert venv == f"python3 -m venv {HOME}/1"
    assert "--require-hashes" in locked
    assert all(word in ours for word in ("--no-deps", "--no-index", "--no-build-isolation"))


def test_where_wheels_came_along_no_index_is_asked(source: Source, tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    machine = recorded(tmp_path / "root")
    Program(machine, source, "1", tmp_path / "wheels").do()
    assert f"--no-index --find-links {HOME}/1/wheels" in machine.commands[1]
    assert not machine.at(f"{HOME}/1/wheels").exists()


def test_a_failure_leaves_no_version_that_counts(source: Source, tmp_path: Path) -> None:
    def fails(words: Sequence[str], _: str) -> tuple[int, str]:
        return (1, "no network") if "install" in words else (0, "")

    step = Program(recorded(tmp_path / "root", answer=fails), source, "1")
    with pytest.raises(DeviceError, match="no network"):
        step.do()
    assert step.lacks() == ["1"]


def test_the_version_before_stays_and_older_ones_go(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    for version in ("1", "2", "3"):
        machine.at(f"{HOME}/{version}").mkdir(parents=True)
        Current(machine, version).do()
    assert (machine.leads_to(CURRENT), machine.leads_to(f"{HOME}/previous")) == ("3", "2")
    assert sorted(path.name for path in machine.at(HOME).iterdir() if path.is_dir()) == [
        "2", "3", "current", "previous",
    ]  # fmt: skip
    assert Current(machine, "3").lacks() == []
    assert Current(machine, "2").lacks() == ["2"]


def test_the_locked_list_is_part_of_the_workstations() -> None:
    """What is tested is what a server gets: the same versions with the same hashes."""

    def locked(file: Path) -> set[str]:
        lines = (line.strip(" \\\n") for line in file.read_text().splitlines())
        return {line for line in lines if "==" in line or line.startswith("--hash")}

    ours = locked(ROOT / LOCK)
    theirs = locked(ROOT / "deploy/workstation/requirements.txt")
    assert len(ours) > 100
    assert ours - theirs == set()


def test_the_real_checkout_has_all_that_is_installed() -> None:
    files = [str(path) for path in Source(ROOT).files()]
    assert {"pyproject.toml", "LICENSE", "README.md", str(LOCK), "hub/__main__.py"} <= set(files)
    assert len(files) == len(set(files))
