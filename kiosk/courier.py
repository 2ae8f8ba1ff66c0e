"""Carries the outbox to the hub, oldest first, and forgets only what the hub says it holds.

Laws of this page
1. One thread. The broker's thread, the till's and the screen's only put a word in the inbox.
2. What is due next is decided by kiosk/core/delivery.py; here it is only carried out.
3. Nothing is deleted but by `outbox.forget`, with a receipt that agrees with this kiosk's chain.
4. Whatever comes down from the hub may be forged: it is counted and ignored, or an alarm.
5. At rest (connected, nothing owed) the thread sleeps until it is woken or the status is due.
"""

from __future__ import annotations

import queue
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import structlog

from kiosk.core.delivery import FRESH_MS, Delivery, Due, Limits, Phase
from kiosk.core.events import NoticeCame, SettingsCame
from kiosk.core.ports import Broker, Clock, Outbox, Post
from kiosk.core.standing import Standing
from shared.deliveries import Batch, Receipt
from shared.errors import OutboxError, ReceiptError, WireError
from shared.notices import KioskSettings, Notice, Presence, Pulse
from shared.topics import Channel
from shared.wire import LONGEST_MESSAGE, decode, encode, encode_batch

log = structlog.get_logger(__name__)

BATCH: Final = 100
"""Records in one message: about 45 kB of visits."""

SETTINGS: Final = "settings"
"""The name under which the hub's settings are remembered in the outbox."""

MOST_WAITING: Final = 1_000
"""Messages from the hub that may wait in the inbox; a flood beyond it is dropped and counted."""

STOP_SECONDS: Final = 3.0

Act = Callable[[], None]


