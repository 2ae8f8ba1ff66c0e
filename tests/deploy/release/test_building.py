"""The same bytes from the same commit, whatever the folder, its dates and its rights."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from deploy.release.building import build
from deploy.release.source import commit, committed_at, unpack
from shared.errors import ReleaseRefused

ROOT = Path(__file__).parents[3]


def built(root: Path, name: str, tree: Path, into: Path) -> dict[str, bytes]:
    unpack(root, name, tree)
    for number, file in enumerate(sorted(tree.rglob("*"))):
        file.chmod(file.stat().st_mode & 0o755 if number % 2 else file.stat().st_mode | 0o22)
        os.utime(file, (number, number))
    build(tree, committed_at(root, name), into)
    return {file.name: file.read_bytes() for file in into.iterdir()}


def test_two_builds_of_this_very_house_are_the_same_to_the_last_byte(tmp_path: Path) -> None:
    name = commit(ROOT)
    first = built(ROOT, name, tmp_path / "a" / "tree", tmp_path / "first")
    unpack(ROOT, name, tmp_path / "elsewhere")
    build(tmp_path / "elsewhere", committed_at(ROOT, name), tmp_path / "second")
    second = {file.name: file.read_bytes() for file in (tmp_path / "second").iterdir()}
    assert sorted(name.rpartition(".")[2] for name in first) == ["gz", "whl"]
    assert first == second


def test_a_wheel_bears_the_date_of_its_commit(project: Path, tmp_path: Path) -> None:
    built(project, "HEAD", tmp_path / "tree", tmp_path / "made")
    (wheel,) = (tmp_path / "made").glob("*.whl")
    assert {file.date_time[:4] for file in zipfile.ZipFile(wheel).infolist()} == {
        (2026, 11, 23, 10)
    }


def test_what_cannot_be_built_says_why(project: Path, tmp_path: Path) -> None:
    unpack(project, "HEAD", tmp_path / "tree")
    (tmp_path / "tree" / "pyproject.toml").write_text("[project]\n")
    with pytest.raises(ReleaseRefused, match="it cannot be built"):
        build(tmp_path / "tree", 1_795_428_000, tmp_path / "made")
