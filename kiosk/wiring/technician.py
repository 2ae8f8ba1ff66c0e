"""The panel of this kiosk, where kiosk.toml has a PIN for it, with the tests of what is there."""

from __future__ import annotations

from kiosk.core.panel import Panel
from kiosk.core.trials import Kind
from kiosk.settings import Settings


def panel_of(settings: Settings) -> Panel | None:
    """Its machine; None without a PIN."""
    if settings.panel is None:
        return None
    return Panel(settings.panel.pin, settings.place.kiosk_id, kinds_of(settings))


def kinds_of(settings: Settings) -> tuple[Kind, ...]:
    """What there is to be tried."""
    till = (settings.till, settings.drawer, settings.door)
    there = {
        Kind.TOUCH: True,
        Kind.BUTTONS: settings.buttons is not None,
        Kind.TILL: any(wire is not None for wire in till),
        Kind.SOUND: settings.sound is not None,
        Kind.SCREEN: True,
    }
    return tuple(kind for kind, is_there in there.items() if is_there)
