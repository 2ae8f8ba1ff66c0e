"""Folders are made with their rights, and get them back."""

from __future__ import annotations

from pathlib import Path

from deploy.plans.folders import Folders
from tests.deploy.hub.recorded import recorded


def test_folders_get_their_rights_back(tmp_path: Path) -> None:
    open_to_all, secret = (0o755, "root", "root"), (0o700, "semblante", "semblante")
    step = Folders(recorded(tmp_path), {"/data": open_to_all, "/data/inside": secret})
    assert step.lacks() == ["/data", "/data/inside"]
    step.do()
    assert step.lacks() == []
    inside = step.machine.at("/data/inside")
    inside.chmod(0o777)
    assert step.lacks() == ["/data/inside"]
    step.do()
    assert inside.stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_place_of_a_folder_is_no_folder(tmp_path: Path) -> None:
    step = Folders(recorded(tmp_path), {"/data": (0o755, "root", "root")})
    (tmp_path / "data").touch()
    assert step.lacks() == ["/data"]
