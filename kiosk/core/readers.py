"""What every way of hearing a till looks like from outside: bytes or levels in, sales out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kiosk.core.documents import Pace, Seen
from kiosk.core.modem import Contact
from shared.sales import SaleSource


@dataclass(frozen=True, slots=True)
class ContactSettings:
    """A contact that becomes active at each sale: a modem line, or the switch of a drawer."""

    active_high: bool = True
    debounce_ms: int = 30
    rest_ms: int = 300  # a drawer that bounces back from its end is still the same opening


class Reader(Protocol):
    """Bytes in, what they tell out; never raises, never holds more than a few hundred bytes."""

    def feed(self, data: bytes, at: int) -> list[Seen]:
        """What these bytes end, heard at boot time `at` (ms)."""

    def idle(self, at: int) -> list[Seen]:
        """Nothing was heard until `at`."""

    def reset(self) -> None:
        """The line was cut: what was half heard belongs to nothing that follows."""

    @property
    def held(self) -> int:
        """How many bytes are held now."""


class PacedReader:
    """A reader whose sales keep a distance."""

    def __init__(self, reader: Reader, pace: Pace) -> None:
        self._reader = reader
        self._pace = pace

    @property
    def held(self) -> int:
        """How many bytes are held now."""
        return self._reader.held

    def feed(self, data: bytes, at: int) -> list[Seen]:
        """What these bytes end, heard at boot time `at` (ms)."""
        return [self._pace.admit(seen) for seen in self._reader.feed(data, at)]

    def idle(self, at: int) -> list[Seen]:
        """Nothing was heard until `at`."""
        return [self._pace.admit(seen) for seen in self._reader.idle(at)]

    def reset(self) -> None:
        """The line was cut: what was half heard belongs to nothing that follows."""
        self._reader.reset()


class ContactReader:
    """Levels of a contact in, sales out."""

    def __init__(self, settings: ContactSettings, source: SaleSource, pace: Pace) -> None:
        self._contact = Contact(settings.debounce_ms, settings.rest_ms)
        self._active_high = settings.active_high
        self._source = source
        self._pace = pace

    @property
    def wakes_at(self) -> int | None:
        """When `idle` should be asked next if the level does not change."""
        return self._contact.settles_at

    def level(self, high: bool, at: int) -> list[Seen]:
        """The line was seen high or low at boot time `at` (ms)."""
        edge = self._contact.level(high is self._active_high, at)
        return self._seen(edge.at) if edge is not None and edge.active else []

    def idle(self, at: int) -> list[Seen]:
        """Nothing changed until `at`."""
        edge = self._contact.idle(at)
        return self._seen(edge.at) if edge is not None and edge.active else []

    def reset(self) -> None:
        """The line was cut: the next level is no edge."""
        self._contact.reset()

    def _seen(self, at: int) -> list[Seen]:
        return [self._pace.admit(Seen(at, self._source, True, "sale"))]
