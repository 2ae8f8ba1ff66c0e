"""Who guesses passwords that are too long to be guessed: it costs nothing to turn them away."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Final

MOST_WRONG: Final = 30
"""Different wrong passwords from one network in a window: no store changes that many sensors."""

WINDOW_MS: Final = 60_000

MOST_NETWORKS: Final = 2_000
"""Remembered at once: 12 MB at worst. Whoever brings more of them begins anew."""


@dataclass(slots=True)
class Guesses:
    """What was wrong lately, by network; a window forgets what the one before knew.

    A sensor with an old password says the same again and again: that is one wrong one, so it does
    not shut the door on the other sensors of its store, which have its address.
    """

    _window: int = -1
    _wrong: dict[str, set[str]] = field(default_factory=dict)

    def wait_ms(self, address: str, guess: str, now: int) -> int:
        """How long this guess must wait; 0 where it may be tried."""
        self._turn(now)
        wrong = self._wrong.get(network_of(address), ())
        shut = guess in wrong or len(wrong) >= MOST_WRONG
        return (self._window + 1) * WINDOW_MS - now if shut else 0

    def wrong(self, address: str, guess: str, now: int) -> None:
        """It was tried, and wrong."""
        self._turn(now)
        if len(self._wrong) >= MOST_NETWORKS:
            self._wrong.clear()
        self._wrong.setdefault(network_of(address), set()).add(guess)

    def _turn(self, now: int) -> None:
        if now // WINDOW_MS != self._window:
            self._window = now // WINDOW_MS
            self._wrong = {}


def network_of(address: str) -> str:
    """What one party has for itself: an address of IPv4, or 2^64 of IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False))
