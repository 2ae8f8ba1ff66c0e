"""Commands to kiosks: kept before they are told, told until they are answered or too late."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, Protocol

from hub.core.accounts import Note
from hub.core.fleet import KioskKey
from hub.core.hours import DAY_MS
from hub.core.measures import COMMANDS, Meter
from hub.core.ordering import LASTS_MS, OrderBook, Sent
from shared.commands import Answer, Command, Order
from shared.errors import WordError
from shared.places import KioskId, StoreId

MOST_AT_ONCE: Final = 1_000
"""Kiosks that are told at once: a whole chain, and a form that still fits the bound of a body."""

REMEMBERED_MS: Final = 8 * DAY_MS
"""Commands that ended since then are taken back from a broker that was met anew: the longest is
good for a week."""


class Telling(Protocol):
    """Where commands are handed over."""

    def order(self, store: StoreId, kiosk: KioskId, command: Command | None) -> None:
        """Tell a kiosk to do this; None takes back what is kept of an earlier one."""


class Orders:
    """Gives commands: the web's side."""

    def __init__(self, book: OrderBook, now_ms: Callable[[], int]) -> None:
        self.book, self._now_ms = book, now_ms

    def send(
        self,
        who: Collection[KioskKey],
        order: Order,
        user: str,
        *,
        version: str | None = None,
        lasts_ms: int | None = None,
    ) -> list[str]:
        """Let these do it, noted in the audit log; returns the commands' ids, in order of `who`.

        Raises WordError where it is nobody, or too many.
        """
        if not 0 < len(who) <= MOST_AT_ONCE:
            raise WordError(f"{len(who)} kiosks: from 1 to {MOST_AT_ONCE} at once")
        now = self._now_ms()
        until = now + (LASTS_MS[order] if lasts_ms is None else lasts_ms)
        sent = [
            Sent(*one, Command(secrets.token_hex(8), order, until, version), user, now)
            for one in who
        ]
        what = order.value if version is None else f"{order.value} {version}"
        self.book.order(sent, Note(now, user, "kiosks told", _named(who), what))
        return [one.command.id for one in sent]


def _named(who: Collection[KioskKey]) -> str:
    """Who, for the audit log: all of them where they are few."""
    names = [f"{store}/{kiosk}" for store, kiosk in sorted(who)]
    return ", ".join(names[:20]) + (f" … {len(names)} in all" if len(names) > 20 else "")


class Herald:
    """Tells them, and hears what became of them: the side of the intake.

    `look` and `answered` belong to one thread; `again` suits any.
    """

    def __init__(
        self, book: OrderBook, telling: Telling, meter: Meter, now_ms: Callable[[], int]
    ) -> None:
        self._book, self._telling, self._meter, self._now_ms = book, telling, meter, now_ms
        self._told: dict[KioskKey, str] = {}
        self._met = threading.Event()
        self._met.set()

    def again(self) -> None:
        """A broker was met that may keep other words: all is told anew; returns at once."""
        self._met.set()

    def look(self) -> None:
        """Tell what is pending, and take back what ended; raises ArchiveError."""
        now = self._now_ms()
        self._book.expire(now)
        pending = self._book.pending(now)
        if self._met.is_set():
            self._told = dict.fromkeys(self._book.ended(now - REMEMBERED_MS), "")
            self._met.clear()
        for who, command in sorted(pending.items()):
            if self._told.get(who) != command.id:
                self._telling.order(*who, command)
                self._meter.add(COMMANDS, label=command.order.value)
                self._told[who] = command.id
        for who in self._told.keys() - pending.keys():
            self._telling.order(*who, None)
            del self._told[who]

    def answered(self, answers: Mapping[KioskKey, Sequence[Answer]], at: int) -> int:
        """What kiosks say of their commands; raises ArchiveError."""
        said = {who: some for who, some in answers.items() if some}
        return self._book.answered(said, at) if said else 0
