"""Which graphics card leads to a screen: a Raspberry Pi 5 has two, and their numbers change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

CARDS: Final = Path("/sys/class/drm")

DEVICE_VARIABLE: Final = "SDL_KMSDRM_DEVICE_INDEX"
"""How SDL 2 is told; a wrong name would be passed over in silence, so a test looks for it."""

_OUTPUT = re.compile(r"card(\d{1,3})-(.+)")


def connected_card(cards: Path = CARDS) -> int | None:
    """The number N of the /dev/dri/cardN that has an output with a screen on it, the lowest of
    several; None where there is none."""
    found = [
        int(output[1])
        for one in _folders(cards)
        if (output := _OUTPUT.fullmatch(one.name)) and _says(one / "status") == "connected"
        # A card that draws into memory for others has no screen, whatever it says.
        if not output[2].startswith("Writeback")
    ]
    return min(found, default=None)


def _folders(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _says(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")[:40].strip()
    except (OSError, ValueError):
        return ""
