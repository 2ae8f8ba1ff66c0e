"""The panel of this kiosk, where kiosk.toml has a PIN for it, and what it works with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from kiosk.core.events import Event
from kiosk.core.panel import Panel
from kiosk.core.passcode import Throttle
from kiosk.core.ports import Clock, Held, Post
from kiosk.core.trials import Kind
from kiosk.courier import Courier
from kiosk.settings import Settings
from shared.moments import Moment
from shared.notices import KioskSettings

if TYPE_CHECKING:
    from kiosk.wiring.instruments import Instruments

UNHEARD: Final = frozenset({Kind.BUTTONS, Kind.TILL})
"""What cannot be tried on a closed kiosk: nobody listens to it there."""

_MOST_DIGITS: Final = 10
"""Of a count of wrong PINs: more of them take longer than a kiosk lives."""


def throttle_of(kept: bytes | None, at: Moment) -> Throttle:
    """What is left of wrong PINs before a restart; what cannot be read forgives them."""
    is_count = kept is not None and len(kept) < _MOST_DIGITS and kept.isdigit()
    return Throttle.resumed(int(kept or 0) if is_count else 0, at.boot)


def panel_of(
    settings: Settings,
    throttle: Throttle = Throttle(),  # noqa: B008 - frozen
    *,
    closed: bool = False,
) -> Panel | None:
    """Its machine; None without a PIN."""
    if settings.panel is None:
        return None
    unheard = UNHEARD if closed else frozenset()
    kinds = tuple(kind for kind in kinds_of(settings) if kind not in unheard)
    return Panel(settings.panel.pin, settings.place.kiosk_id, kinds, throttle)


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


def instruments_of(
    settings: Settings,
    courier: Courier,
    held: Callable[[], Held],
    asked: Callable[[], KioskSettings | None],
    stack: ExitStack,
    *,
    clock: Clock,
    post: Post,
    end: Callable[[], None],
) -> Instruments | None:
    """They work until the stack ends; None where there is no panel."""
    if settings.panel is None:
        return None
    instruments = _instruments(settings, courier, held, asked, clock=clock, post=post, end=end)
    stack.callback(instruments.close)
    instruments.start()
    return instruments


def instruments_alone(
    settings: Settings, courier: Courier, held: Callable[[], Held], clock: Clock
) -> Instruments:
    """The same where nobody stands before a panel: they only write, when they are asked."""
    return _instruments(
        settings, courier, held, lambda: None, clock=clock, post=_nobody, end=_nothing
    )


def _instruments(
    settings: Settings,
    courier: Courier,
    held: Callable[[], Held],
    asked: Callable[[], KioskSettings | None],
    *,
    clock: Clock,
    post: Post,
    end: Callable[[], None],
) -> Instruments:
    from kiosk.wiring.instruments import Instruments, Sources  # noqa: PLC0415 memory is dear

    sources = Sources(
        held, lambda: courier.reach, lambda: courier.standing, lambda: courier.counts, asked
    )
    return Instruments(settings, sources, clock=clock, post=post, end=end)


def _nobody(_event: Event) -> None:
    """Nobody waits at a panel."""


def _nothing() -> None:
    """Nothing ends."""
