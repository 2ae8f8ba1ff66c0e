"""What both disks do, the real one and the one in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.adapters.disk import LONGEST, Card, Disk, drop, point, put
from tests.fakes.disk import FakeDisk


@pytest.fixture(params=["card", "fake"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Disk, Path]]:
    if request.param == "card":
        yield Card(), tmp_path
    else:
        disk, root = FakeDisk(), Path("/data")
        disk.make_folder(root)
        yield disk, root


def test_a_file_holds_what_was_put_there_last(place: tuple[Disk, Path]) -> None:
    disk, root = place
    assert disk.read(root / "a") is None
    put(disk, root / "a", b"one")
    put(disk, root / "a", b"two")
    assert disk.read(root / "a") == b"two"
    assert list(disk.names(root)) == ["a"]
    drop(disk, root / "a")
    drop(disk, root / "a")
    assert list(disk.names(root)) == []


def test_a_link_points_where_it_was_pointed_last(place: tuple[Disk, Path]) -> None:
    disk, root = place
    assert disk.link(root / "current") is None
    for target in ("versions/1", "versions/2", "versions/2"):
        point(disk, root / "current", target)
        assert disk.link(root / "current") == target
    disk.symlink("versions/3", root / "current.new")  # left by a power cut
    point(disk, root / "current", "versions/1")
    assert disk.link(root / "current") == "versions/1"
    assert list(disk.names(root)) == ["current"]


def test_a_link_is_not_made_over_another_name(place: tuple[Disk, Path]) -> None:
    disk, root = place
    disk.symlink("a", root / "x")
    with pytest.raises(FileExistsError):
        disk.symlink("b", root / "x")


def test_a_folder_goes_with_all_that_is_in_it(place: tuple[Disk, Path]) -> None:
    disk, root = place
    disk.make_folder(root / "f")
    disk.make_folder(root / "f")
    disk.write(root / "f" / "a", b"x")
    disk.sync(root / "f" / "a")
    assert list(disk.names(root / "f")) == ["a"]
    disk.remove_tree(root / "f")
    disk.remove_tree(root / "f")
    assert list(disk.names(root / "f")) == []
    assert disk.read(root / "f" / "a") is None


def test_what_is_not_there_cannot_be_moved_nor_written_into(place: tuple[Disk, Path]) -> None:
    disk, root = place
    with pytest.raises(FileNotFoundError):
        disk.rename(root / "a", root / "b")
    with pytest.raises(FileNotFoundError):
        disk.write(root / "nowhere" / "b", b"")
    disk.settle()
    disk.sync_folder(root)
    assert disk.free(root) > 0


def test_no_link_is_followed_and_nothing_but_a_plain_file_is_read(tmp_path: Path) -> None:
    card, other = Card(), tmp_path / "other"
    other.write_bytes(b"program")
    (tmp_path / "a").symlink_to(other)
    assert card.read(tmp_path / "a") is None
    put(card, tmp_path / "b", b"ours")
    (tmp_path / "b.new").symlink_to(other)
    put(card, tmp_path / "b", b"newer")
    assert other.read_bytes() == b"program"
    assert card.read(tmp_path / "b") == b"newer"
    os.mkfifo(tmp_path / "pipe")
    assert card.read(tmp_path / "pipe") is None
    assert card.read(tmp_path) is None
    (tmp_path / "long").write_bytes(b"x" * (LONGEST + 1))
    assert len(card.read(tmp_path / "long") or b"") == LONGEST


def test_without_power_what_was_not_synced_is_lost() -> None:
    disk, root = FakeDisk(), Path("/data")
    disk.make_folder(root)
    disk.settle()
    disk.write(root / "a", b"x")
    disk.come_back(lost=0)
    assert disk.read(root / "a") == b"", "the name is there, and nothing in it"
    disk.write(root / "b", b"x")
    disk.sync(root / "b")
    disk.come_back(lost=1)
    assert list(disk.names(root)) == ["a"], "the bytes are there, and no name for them"
    put(disk, root / "c", b"x")
    disk.come_back(lost=disk.unsynced)
    assert disk.read(root / "c") == b"x"


def test_what_is_put_on_a_card_may_be_read_by_others_whatever_the_umask(tmp_path: Path) -> None:
    """The guard writes with the umask of the kiosk's unit, and the kiosk is another user."""
    before = os.umask(0o077)
    try:
        put(Card(), tmp_path / "trial.json", b"{}")
    finally:
        os.umask(before)
    assert (tmp_path / "trial.json").stat().st_mode & 0o777 == 0o644
