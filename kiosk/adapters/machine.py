"""What the machine says of itself: how warm it is, and what room the card has left."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from kiosk.core.readings import Room, Warmth

THERMAL: Final = Path("/sys/class/thermal")
THROTTLED: Final = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")
"""What “vcgencmd get_throttled” tells, without the program."""

_NOW_UNDERVOLTED: Final = 0b0001
_NOW_SLOWED: Final = 0b1110
"""Frequency capped, throttled, soft temperature limit; the bits 16 to 19 are of the past."""

_PROCESSOR: Final = ("cpu-thermal", "cpu_thermal", "x86_pkg_temp", "soc-thermal")

_MB: Final = 1_048_576


def warmth(thermal: Path = THERMAL, throttled: Path = THROTTLED) -> Warmth | None:
    """How warm the processor is; None where this machine does not say."""
    celsius = _celsius(thermal)
    if celsius is None:
        return None
    bits = _bits(throttled)
    if bits is None:
        return Warmth(celsius)
    return Warmth(celsius, bool(bits & _NOW_SLOWED), bool(bits & _NOW_UNDERVOLTED))


def room(path: Path) -> Room | None:
    """What is left of the file system on which this path is, or will be."""
    try:
        there = next(one for one in (path, *path.absolute().parents) if one.exists())
        found = os.statvfs(there)
    except (OSError, StopIteration):
        return None
    free, whole = found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize
    return Room(free // _MB, 100 * free // whole if whole else 0)


def _celsius(thermal: Path) -> float | None:
    zones = sorted(thermal.glob("thermal_zone*"), key=_rank)
    read = (_number(zone / "temp", 10) for zone in zones)
    return next((millis / 1_000 for millis in read if millis is not None), None)


def _rank(zone: Path) -> tuple[bool, str]:
    """The processor's own first."""
    try:
        kind = (zone / "type").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        kind = ""
    return kind not in _PROCESSOR, zone.name


def _bits(file: Path) -> int | None:
    return _number(file, 16)


def _number(file: Path, digits: int) -> int | None:
    try:
        return int(file.read_text(encoding="ascii").strip(), digits)
    except (OSError, ValueError):
        return None
