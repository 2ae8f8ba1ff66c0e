"""What the kernel says of this machine: heat, power, card and memory, read from its files.

Every file is below `root`, and none of them need be there; what is in them may be nonsense.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.adapters.machine import room, warmth
from kiosk.core.vitals import Vitals

_LONGEST: Final = 1024 * 1024
"""Bytes of a file that are read: the mounts of a machine are some hundred lines."""

_WEAK: Final = 0b1 | 0b1 << 16
"""Too little voltage now, or at any time since the start."""

_PASSING: Final = frozenset({"tmpfs", "ramfs", "overlay", "aufs", "squashfs"})
"""File systems whose content a power cut takes with it, or that hold nothing new at all."""


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a file system hangs, of what kind it is, on which device, and whether it may write."""

    point: str
    kind: str
    device: str
    writable: bool


def vitals(place: Path, root: Path = Path("/")) -> Vitals:
    """What is known now of the machine, and of the card on which `place` lies."""
    card, heat = mount_of(place, root), warmth(root / "sys/class/thermal", root / "none")
    left = room(place)
    return Vitals(
        model=_text(root / "proc/device-tree/model"),
        celsius=None if heat is None else heat.celsius,
        low_power=_low_power(root),
        card_full=None if left is None else 100 - left.percent_free,
        card_worn=_worn(root, card),
        card_writable=None if card is None else card.writable,
        card_faults=_faults(root, card),
        durable=None if card is None else card.kind not in _PASSING,
        memory_free=_memory(root),
    )


def mount_of(place: Path, root: Path = Path("/")) -> Mount | None:
    """The file system on which `place` lies, or will lie; None where the kernel does not say."""
    wanted = os.path.realpath(place)
    found = [one for one in _mounts(root) if _holds(one.point, wanted)]
    return max(found, key=lambda one: len(one.point), default=None)  # of equals the last mounted


def _holds(point: str, path: str) -> bool:
    return path == point or path.startswith(point.rstrip("/") + "/")


def _mounts(root: Path) -> Iterator[Mount]:
    """Newest first: of two on the same point the later one covers the earlier."""
    lines = _text(root / "proc/self/mountinfo").splitlines()
    for line in reversed(lines):
        before, dash, after = line.partition(" - ")
        left, right = before.split(), after.split()
        if not dash or len(left) < 6 or len(right) < 3:
            continue
        options = {*left[5].split(","), *right[2].split(",")}
        yield Mount(_unescaped(left[4]), right[0], right[1], "ro" not in options)


def _unescaped(text: str) -> str:
    """Blanks in the name of a folder stand there as octal numbers."""
    return text.replace(r"\040", " ").replace(r"\011", "\t").replace(r"\134", "\\")


def _low_power(root: Path) -> bool | None:
    bits = _number(root / "sys/devices/platform/soc/soc:firmware/get_throttled", 16)
    if bits is not None:
        return bool(bits & _WEAK)
    for folder in _folders(root / "sys/class/hwmon", "hwmon*"):
        if _text(folder / "name") == "rpi_volt":
            alarm = _number(folder / "in0_lcrit_alarm", 10)
            return None if alarm is None else bool(alarm)
    return None


def _worn(root: Path, card: Mount | None) -> int | None:
    """Percent of its life, by its own estimate in steps of ten; only an eMMC says so."""
    disk = "mmcblk0" if card is None else _disk(card.device)
    steps = [_hex(word) for word in _text(root / f"sys/block/{disk}/device/life_time").split()]
    worst = max((step for step in steps if step is not None), default=0)
    return min(worst * 10, 100) if worst > 0 else None


def _disk(device: str) -> str:
    name = device.rpartition("/")[2]
    whole, part, number = name.rpartition("p")
    return whole if part and number.isdigit() and whole[-1:].isdigit() else name


def _faults(root: Path, card: Mount | None) -> int | None:
    name = "" if card is None else card.device.rpartition("/")[2]
    return _number(root / f"sys/fs/ext4/{name}/errors_count", 10) if name else None


def _memory(root: Path) -> int | None:
    for line in _text(root / "proc/meminfo").splitlines():
        key, _, value = line.partition(":")
        words = value.split()
        if key == "MemAvailable" and words and words[0].isascii() and words[0].isdigit():
            return min(int(words[0][:15]) // 1_024, 2**40)
    return None


def _folders(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _hex(word: str) -> int | None:
    try:
        return int(word[:20], 16)
    except ValueError:
        return None


def _number(file: Path, base: int) -> int | None:
    try:
        number = int(_text(file)[:20], base)
    except ValueError:
        return None
    return number if number >= 0 else None


def _text(file: Path) -> str:
    """The file without what ends it; the device tree ends its texts with a zero."""
    try:
        with file.open("rb") as opened:
            read = opened.read(_LONGEST)
    except OSError:
        return ""
    return read.decode("utf-8", "replace").replace("\0", "").strip()
