"""The switch of the cash drawer on a pin: each opening is a sale."""

from __future__ import annotations

from typing import Any

import uuid6

from kiosk.adapters.pins import Watch
from kiosk.core.clock import instant
from kiosk.core.documents import Seen
from kiosk.core.events import SaleSeen
from kiosk.core.ports import Clock, Post
from kiosk.core.readers import ContactReader
from kiosk.core.tills import DrawerSettings, contact_from


class Drawer:
    """Watches one pin, with its pull-up resistor."""

    def __init__(
        self, settings: DrawerSettings, *, clock: Clock, post: Post, factory: Any = None
    ) -> None:
        """Raises HardwareError where the pin cannot be had."""
        self._clock = clock
        self._post = post
        self._watch = Watch(
            {"drawer": settings.pin},
            _OneContact(contact_from(settings)),
            clock=clock,
            report=self._report,
            factory=factory,
        )

    def start(self) -> None:
        """Begin to watch."""
        self._watch.start()

    def close(self) -> None:
        """Stop, and give the pin back; safe to call twice."""
        self._watch.close()

    def _report(self, seen: Seen) -> None:
        if seen.sale:
            at = instant(self._clock.now(), seen.at)
            self._post(SaleSeen(at, uuid6.uuid7().hex, seen.source))


class _OneContact:
    """A contact reader as the rule of a watch over one pin."""

    def __init__(self, reader: ContactReader) -> None:
        self._reader = reader

    @property
    def wakes_at(self) -> int | None:
        return self._reader.wakes_at

    def level(self, _key: str, high: bool, at: int) -> list[Seen]:
        return self._reader.level(high, at)

    def idle(self, at: int) -> list[Seen]:
        return self._reader.idle(at)
