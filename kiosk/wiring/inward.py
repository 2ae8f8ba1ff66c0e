"""What reports to the kiosk from a thread of its own: the till, a drawer, buttons, a door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol

from kiosk.core.ports import Clock, Post
from kiosk.settings import Settings

Trouble = Callable[[str], Callable[[str | None], None]]
"""For a part's alarm: whoever is told that it has this fault, or (None) has none any more."""


class Part(Protocol):
    """Something that reports from a thread of its own."""

    def start(self) -> None:
        """Begin."""

    def close(self) -> None:
        """End; safe to call twice."""


def parts_of(
    settings: Settings, clock: Clock, post: Post, trouble: Trouble
) -> Iterator[tuple[str, Callable[[], Part]]]:
    """What is configured, each with its alarm; only that is imported, for memory is dear."""
    world: dict[str, Any] = {"clock": clock, "post": post}
    if settings.till is not None:
        from kiosk.adapters.till import SerialTill  # noqa: PLC0415

        yield "till", partial(SerialTill, settings.till, trouble=trouble("till"), **world)
    if settings.drawer is not None:
        from kiosk.adapters.drawer import Drawer  # noqa: PLC0415

        yield "till", partial(Drawer, settings.drawer, **world)
    if settings.buttons is not None:
        from kiosk.adapters.buttons import Buttons  # noqa: PLC0415

        how: dict[str, Any] = {"trouble": trouble("buttons"), "speaks": settings.sound is not None}
        yield "buttons", partial(Buttons, settings.buttons, **how, **world)
    if settings.door is not None:
        from kiosk.adapters.door import Door  # noqa: PLC0415

        yield "till", partial(Door, settings.door, **world)
