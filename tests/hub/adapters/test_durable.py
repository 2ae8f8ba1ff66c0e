"""A file is the old one or the new one, with the rights that were wished, and on disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hub.adapters.durable import write_whole


def test_a_file_is_put_in_its_place_with_its_rights_and_nothing_stays_beside_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "rights"
    (tmp_path / "rights.new").write_text("left by an interruption")
    write_whole(file, "one\n")
    write_whole(file, "two\n", 0o644)
    assert file.read_text() == "two\n"
    assert file.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [file]


def test_the_contents_are_on_disk_before_the_name_and_the_name_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, sync, replace = list[str](), os.fsync, Path.replace

    def noted(number: int) -> None:
        folder = Path(f"/proc/self/fd/{number}").is_dir()
        done.append("folder" if folder else "file")
        sync(number)

    def renamed(file: Path, to: Path) -> Path:
        done.append("renamed")
        return replace(file, to)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(Path, "replace", renamed)
    write_whole(tmp_path / "rights", "one\n")
    assert done == ["file", "renamed", "folder"]
