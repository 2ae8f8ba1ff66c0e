"""Stands before the ear of a kiosk with a password: what the hub signed is read as if it were not.

A hub with signing keys signs what it says to everybody. Such a kiosk was given nobody's key, and
believes its broker as it always did; without this, the day its hub got an authority would silence
it before anybody could let it join.
"""

from __future__ import annotations

from contextlib import suppress

from kiosk.core.ports import Inbound
from shared.errors import SignatureRefused
from shared.signing import read_signed
from shared.topics import Channel


class Unwrapped:
    """One connection's ear; it verifies nothing, and promises nothing."""

    def __init__(self, ear: Inbound) -> None:
        self._ear = ear

    def connected(self) -> None:
        """The subscriptions are made."""
        self._ear.connected()

    def disconnected(self, why: str) -> None:
        """It is gone."""
        self._ear.disconnected(why)

    def received(self, channel: Channel, payload: bytes) -> None:
        """Pass on the body; what is not signed is passed on as it is."""
        with suppress(SignatureRefused):
            payload = read_signed(payload).body
        self._ear.received(channel, payload)

    def refused(self, channel: Channel, why: str) -> None:
        """The broker refused a publish."""
        self._ear.refused(channel, why)
