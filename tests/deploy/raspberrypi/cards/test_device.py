"""A card is written onto cards alone: never onto a disk of this machine, nor one that is in use."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from deploy.raspberrypi.cards.device import check_device
from shared.errors import DeviceError


def block(folder: Path, name: str, removable: str, sectors: int) -> Path:
    """A device file of a disk that does not exist: it is looked at, and never opened."""
    device = folder / name
    os.mknod(device, stat.S_IFBLK | 0o600, os.makedev(259, 4_000))
    about = folder / "sys" / name
    about.mkdir(parents=True)
    (about / "size").write_text(f"{sectors}\n")
    (about / "removable").write_text(f"{removable}\n")
    return device


def test_a_card_in_a_reader_is_taken(tmp_path: Path) -> None:
    check_device(block(tmp_path, "sdb", "1", 60_000_000), "", tmp_path / "sys")
    check_device(block(tmp_path, "mmcblk0", "0", 60_000_000), "", tmp_path / "sys")


@pytest.mark.parametrize(
    ("name", "removable", "sectors", "why"),
    [
        ("sda", "0", 60_000_000, "is a disk of this machine"),
        ("sdc", "1", 4_000_000_000, "is larger than any card"),
    ],
)
def test_what_is_no_card_is_refused(
    tmp_path: Path, name: str, removable: str, sectors: int, why: str
) -> None:
    with pytest.raises(DeviceError, match=why):
        check_device(block(tmp_path, name, removable, sectors), "", tmp_path / "sys")


def test_a_card_that_is_mounted_or_not_there_is_refused(tmp_path: Path) -> None:
    device = block(tmp_path, "sdb", "1", 60_000_000)
    with pytest.raises(DeviceError, match="is in use"):
        check_device(device, f"{device}1 /media/card vfat rw 0 0\n", tmp_path / "sys")
    with pytest.raises(DeviceError, match="is not there"):
        check_device(tmp_path / "sdz", "", tmp_path / "sys")
    with pytest.raises(DeviceError, match="is a part of a disk"):
        check_device(device, "", tmp_path / "elsewhere")
    with pytest.raises(DeviceError, match="is no device"):
        check_device(tmp_path, "", tmp_path / "sys")
