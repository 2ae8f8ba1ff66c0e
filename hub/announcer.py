"""What the hub tells its kiosks: receipts, settings, notices; the newest of each, until it is out.

It also clears what kiosks that are gone have left at the broker, by an empty retained message.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from hub.core.measures import RECEIPTS, SETTINGS, Measure, Meter
from hub.core.programme import Programmes
from shared.commands import Command
from shared.deliveries import Receipt
from shared.notices import Notice
from shared.places import KioskId, StoreId
from shared.topics import DOWNWARD, UPWARD, Channel, Topic
from shared.wire import encode

Publish = Callable[[str, bytes], bool]
"""Hand a retained message to the broker; False where it could not be taken just now."""

MOST_CLEARING = 20_000
"""Messages that may wait while something is cleared; what finds no room is seen again later."""

_CLEARED = (*DOWNWARD, *UPWARD)
"""The status last: where it still stands, a hub that starts anew sees that not all was cleared."""


class Announcer:
    """Keeps what is to be told per topic, so that waiting costs one message a kiosk at most."""

    def __init__(self, publish: Publish, programmes: Programmes, meter: Meter) -> None:
        self._publish, self._programmes, self._meter = publish, programmes, meter
        self._waiting: dict[str, tuple[bytes, Measure | None]] = {}
        self._notices: dict[str, bytes] = {}  # after all else: the next one comes in 20 s anyway
        self._told: dict[tuple[StoreId, KioskId], int] = {}
        self._lock = threading.Lock()

    def receipt(self, topic: Topic, receipt: Receipt) -> None:
        """Tell a kiosk up to where the hub holds its records; called after the commit only."""
        self._put(topic, encode(receipt), RECEIPTS)

    def greet(self, receipts: Iterable[tuple[Topic, Receipt]]) -> None:
        """Tell kiosks once more what was committed; a receipt that waits is newer, and stands."""
        for topic, receipt in receipts:
            with self._lock:
                self._waiting.setdefault(str(topic), (encode(receipt), RECEIPTS))

    def settings(self) -> None:
        """Tell every kiosk its settings where they changed since it was last told."""
        current = {(store, kiosk): serial for store, kiosk, serial in self._programmes.serials()}
        with self._lock:
            stale = [who for who, serial in current.items() if self._told.get(who) != serial]
        for store_id in sorted({store for store, _ in stale}):
            self._tell_store(store_id, {kiosk for store, kiosk in stale if store == store_id})

    def forget(self) -> None:
        """Begin anew: the broker may have lost what it retained, so all settings are told again."""
        with self._lock:
            self._told.clear()

    def notice(self, store: StoreId, kiosk: KioskId, notice: Notice | None) -> None:
        """Let a kiosk show this about the wait; None takes back what stands there."""
        payload = b"" if notice is None else encode(notice)
        with self._lock:
            self._notices[str(Topic(store, kiosk, Channel.NOTICE))] = payload

    def order(self, store: StoreId, kiosk: KioskId, command: Command | None) -> None:
        """Tell a kiosk to do this; None takes back what the broker keeps of an earlier one."""
        payload = b"" if command is None else encode(command)
        self._put(Topic(store, kiosk, Channel.COMMAND), payload)

    def clear(self, store: StoreId, kiosk: KioskId) -> None:
        """Take back every word that the broker keeps by or for a kiosk that is not there."""
        with self._lock:
            self._notices.pop(str(Topic(store, kiosk, Channel.NOTICE)), None)
        if len(self._waiting) < MOST_CLEARING:
            for channel in _CLEARED:
                self._put(Topic(store, kiosk, channel), b"")

    def anew(self, store: StoreId, kiosk: KioskId) -> None:
        """Let nothing stand at the broker that was said before: the settings are told once more,
        and what is not told anew is taken back; a notice comes again within seconds."""
        with self._lock:
            self._told.pop((store, kiosk), None)
            for channel in (Channel.RECEIPT, Channel.COMMAND):
                self._waiting.setdefault(str(Topic(store, kiosk, channel)), (b"", None))
            self._notices.setdefault(str(Topic(store, kiosk, Channel.NOTICE)), b"")

    def flush(self) -> None:
        """Hand over what waits, notices last; what is not taken goes on waiting."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._hand_over_notices()
                    return
                topic, (payload, measure) = next(iter(self._waiting.items()))
                if not self._publish(topic, payload):
                    return
                del self._waiting[topic]
            if measure is not None:
                self._meter.add(measure)

    @property
    def waiting(self) -> int:
        """How many messages wait for the broker."""
        return len(self._waiting) + len(self._notices)

    def _hand_over_notices(self) -> None:
        while self._notices:
            topic, payload = next(iter(self._notices.items()))
            if not self._publish(topic, payload):
                return
            del self._notices[topic]

    def _tell_store(self, store_id: StoreId, kiosks: set[KioskId]) -> None:
        for kiosk_id, settings in self._programmes.settings_of(store_id).items():
            if kiosk_id in kiosks:
                self._put(Topic(store_id, kiosk_id, Channel.SETTINGS), encode(settings), SETTINGS)
                with self._lock:
                    self._told[store_id, kiosk_id] = settings.serial

    def _put(self, topic: Topic, payload: bytes, measure: Measure | None = None) -> None:
        with self._lock:
            self._waiting[str(topic)] = (payload, measure)
