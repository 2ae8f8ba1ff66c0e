"""A bundle is fetched over TLS, and what came before a cut is not fetched again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.adapters.fetching import PART, fetch
from shared.errors import DeviceError
from tests.parts.authority import SmallAuthority
from tests.parts.releases import BundleDoor, bundle_door

CONTENT = bytes(range(256)) * 400


@pytest.fixture
def authority(tmp_path: Path) -> SmallAuthority:
    made = SmallAuthority()
    (tmp_path / "authority.pem").write_text(made.pem)
    return made


@pytest.fixture
def door(tmp_path: Path, authority: SmallAuthority) -> Iterator[BundleDoor]:
    (tmp_path / "1.2").write_bytes(CONTENT)
    with bundle_door(tmp_path, authority, tmp_path) as opened:
        yield opened


def fetched(door: BundleDoor, folder: Path, version: str = "1.2", room: int = 1 << 30) -> Path:
    to = folder / "1.2.tar"

    def check(coming: int) -> None:
        if coming > room:
            raise DeviceError("no room", code="no_space")

    fetch(door.url(version), to, folder / "authority.pem", check)
    return to


def refused(door: BundleDoor, folder: Path, version: str = "1.2", room: int = 1 << 30) -> str:
    with pytest.raises(DeviceError) as fault:
        fetched(door, folder, version, room)
    return fault.value.code


def test_a_bundle_comes_whole(door: BundleDoor, tmp_path: Path) -> None:
    assert fetched(door, tmp_path).read_bytes() == CONTENT
    assert door.ranges == [None]
    assert not (tmp_path / f"1.2.tar{PART}").exists()


def test_what_broke_off_goes_on_from_there(door: BundleDoor, tmp_path: Path) -> None:
    door.most = 40_000
    assert refused(door, tmp_path) == "fetch"
    assert refused(door, tmp_path) == "fetch"
    assert not (tmp_path / "1.2.tar").exists()
    door.most = None
    assert fetched(door, tmp_path).read_bytes() == CONTENT
    assert door.ranges == [None, "bytes=40000-", "bytes=80000-"]


def test_a_part_of_another_file_is_thrown_away(door: BundleDoor, tmp_path: Path) -> None:
    (tmp_path / f"1.2.tar{PART}").write_bytes(CONTENT * 2)
    assert refused(door, tmp_path) == "fetch"
    assert fetched(door, tmp_path).read_bytes() == CONTENT


def test_a_version_that_is_not_there_and_a_hub_that_is_not_are_told(
    door: BundleDoor, tmp_path: Path
) -> None:
    assert refused(door, tmp_path, "9.9") == "fetch"
    door.close()
    assert refused(door, tmp_path) == "fetch"


def test_a_door_of_another_authority_is_not_believed(door: BundleDoor, tmp_path: Path) -> None:
    (tmp_path / "authority.pem").write_text(SmallAuthority().pem)
    assert refused(door, tmp_path) == "fetch"


def test_nothing_is_written_where_there_is_no_room(door: BundleDoor, tmp_path: Path) -> None:
    assert refused(door, tmp_path, room=1_000) == "no_space"
    assert not (tmp_path / f"1.2.tar{PART}").exists()


@pytest.mark.parametrize("url", ["http://127.0.0.1/1", "file:///etc/passwd", "", "ftp://x/y"])
def test_only_https_is_spoken(url: str, tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="https"):
        fetch(url, tmp_path / "x", None, lambda _: None)
