"""A finished card, written onto a device: what differs alone, and onto no disk of this machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.errors import DeviceError

_CHUNK: Final = 4 << 20
_LARGEST: Final = 256 << 30  # no card of a kiosk is larger; the disk of a workstation mostly is


def check_device(device: Path, mounts: str, sys_block: Path = Path("/sys/block")) -> None:
    """Raises DeviceError unless it is a card: removable (or a reader's), and not mounted."""
    try:
        state = device.stat()
    except OSError as fault:
        raise _refused(device, "is not there", "Put the card in; “lsblk” names it.") from fault
    if stat.S_ISREG(state.st_mode):
        return
    if not stat.S_ISBLK(state.st_mode):
        raise _refused(device, "is no device", "“lsblk” names the card, such as /dev/sdb.")
    if any(line.startswith(str(device)) for line in mounts.splitlines()):
        raise _refused(device, "is in use", f"umount {device}?*  and try again.")
    about = sys_block / device.name
    if not about.exists():
        raise _refused(device, "is a part of a disk", "Name the whole card.")
    sectors = int((about / "size").read_text())
    removable = (about / "removable").read_text().strip() == "1"
    if not removable and not device.name.startswith("mmcblk"):
        raise _refused(device, "is a disk of this machine", "Name the card; “lsblk” lists it.")
    if sectors * 512 > _LARGEST:
        raise _refused(device, "is larger than any card", "Name the card; “lsblk” lists it.")


def _refused(device: Path, why: str, hint: str) -> DeviceError:
    return DeviceError(f"{device} {why}", hint=hint, code="device")


@dataclass(frozen=True, slots=True)
class Written:
    """The card on its device, compared piece by piece: twice is as once, and cut short goes on."""

    card: Path
    device: Path
    progress: Callable[[int, int], None]
    name: str = "the card itself"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The device, where it does not hold the card."""
        is_there = self.card.exists() and self._differs() is None
        return [] if is_there else [str(self.device)]

    def do(self) -> None:
        """Write what differs, and let nothing be left in memory."""
        first, size = self._differs() or 0, self.card.stat().st_size
        with self.card.open("rb") as reading, self.device.open("r+b") as writing:
            for at in range(first, size, _CHUNK):
                reading.seek(at)
                writing.seek(at)
                wanted = reading.read(_CHUNK)
                if writing.read(len(wanted)) != wanted:
                    writing.seek(at)
                    writing.write(wanted)
                self.progress(at, size)
            writing.flush()
            os.fsync(writing.fileno())
        if self._differs() is not None:
            raise _refused(self.device, "does not keep what is written", "Take another card.")

    def _differs(self) -> int | None:
        """Where the first piece lies that is not there."""
        with self.card.open("rb") as one, self.device.open("rb") as other:
            at = 0
            while wanted := one.read(_CHUNK):
                if other.read(len(wanted)) != wanted:
                    return at
                at += len(wanted)
        return None
