"""Every file that others made is named once, with its licence beside it and a true sum."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from deploy.release.assets import Asset, assets

ROOT = Path(__file__).parents[3]
FOLDERS = {"browser": "hub/web/static/vendor", "kiosk": "kiosk/screen/fonts"}


def all_of_them() -> list[Asset]:
    return [asset for program in FOLDERS for asset in assets(ROOT, program)]


def test_every_file_in_the_folders_of_others_is_named_once() -> None:
    named = [path for asset in all_of_them() for path, _ in asset.sums]
    lying = [
        str(file.relative_to(ROOT))
        for folder in FOLDERS.values()
        for file in (ROOT / folder).iterdir()
        if file.suffix not in {".md", ".txt", ".py"} and file.is_file()
    ]
    assert sorted(named) == sorted(lying)


def test_every_sum_is_that_of_the_file() -> None:
    for asset in all_of_them():
        for path, content in asset.sums:
            assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == content


def test_every_licence_lies_beside_its_files() -> None:
    said = {"OFL-1.1": "SIL OPEN FONT LICENSE Version 1.1", "0BSD": "BSD"}
    for asset in all_of_them():
        assert said[asset.licence] in (ROOT / asset.licence_file).read_text()


def test_what_the_hub_ships_is_what_browsers_get() -> None:
    assert assets(ROOT, "hub") == assets(ROOT, "browser")


def test_the_page_in_the_folder_says_the_same_versions() -> None:
    page = (ROOT / "hub/web/static/vendor/README.md").read_text()
    for asset in assets(ROOT, "browser"):
        for path, _ in asset.sums:
            row = next(line for line in page.splitlines() if f"`{Path(path).name}`" in line)
            assert re.search(rf"\| {re.escape(asset.version)} \|", row)


def test_a_change_to_a_file_is_told() -> None:
    assert all(asset.change for asset in all_of_them() if any(".ttf" in p for p, _ in asset.sums))
