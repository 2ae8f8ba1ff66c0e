"""What lies before a technician while the panel is open; it is cleared when the panel shuts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from kiosk.core.panel_pages import Key
from kiosk.core.readings import Readings
from kiosk.core.trials import Trial


class Mode(Enum):
    """What is on the glass."""

    SHUT = auto()
    PIN = auto()
    LINES = auto()
    TOOLS = auto()
    TRIAL = auto()
    IDENTIFY = auto()


@dataclass(slots=True)
class Desk:
    """Everything that the panel remembers meanwhile; times are boot times."""

    mode: Mode = Mode.SHUT
    idle_at: int = 0
    look_at: int = 0
    ends_at: int = 0
    bright: bool = False
    asked: Key | None = None
    exported: str | None = None
    failed: str | None = None
    trial: Trial | None = None
    readings: Readings | None = None
