"""Tells which publish a broker's answer is about, and passes on the refusals."""

from __future__ import annotations

import threading

from paho.mqtt.reasoncodes import ReasonCode

from kiosk.core.ports import Inbound
from shared.topics import Channel


class Answers:
    """Which channel a PUBACK is about: publish and its answer come in either order.

    The lock is never held around a call into paho, which calls back under a lock of its own.
    """

    def __init__(self, inbound: Inbound) -> None:
        self._inbound = inbound
        self._lock = threading.Lock()
        self._channels: dict[int, Channel] = {}
        self._reasons: dict[int, ReasonCode] = {}

    def published(self, mid: int, channel: Channel) -> None:
        with self._lock:
            self._channels[mid] = channel
        self._settle(mid)

    def answered(self, mid: int, reason: ReasonCode) -> None:
        with self._lock:
            self._reasons[mid] = reason
        self._settle(mid)

    def _settle(self, mid: int) -> None:
        with self._lock:
            if mid not in self._channels or mid not in self._reasons:
                return
            channel, reason = self._channels.pop(mid), self._reasons.pop(mid)
        if reason.is_failure:
            self._inbound.refused(channel, str(reason))
