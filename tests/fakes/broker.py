"""A broker in memory, with the rights and the manners of the real one, and an ear for tests."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from kiosk.core.ports import Inbound
from shared.topics import DOWNWARD, RETAINED, UPWARD, Channel


@dataclass
class FakeBroker:
    """Connects at once while it is `up`; keeps what was published; a test plays the hub.

    `refusing`: channels on which a publish is refused although the rights allow it.
    `deaf`: messages are taken and lead nowhere, as on a half-open line.
    """

    up: bool = True
    deaf: bool = False
    refusing: set[Channel] = field(default_factory=set)
    published: list[tuple[Channel, bytes]] = field(default_factory=list)
    retained: dict[Channel, bytes] = field(default_factory=dict)
    connects: int = 0
    attempts: list[Channel] = field(default_factory=list)
    _inbound: Inbound | None = None
    _will: bytes = b""

    def connect(self, inbound: Inbound, will: bytes) -> None:
        self.close()
        self.connects += 1
        if not self.up:
            inbound.disconnected("refused")
            return
        self._inbound, self._will = inbound, will
        inbound.connected()
        for channel in DOWNWARD:
            if channel in self.retained:
                inbound.received(channel, self.retained[channel])

    def publish(self, channel: Channel, payload: bytes) -> bool:
        if self._inbound is None:
            return False
        self.attempts.append(channel)
        if channel not in UPWARD or channel in self.refusing:
            self._inbound.refused(channel, "Not authorized")
        elif not self.deaf:
            self._publish(channel, payload)
        return True

    def close(self) -> None:
        self._end("closed")

    # The test's side

    def seen(self, channel: Channel) -> list[bytes]:
        """What the hub got on this channel, in order."""
        return [payload for where, payload in self.published if where is channel]

    def send(self, channel: Channel, payload: bytes) -> None:
        """The hub publishes to this kiosk."""
        if channel in RETAINED:
            self.retained[channel] = payload
        if self._inbound is not None:
            self._inbound.received(channel, payload)

    def cut(self) -> None:
        """The line breaks without a goodbye: the will is published."""
        if self._inbound is not None:
            self._publish(Channel.STATUS, self._will)
        self.up = False
        self._end("cut")

    def restore(self) -> None:
        """The broker can be reached again."""
        self.up = True

    def _publish(self, channel: Channel, payload: bytes) -> None:
        self.published.append((channel, payload))
        if channel in RETAINED:
            self.retained[channel] = payload

    def _end(self, why: str) -> None:
        inbound, self._inbound = self._inbound, None
        if inbound is not None:
            inbound.disconnected(why)


class Ear:
    """An Inbound that remembers what it was told, and can be waited for."""

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []
        self._news = threading.Condition()

    def connected(self) -> None:
        self._note("connected", None)

    def disconnected(self, why: str) -> None:
        self._note("disconnected", why)

    def received(self, channel: Channel, payload: bytes) -> None:
        self._note("received", (channel, payload))

    def refused(self, channel: Channel, why: str) -> None:
        self._note("refused", channel)

    def wait_for(self, what: str, times: int = 1, seconds: float = 10) -> list[object]:
        """Wait until `what` was told so many times; returns with what."""
        with self._news:
            enough = self._news.wait_for(lambda: len(self.all(what)) >= times, seconds)
        assert enough, f"not told {what!r} {times} times, only {self.told}"
        return self.all(what)

    def wait_for_any(self, seconds: float = 10) -> tuple[str, object]:
        """Wait for the first word, whichever it is."""
        with self._news:
            assert self._news.wait_for(lambda: bool(self.told), seconds), "nothing was told"
        return self.told[0]

    def all(self, what: str) -> list[object]:
        """What was told with this word so far."""
        return [detail for word, detail in self.told if word == what]

    def _note(self, word: str, detail: object) -> None:
        with self._news:
            self.told.append((word, detail))
            self._news.notify_all()
