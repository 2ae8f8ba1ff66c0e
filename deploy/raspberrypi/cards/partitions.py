"""The partition table of an image: read, and given one more partition for the kiosk's data."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.errors import DeviceError

SECTOR: Final = 512
_TABLE: Final = 446
_ENTRY: Final = struct.Struct("<B3sB3sII")
_SIGNATURE: Final = b"\x55\xaa"
_FAT: Final = frozenset({0x0B, 0x0C, 0x0E, 0x06})
_LINUX: Final = 0x83
_ALIGNMENT: Final = 8192  # sectors: 4 MiB, the erase block of most cards


@dataclass(frozen=True, slots=True)
class Partition:
    """One of the four of an MBR, in bytes."""

    number: int
    kind: int
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Table:
    """The partitions of a Raspberry Pi's card: firmware (FAT) first, the system (ext4) second."""

    disk_id: str
    partitions: tuple[Partition, ...]

    @property
    def boot(self) -> Partition:
        """The one that the firmware reads."""
        return self.partitions[0]

    @property
    def root(self) -> Partition:
        """The system."""
        return self.partitions[1]

    @property
    def data(self) -> Partition | None:
        """The kiosk's own, once there is one."""
        return self.partitions[2] if len(self.partitions) > 2 else None


def read_table(image: Path) -> Table:
    """Raises DeviceError where this is no image of a Raspberry Pi's card."""
    with image.open("rb") as reading:
        head = reading.read(SECTOR)
    if len(head) < SECTOR or head[510:] != _SIGNATURE:
        raise _foreign(image, "it has no partition table")
    found = []
    for number in range(4):
        _, _, kind, _, start, size = _ENTRY.unpack_from(head, _TABLE + number * _ENTRY.size)
        if kind:
            found.append(Partition(number + 1, kind, start * SECTOR, size * SECTOR))
    kinds = [one.kind for one in found]
    if len(kinds) < 2 or kinds[0] not in _FAT or kinds[1] != _LINUX:
        raise _foreign(image, "its partitions are not FAT, then Linux")
    return Table(f"{struct.unpack_from('<I', head, 440)[0]:08x}", tuple(found))


def check_whole(image: Path) -> None:
    """Raises DeviceError where a stock image ends before its own partitions do."""
    table = read_table(image)
    end, size = max(one.start + one.size for one in table.partitions), image.stat().st_size
    if size < end:
        raise DeviceError(
            f"{image.name} was cut off: it has {size / 1e6:.0f} of {end / 1e6:.0f} MB",
            hint="Download (or unpack) the image again.",
            code="image",
        )


def add_data(image: Path, table: Table, size: int) -> Partition:
    """Lengthen the image by a third partition, behind the last; once is enough."""
    if table.data is not None:
        return table.data
    end = (table.root.start + table.root.size) // SECTOR
    start = -(-end // _ALIGNMENT) * _ALIGNMENT
    sectors = size // SECTOR
    with image.open("r+b") as writing:
        writing.truncate((start + sectors) * SECTOR)
        writing.seek(_TABLE + 2 * _ENTRY.size)
        writing.write(_ENTRY.pack(0, b"\xfe\xff\xff", _LINUX, b"\xfe\xff\xff", start, sectors))
    return Partition(3, _LINUX, start * SECTOR, sectors * SECTOR)


def lengthen_root(image: Path, table: Table, size: int) -> Partition:
    """Give the system at least `size` bytes, while nothing lies behind it."""
    root = table.root
    if table.data is not None or root.size >= size:
        return root
    with image.open("r+b") as writing:
        writing.truncate(root.start + size)
        writing.seek(_TABLE + (root.number - 1) * _ENTRY.size + 12)
        writing.write(struct.pack("<I", size // SECTOR))
    return Partition(root.number, root.kind, root.start, size)


def _foreign(image: Path, why: str) -> DeviceError:
    return DeviceError(
        f"{image.name} is no image of Raspberry Pi OS: {why}",
        hint="Take “Raspberry Pi OS Lite (64-bit)”, unpacked: raspberrypi.com/software.",
        code="image",
    )
