"""What a kiosk knows of itself at one instant: for the panel, the check and a diagnostic file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from kiosk.core.reach import Reach
from shared.moments import Moment


class Part(StrEnum):
    """What is told of, each in a line of its own, in this order."""

    HUB = "hub"
    OWED = "owed"
    CONFIRMED = "confirmed"
    CLOCK = "clock"
    TILL = "till"
    BUTTONS = "buttons"
    SCREEN = "screen"
    SOUND = "sound"
    TEMPERATURE = "temperature"
    STORAGE = "storage"
    SETTINGS = "settings"
    VERSION = "version"
    ALARMS = "alarms"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a part is not well, and what to do; `absent`: there is no such part on this machine."""

    why: str
    hint: str
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Warmth:
    """How warm the processor is; `throttled` and `undervolted` are None where nobody knows."""

    celsius: float
    throttled: bool | None = None
    undervolted: bool | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What is left on the card where the answers are kept."""

    free_mb: int
    percent_free: int


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Another version of the program that this kiosk was ordered to take, and refused or left."""

    version: str
    code: str


@dataclass(frozen=True, slots=True)
class Readings:
    """Everything that is known; None, or empty, where it is not."""

    at: Moment
    version: str
    reach: Reach | None = None
    owed: int | None = None
    till: str | None = None  # how sales are heard: receipt, pole …, drawer, door
    last_sale: int | None = None  # boot ms
    pins: tuple[int, ...] = ()
    pressed: tuple[int, ...] = ()  # pins of buttons that were pressed since the start
    warmth: Warmth | None = None
    room: Room | None = None
    screen: str = ""  # its driver and size
    sentences: int | None = None  # how many can be said aloud
    settings_serial: int | None = None
    alarms: tuple[str, ...] = ()
    not_taken: NotTaken | None = None  # the last that was ordered
    faults: Mapping[Part, Fault] = field(default_factory=lambda: MappingProxyType({}))
    notes: Mapping[Part, str] = field(default_factory=lambda: MappingProxyType({}))