class Courier:
    """Carries one outbox over one broker; every method without underscore suits any thread."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        broker: Broker,
        clock: Clock,
        post: Post,
        version: str,
        settings_serial: int = 0,
        limits: Limits | None = None,
        chance: Callable[[], float] = random.random,
        on_hub_time: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._outbox = outbox
        self._broker = broker
        self._clock = clock
        self._post = post
        self._chance = chance
        self._on_hub_time = on_hub_time
        self._delivery = Delivery(limits or Limits())
        self._inbox: queue.SimpleQueue[Act] = queue.SimpleQueue()
        self._line: _Line | None = None
        self._standing = Standing(version, settings_serial=settings_serial)
        self._epoch = ""
        self._refused_seen = 0
        self._running = True
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self.counts: Counter[str] = Counter()

    def start(self) -> None:
        """Begin; the hub need not be there."""
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye and end; what has no receipt stays in the outbox. Safe to call twice."""
        self._inbox.put(self._end)
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def wake(self) -> None:
        """There are new records."""
        self._inbox.put(self._woken)

    def pulse(self, pulse: Pulse) -> None:
        """Tell the hub's *now*; dropped where there is no connection."""
        self._inbox.put(partial(self._tell_pulse, encode(pulse)))

    def alarm(self, code: str, on: bool = True) -> None:
        """Another part of this kiosk is in trouble, or no longer."""
        self._inbox.put(partial(self._set_alarm, code, on))

    def hear(self, line: _Line, act: Act) -> None:
        """A word of the broker's thread about this connection."""
        self._inbox.put(partial(self._on_line, line, act))

    def hear_message(self, line: _Line, channel: Channel, payload: bytes) -> None:
        """A message from the hub; the first to be dropped in a flood."""
        if self._inbox.qsize() >= MOST_WAITING:
            self.counts["flood"] += 1
            return
        self.hear(line, partial(self._on_message, channel, payload))

    # The thread

    def _run(self) -> None:
        while self._running:
            wait = self._turn()
            try:
                act = self._inbox.get(timeout=wait)
            except queue.Empty:
                continue
            self._guarded(act)

    def _turn(self) -> float | None:
        """Do all that is due; return for how many seconds there is nothing to do, None for ever."""
        while self._running and self._inbox.empty():
            due = self._delivery.due(self._now())
            if due is None:
                deadline = self._delivery.deadline()
                return None if deadline is None else max(0, deadline - self._now()) / 1_000
            self._guarded(partial(self._do, due))
        return 0

    def _guarded(self, act: Act) -> None:
        """Nothing that one word or duty does wrong may end the courier."""
        try:
            act()
        except OutboxError as fault:
            log.error("outbox_failed", why=str(fault), hint=fault.hint)
            self._leave("storage")
        except Exception:
            log.exception("courier_fault")
            self._leave("fault")

    def _do(self, due: Due) -> None:
        match due:
            case Due.JOIN:
                self._join()
            case Due.LEAVE:
                log.warning("broker_silent", phase=self._delivery.phase.name)
                self._leave()
            case Due.GO_BACK:
                self._delivery = self._delivery.gone_back()
            case Due.SEND:
                self._send()
            case Due.TELL:
                self._tell()

    def _now(self) -> int:
        return self._clock.now().boot

    # Out

    def _join(self) -> None:
        number = self._outbox.next_connection()
        self._standing = replace(self._standing, connection=number)
        self._line = _Line(self)
        self._delivery = self._delivery.joining(self._now())
        self._broker.connect(self._line, self._status(Presence.OFFLINE))

    def _leave(self, alarm: str | None = None) -> None:
        self._line = None
        self._delivery = self._delivery.lost(self._now(), self._chance())
        if alarm is not None:
            self._standing = self._standing.alarmed(alarm)
        self._broker.close()

    def _send(self) -> None:
        batch, payload = self._next_batch()
        if batch is None:
            self._delivery = self._delivery.emptied()
        elif batch.epoch != self._epoch or not self._broker.publish(Channel.RECORDS, payload):
            # A new epoch needs a new connection number; a broker that takes nothing, a new line.
            self._leave()
        else:
            self._delivery = self._delivery.sent(batch.last, self._now())

    def _next_batch(self) -> tuple[Batch | None, bytes]:
        most = BATCH
        while batch := self._outbox.batch_from(self._delivery.next_seq, most):
            payload = encode_batch(batch)
            if len(payload) <= LONGEST_MESSAGE or most == 1:
                return batch, payload
            most = max(1, most // 2)
        return None, b""

    def _tell(self) -> None:
        self._delivery = self._delivery.told(self._now())
        if not self._broker.publish(Channel.STATUS, self._status(Presence.ONLINE)):
            self._leave()

    def _tell_pulse(self, payload: bytes) -> None:
        if not self._delivery.paused_at(self._now()):
            self._broker.publish(Channel.PULSE, payload)

    def _status(self, presence: Presence) -> bytes:
        held = self._outbox.held()
        self._epoch, self._refused_seen = held.epoch, held.refused_seen
        return encode(self._standing.status(presence, held, self._clock.now()))

    # In

    def _on_line(self, line: _Line, act: Act) -> None:
        if line is self._line:
            act()

    def on_connected(self) -> None:
        self._delivery = self._delivery.joined(self._outbox.held().oldest, self._now())
        self._standing = self._standing.mended("storage", "fault")
        log.info("broker_connected", connection=self._standing.connection)
        self._tell()

    def on_disconnected(self, why: str) -> None:
        log.warning("broker_disconnected", why=why, failures=self._delivery.failures)
        self._line = None
        self._delivery = self._delivery.lost(self._now(), self._chance())

    def on_refused(self, channel: Channel, why: str) -> None:
        log.error("broker_refused", channel=channel.value, why=why)
        self._trouble("refused")

    def _on_message(self, channel: Channel, payload: bytes) -> None:
        try:
            match channel:
                case Channel.RECEIPT:
                    self._on_receipt(decode(Receipt, payload))
                case Channel.SETTINGS:
                    self._on_settings(decode(KioskSettings, payload), payload)
                case Channel.NOTICE:
                    self._post(NoticeCame(self._clock.now(), decode(Notice, payload)))
                case _:
                    self.counts["foreign"] += 1
        except WireError as fault:
            self.counts["unreadable"] += 1
            log.warning("message_unreadable", channel=channel.value, why=str(fault)[:200])
            if channel is Channel.SETTINGS:
                self._set_alarm("settings")

    def _on_receipt(self, receipt: Receipt) -> None:
        if receipt.epoch != self._epoch:
            self.counts["other_epoch"] += 1  # the broker keeps the last word on an earlier outbox
        elif receipt.problem is not None:
            log.error("hub_problem", problem=receipt.problem[:80], hint=(receipt.hint or "")[:200])
            self._trouble("problem")
        else:
            self._settle(receipt)

    def _settle(self, receipt: Receipt) -> None:
        try:
            self._outbox.forget(receipt)
        except ReceiptError as fault:
            log.error("receipt_disagrees", why=str(fault), hint=fault.hint)
            self._trouble("receipt")
            return
        now = self._now()
        age = self._delivery.answer_age(receipt.upto, now)
        self._delivery = self._delivery.receipted(receipt.upto, now)
        if age is not None and age <= FRESH_MS:
            self._on_hub_time(receipt.at)
        self._settled(receipt)

    def _settled(self, receipt: Receipt) -> None:
        noted = self._refused_seen < max((one.seq for one in receipt.refused), default=0)
        if noted:
            log.warning("records_refused", codes=sorted({one.code[:40] for one in receipt.refused}))
        before = self._standing
        self._standing = before.mended("receipt", "refused", "problem")
        if noted or before != self._standing:
            self._tell()

    def _on_settings(self, settings: KioskSettings, payload: bytes) -> None:
        if settings.serial <= self._standing.settings_serial:
            return
        self._outbox.remember(SETTINGS, payload)
        standing = replace(self._standing, settings_serial=settings.serial)
        self._standing = standing.mended("settings")
        self._post(SettingsCame(self._clock.now(), settings))
        self._tell()

    # Within

    def _woken(self) -> None:
        self._delivery = self._delivery.woken()

    def _trouble(self, alarm: str) -> None:
        self._delivery = self._delivery.paused(self._now())
        self._set_alarm(alarm)

    def _set_alarm(self, code: str, on: bool = True) -> None:
        before = self._standing
        self._standing = before.alarmed(code) if on else before.mended(code)
        if before != self._standing and self._delivery.phase is Phase.JOINED:
            self._tell()

    def _end(self) -> None:
        self._running = False
        if self._delivery.phase is Phase.JOINED:
            self._broker.publish(Channel.STATUS, self._status(Presence.OFFLINE))
        self._broker.close()


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """What one connection says, carried into the courier's thread; `eq=False`: only itself."""

    courier: Courier

    def connected(self) -> None:
        self.courier.hear(self, self.courier.on_connected)

    def disconnected(self, why: str) -> None:
        self.courier.hear(self, partial(self.courier.on_disconnected, why))

    def received(self, channel: Channel, payload: bytes) -> None:
        self.courier.hear_message(self, channel, payload)

    def refused(self, channel: Channel, why: str) -> None:
        self.courier.hear(self, partial(self.courier.on_refused, channel, why))
