"""Tries every part alone, for the technician: the same lines as on the panel, from outside."""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from kiosk.adapters.broker import MqttBroker
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.door import Door
from kiosk.adapters.drm import connected_card
from kiosk.adapters.machine import room, warmth
from kiosk.adapters.outbox_look import look, recalled
from kiosk.core.presses import ButtonSettings
from kiosk.core.programme import read_settings
from kiosk.core.readings import Fault, Part, Readings
from kiosk.core.tills import DoorSettings, DrawerSettings, TillSettings
from kiosk.courier.tidings import SETTINGS
from kiosk.settings import ScreenSettings, Settings
from kiosk.wiring.instruments import pins_of, screen_of, till_of
from kiosk.wiring.outward import VERSION, address
from kiosk.wiring.sounding import sentences_of, sound_check
from shared.errors import BrokerError, HardwareError, SemblanteError
from shared.topics import Channel

PATIENCE_SECONDS: Final = 10.0
"""A bad mobile line needs some of it."""

Check = Callable[[], str]
"""Returns what is well, in a few words; raises SemblanteError with a hint where it is not."""

ABSENT: Final = "absent"
"""The code of hardware that this machine does not have."""

CHIPS: Final = Path("/dev")
"""Where a header of pins would show itself."""

_SCREEN: Final = "Is the cable in, does the screen have power? Look at /sys/class/drm/card*/status."
_PINS: Final = (
    "Buttons and drawers need the header of a Raspberry Pi: take [buttons] out, or look there."
)
_INSTALL: Final = "Install semblante[kiosk]."


def tried(settings: Settings) -> Readings:
    """Everything that can be known of a kiosk from beside it: each part was tried."""
    notes: dict[Part, str] = {}
    faults: dict[Part, Fault] = {}
    for part, check in _checks(settings):
        try:
            notes[part] = check()
        except SemblanteError as fault:
            faults[part] = Fault(str(fault), fault.hint, fault.code == ABSENT)
        except ModuleNotFoundError as fault:
            faults[part] = Fault(str(fault), _INSTALL)
    return Readings(
        at=SystemClock().now(),
        version=VERSION,
        till=till_of(settings),
        pins=pins_of(settings),
        warmth=warmth(),
        room=room(settings.outbox.path),
        screen=screen_of(settings),
        sentences=sentences_of(settings),
        settings_serial=_serial(settings),
        alarms=tuple(part.value for part in faults),
        faults=faults,
        notes=notes,
    )


def _checks(settings: Settings) -> list[tuple[Part, Check]]:
    found: list[tuple[Part, Check]] = [
        (Part.OWED, partial(look, settings.outbox.path, settings.place.kiosk_id)),
        (Part.HUB, partial(_broker, settings)),
        (Part.SCREEN, partial(_screen, settings.screen)),
    ]
    if settings.till is not None:
        found.append((Part.TILL, partial(_till, settings.till)))
    if settings.drawer is not None:
        found.append((Part.TILL, partial(_drawer, settings.drawer)))
    if settings.buttons is not None:
        found.append((Part.BUTTONS, partial(_buttons, settings.buttons)))
    if settings.door is not None:
        found.append((Part.TILL, partial(_door, settings.door)))
    if settings.sound is not None:
        found.append((Part.SOUND, partial(sound_check, settings, settings.sound)))
    return found


def _serial(settings: Settings) -> int | None:
    """Which settings of the hub were kept last."""
    try:
        kept = recalled(settings.outbox.path, SETTINGS)
        return 0 if kept is None else read_settings(kept).serial
    except SemblanteError:
        return None


def _broker(settings: Settings) -> str:
    # Under another client name, or a running kiosk would be thrown out.
    where = address(settings)
    ear, begun = _Ear(), time.monotonic()
    broker = MqttBroker(replace(where, client_name=f"{where.kiosk_id}-check"))
    broker.connect(ear, b"")
    try:
        why = ear.told.get(timeout=PATIENCE_SECONDS)
    except queue.Empty:
        why = f"no answer within {PATIENCE_SECONDS:.0f} s"
    finally:
        broker.close()
    if why is not None:
        raise BrokerError(f"{where.host}:{where.port}: {why}")
    took = round((time.monotonic() - begun) * 1_000)
    return f"{where.host}:{where.port} lets {where.kiosk_id} in · {took} ms"


class _Ear:
    """Listens for how a connection begins: None where it stands, else why not."""

    def __init__(self) -> None:
        self.told: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def connected(self) -> None:
        self.told.put(None)

    def disconnected(self, why: str) -> None:
        self.told.put(why)

    def received(self, channel: Channel, payload: bytes) -> None:
        """Not asked for."""

    def refused(self, channel: Channel, why: str) -> None:
        self.told.put(f"{channel.value}: {why}")


def _screen(settings: ScreenSettings) -> str:
    if settings.driver != "none" and find_spec("kivy") is None:
        raise HardwareError("Kivy is not installed", hint=_INSTALL)
    if settings.driver == "kmsdrm" and connected_card() is None:
        raise HardwareError("no screen is connected", hint=_SCREEN, code=ABSENT)
    return f"driver {settings.driver}, {settings.size[0]}×{settings.size[1]}"


def _till(settings: TillSettings) -> str:
    from kiosk.adapters.till import open_port  # noqa: PLC0415 an extra

    port = settings.port
    try:
        open_port(port).close()
    except (OSError, ValueError) as fault:
        raise HardwareError(
            f"{port.path}: {fault}",
            hint="Is it plugged in, is the user in the group dialout, does the kiosk run already?",
            code=None if Path(port.path).exists() else ABSENT,
        ) from fault
    return f"{port.path} can be read, as {settings.kind.value}"


def _header(pins: str) -> str:
    if os.environ.get("GPIOZERO_PIN_FACTORY") != "mock" and not any(CHIPS.glob("gpiochip*")):
        raise HardwareError(f"{pins}: this machine has no pins", hint=_PINS, code=ABSENT)
    return pins


def _drawer(settings: DrawerSettings) -> str:
    told = _header(f"pin {settings.pin}")
    from kiosk.adapters.drawer import Drawer  # noqa: PLC0415 an extra

    Drawer(settings, clock=SystemClock(), post=_ignore).close()
    return told


def _buttons(settings: ButtonSettings) -> str:
    told = _header(f"pins {settings.sad}, {settings.neutral}, {settings.happy}")
    from kiosk.adapters.buttons import Buttons  # noqa: PLC0415 an extra

    Buttons(settings, clock=SystemClock(), post=_ignore, trouble=_ignore).close()
    return told


def _door(settings: DoorSettings) -> str:
    door = Door(settings, clock=SystemClock(), post=_ignore)
    door.close()
    return f"http://{settings.host}:{door.port}/sale"


def _ignore(_: object) -> None:
    """Whatever is touched during a check is no answer."""
