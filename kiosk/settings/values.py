"""What can be set of a kiosk, as values; `reading.py` makes them of kiosk.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kiosk.core import service
from kiosk.core.presses import ButtonSettings
from kiosk.core.tills import DoorSettings, DrawerSettings, TillSettings
from shared.places import KioskId, PointId, StoreId


@dataclass(frozen=True, slots=True)
class Place:
    """Which kiosk this is and where it stands; the rest holds until the hub has sent settings."""

    store_id: StoreId
    point_id: PointId
    kiosk_id: KioskId
    store_name: str
    point_name: str
    languages: tuple[str, ...]
    always_on: bool


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """The broker, as this kiosk reaches it; times in seconds.

    With an identity host and port may be None: they are what the hub told when this kiosk joined.
    """

    host: str | None
    port: int | None
    password: str = field(repr=False)
    ca_file: Path | None
    keepalive: int
    receipt_timeout: int
    longest_wait: int
    status_every: int


@dataclass(frozen=True, slots=True)
class OutboxSettings:
    """The kiosk's memory: where it is, how many records it holds at most, and for how many days
    those that the hub has received.
    """

    path: Path
    quota: int
    keep_days: int


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """Where the key, the certificate and what else a join brought lie; the hub's door for devices
    (https://…), and the fingerprint of its authority, each empty where nobody wrote it.
    """

    folder: Path
    hub: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """The glass; the driver “none” runs without one, for drills. `inches` is its diagonal."""

    driver: str
    size: tuple[int, int]
    fullscreen: bool
    rotation: int
    inches: int = 7


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How the kiosk tells what it does."""

    format: str
    level: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; identity, till, drawer, buttons, door, panel and sound may be
    None. Without an identity the kiosk proves who it is by a password.

    `folder` is where the file lies: other paths in it are meant from there.
    """

    place: Place
    broker: BrokerSettings
    identity: IdentitySettings | None
    outbox: OutboxSettings
    screen: ScreenSettings
    till: TillSettings | None
    drawer: DrawerSettings | None
    buttons: ButtonSettings | None
    door: DoorSettings | None
    panel: service.PanelSettings | None
    sound: service.SoundSettings | None
    log: LogSettings
    folder: Path
