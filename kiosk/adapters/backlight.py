"""What lights the glass from behind, by the kernel's files: percent in, a panel's own steps out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import structlog

from kiosk.core.ports import Trouble

log = structlog.get_logger(__name__)

FOLDER: Final = Path("/sys/class/backlight")

TROUBLE: Final = "backlight"
"""There is a light, but this user may not set it, or it does not take what it is told."""

MOST_STEPS: Final = 1_000_000
"""No panel has as many; a driver that says more is not believed."""


class SysBacklight:
    """Port `Backlight` on Linux. A glass that nobody can dim, as most on HDMI, is no trouble."""

    def __init__(self, trouble: Trouble, folder: Path = FOLDER) -> None:
        self._trouble = trouble
        self._folder = folder
        self._told_absent = False
        self._failing = False

    def dim(self, percent: int) -> None:
        """So bright, on every panel that can; 0 puts it out. It never raises."""
        try:
            panels = sorted(self._folder.glob("*/max_brightness"))
            for panel in panels:
                _set(panel, min(max(percent, 0), 100))
        except (OSError, ValueError) as fault:
            self._tell(str(fault))
            return
        if panels:
            self._tell(None)
        elif not self._told_absent:
            self._told_absent = True
            log.info("backlight_absent", folder=str(self._folder))

    def _tell(self, why: str | None) -> None:
        if (why is not None) == self._failing:
            return
        self._failing = why is not None
        if why is not None:
            log.error("backlight_failed", why=why)
        self._trouble(TROUBLE if self._failing else None)


def _set(panel: Path, percent: int) -> None:
    most = int(panel.read_text(encoding="ascii"))
    if not 1 <= most <= MOST_STEPS:
        raise ValueError(f"{panel} says {most}")
    # What is not meant to be out is never out, however few steps a panel has.
    level = max(round(most * percent / 100), 1) if percent else 0
    panel.with_name("brightness").write_text(str(level), encoding="ascii")
