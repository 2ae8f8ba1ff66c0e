"""One open stream: what its browser knows, what it is owed, and whether it may go on.

Nothing here reads, draws or encodes: five hundred of these wake at every step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

from hub.core.roles import Right
from hub.web.editions import BEAT, Edition
from shared.places import StoreId


class Ticket(NamedTuple):
    """By what somebody looks: a running session (its token), whose user has this right."""

    token: str
    right: Right
    store: StoreId


class Viewer:
    """One browser's stream; used by the thread of the loop alone.

    From the moment it is held until it is let on, or ended, it is given nothing.
    """

    __slots__ = (
        "_beat", "_editions", "_held", "_last", "_number", "_over", "_version", "_woken",
        "due", "language", "ticket",
    )  # fmt: skip

    def __init__(self, language: str, version: str, ticket: Ticket) -> None:
        """`version` names what the browser shows already; it may show more than that."""
        self.language, self.ticket = language, ticket
        self.due = 0.0
        self._version, self._number = version, 0
        self._editions: Mapping[str, Edition] = {}
        self._held, self._beat, self._over, self._last = False, False, False, b""
        self._woken = asyncio.Event()

    async def next(self) -> bytes:
        """What is to be sent next, as soon as there is something; nothing at the end."""
        while not self._over:
            if owed := b"" if self._held else self._owed():
                return owed
            self._woken.clear()
            await self._woken.wait()
        last, self._last = self._last, b""
        return last

    def read(self, editions: Mapping[str, Edition], due: float) -> None:
        """Begin to look at these editions, by language; until then it need not be held."""
        self._editions, self.due = editions, due

    def wake(self) -> None:
        """There is another edition."""
        self._woken.set()

    def hold(self) -> None:
        """Nothing more until it is known whether this viewer may go on."""
        self._held = True

    def let_on(self, due: float) -> None:
        """Go on, and tell the browser that the line stands."""
        self._held, self._beat, self.due = False, True, due
        self._woken.set()

    def end(self, last: bytes = b"") -> None:
        """Say this last word, and no more."""
        if not self._over:
            self._over, self._last = True, last
            self._woken.set()

    def _owed(self) -> bytes:
        if self._beat:
            self._beat = False
            return BEAT
        edition = self._editions.get(self.language)
        if edition is None:
            return b""
        news = edition.since(self._number, self._version)
        if self._number or news:
            self._number = edition.number
        return news
