"""Tries every part alone, for the technician: what each says of itself, or what is wrong."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from typing import Final

from kiosk.adapters.broker import MqttBroker
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.door import Door
from kiosk.adapters.outbox_look import look
from kiosk.core.presses import ButtonSettings
from kiosk.core.tills import DoorSettings, DrawerSettings, TillSettings
from kiosk.settings import ScreenSettings, Settings
from kiosk.wiring.outward import address
from shared.errors import BrokerError, HardwareError
from shared.topics import Channel

PATIENCE_SECONDS: Final = 10.0
"""A bad mobile line needs some of it."""

Check = Callable[[], str]
"""Returns what is well, in a few words; raises SemblanteError with a hint where it is not."""


def checks(settings: Settings) -> list[tuple[str, Check]]:
    """Every part that is configured, by name, in the order in which they depend on each other."""
    found: list[tuple[str, Check]] = [
        ("clock", _clock),
        ("outbox", partial(look, settings.outbox.path, settings.place.kiosk_id)),
        ("broker", partial(_broker, settings)),
        ("screen", partial(_screen, settings.screen)),
    ]
    if settings.till is not None:
        found.append(("till", partial(_till, settings.till)))
    if settings.drawer is not None:
        found.append(("drawer", partial(_drawer, settings.drawer)))
    if settings.buttons is not None:
        found.append(("buttons", partial(_buttons, settings.buttons)))
    if settings.door is not None:
        found.append(("door", partial(_door, settings.door)))
    return found


def _clock() -> str:
    now = SystemClock().now()
    return "synchronised" if now.synced else "not synchronised yet; records say so"


def _broker(settings: Settings) -> str:
    # Under another client name, or a running kiosk would be thrown out.
    where = address(settings.place, settings.broker)
    ear = _Ear()
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
    return f"{where.host}:{where.port} lets {where.kiosk_id} in"


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
        raise HardwareError("Kivy is not installed", hint="Install semblante[kiosk].")
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
        ) from fault
    return f"{port.path} can be read, as {settings.kind.value}"


def _drawer(settings: DrawerSettings) -> str:
    from kiosk.adapters.drawer import Drawer  # noqa: PLC0415 an extra

    Drawer(settings, clock=SystemClock(), post=_ignore).close()
    return f"pin {settings.pin}"


def _buttons(settings: ButtonSettings) -> str:
    from kiosk.adapters.buttons import Buttons  # noqa: PLC0415 an extra

    Buttons(settings, clock=SystemClock(), post=_ignore, trouble=_ignore).close()
    return f"pins {settings.sad}, {settings.neutral}, {settings.happy}"


def _door(settings: DoorSettings) -> str:
    door = Door(settings, clock=SystemClock(), post=_ignore)
    door.close()
    return f"http://{settings.host}:{door.port}/sale"


def _ignore(_: object) -> None:
    """Whatever is touched during a check is no answer."""
