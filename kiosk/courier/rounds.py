"""The courier's rounds: what is due is done, what comes in is judged; one thread at a time.

Laws of this page
1. What is due next is decided by kiosk/core/delivery.py; here it is only carried out.
2. Nothing is owed no more but by `outbox.forget`, with a receipt that agrees with this kiosk's
   chain; the outbox alone knows when a restored hub must have it again.
3. Whatever comes down from the hub may be forged: it is counted and ignored, or an alarm.
4. The status is told again whenever it would say something new, once; never in a loop.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog

from kiosk.core.delivery import Delivery, Due, Limits, Phase
from kiosk.core.events import HubTimeHeard
from kiosk.core.ports import Broker, Clock, Held, Inbound, Outbox, Post
from kiosk.core.reach import Reach
from kiosk.core.standing import Standing
from kiosk.courier.recollection import Recollection
from kiosk.courier.tidings import SETTINGS, Obey, Tidings, ignore
from shared.deliveries import Receipt
from shared.errors import OutboxError, ReceiptError, WireError
from shared.notices import Presence
from shared.topics import Channel
from shared.wire import decode, encode, encode_batch

log = structlog.get_logger(__name__)

BATCH: Final = 100
"""Records in one message: about 45 kB of visits."""

STALLED: Final = 3
"""So many fruitless repeats (14 s) are no hiccup: the hub answers, but cannot go on."""

Act = Callable[[], None]


class Rounds:
    """Carries one outbox over one broker. `listen` makes the ear of the connection numbered so."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        broker: Broker,
        clock: Clock,
        post: Post,
        listen: Callable[[int], Inbound],
        standing: Standing,
        limits: Limits,
        chance: Callable[[], float] = random.random,
        obey: Obey = ignore,
    ) -> None:
        self._outbox = outbox
        self._known = Recollection(outbox)
        self._broker = broker
        self._clock = clock
        self._post = post
        self._tidings = Tidings(outbox, clock, post, obey)
        self._listen = listen
        self._standing = standing
        self._said: Standing | None = None
        self._delivery = Delivery(limits)
        self._chance = chance
        self._epoch = ""
        self._shown = self.line = 0
        self.reach = Reach()
        self.counts: Counter[str] = Counter()

    def turn(self) -> float | None:
        """Do one thing that is due and return 0; else for how many seconds there is nothing."""
        due = self._delivery.due(self._now())
        if self._delivery.phase is Phase.JOINED and self._standing != self._said:
            due = Due.TELL
        if due is not None:
            self.guarded(self._duty(due))
            return 0
        deadline = self._delivery.deadline()
        return None if deadline is None else max(0, deadline - self._now()) / 1_000

    def guarded(self, act: Act) -> None:
        """Do it; nothing that one word or duty does wrong may end the courier."""
        try:
            act()
        except OutboxError as fault:
            log.error("outbox_failed", why=str(fault), hint=fault.hint)
            self._without_storage()
        except Exception:
            log.exception("courier_fault")
            self._leave()

    @property
    def standing(self) -> Standing:
        """What the hub is told of this kiosk."""
        return self._standing

    # What others say

    def woken(self) -> None:
        """There may be new records."""
        self._delivery = self._delivery.woken()

    def say(self, channel: Channel, payload: bytes) -> bool:
        """Publish it if that is possible now, else never; whether it was."""
        return not self._delivery.paused_at(self._now()) and self._broker.publish(channel, payload)

    @property
    def hushed_s(self) -> float | None:
        """For how many seconds nothing is said on this connection; None where there is none."""
        joined = self._delivery.phase is Phase.JOINED
        return max(0, self._delivery.until - self._now()) / 1_000 if joined else None

    def alarm(self, code: str, on: bool = True) -> None:
        """Raise an alarm, or take it back."""
        self._standing = self._standing.alarmed(code) if on else self._standing.mended(code)

    def end(self) -> None:
        """Say goodbye: a clean end publishes no last will."""
        if self._delivery.phase is Phase.JOINED:
            # Of the epoch that the broker knows: another has had no connection yet.
            held = replace(self._known.held(), epoch=self._epoch)
            self._broker.publish(Channel.STATUS, self._status(Presence.OFFLINE, held))
        self._leave()
        log.info("courier_ended", passed_over=dict(self.counts))

    # What the connection says

    def connected(self) -> None:
        """It stands: everything without a receipt is to be sent."""
        log.info("broker_connected", connection=self._standing.connection)
        self._said = None
        self.reach = self.reach.connected(self._clock.now())
        self._delivery = self._delivery.joined(self._known.held().received, self._now())

    def disconnected(self, why: str) -> None:
        """It is gone, or could not be made."""
        log.warning("broker_disconnected", why=why, failures=self._delivery.failures)
        self._lost()

    def refused(self, channel: Channel, why: str) -> None:
        """The broker took a message and threw it away."""
        log.error("broker_refused", channel=channel.value, why=why)
        self._trouble("refused")

    def received(self, channel: Channel, payload: bytes) -> None:
        """A message came down; whatever it is. An empty one clears what the broker kept."""
        if not payload and channel is not Channel.NOTICE:
            return
        try:
            self._read(channel, payload)
        except WireError as fault:
            self.counts["unreadable"] += 1
            log.warning("message_unreadable", channel=channel.value, why=str(fault)[:200])
            if channel is Channel.SETTINGS:
                self.alarm(SETTINGS)

    def _read(self, channel: Channel, payload: bytes) -> None:
        match channel:
            case Channel.RECEIPT:
                self._receipt(decode(Receipt, payload))
            case Channel.SETTINGS:
                self._standing = self._tidings.settings(payload, self._standing)
            case Channel.NOTICE:
                self._tidings.notice(payload)
            case Channel.COMMAND:
                self._tidings.command(payload)
            case _:
                self.counts["foreign"] += 1

    def _receipt(self, receipt: Receipt) -> None:
        if receipt.epoch != self._epoch:
            self.counts["other_epoch"] += 1  # the broker keeps the last word on an earlier outbox
            self._delivery = self._delivery.heard_of_another(self._now(), receipt.at)
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
            self._show()
            self._trouble("receipt")
            return
        now = self._clock.now()
        fresh = self._delivery.is_fresh(receipt.upto, now.boot)
        if fresh:
            self._post(HubTimeHeard(now, receipt.at))
        self.reach = self.reach.receipted(receipt.upto, now, receipt.at if fresh else None)
        held = self._outbox.held()  # a receipt of a hub's earlier life is passed over by the outbox
        before = self._delivery.held
        if held.received < before:
            self._delivery = self._delivery.set_back(held.received, now.boot)
            self._said = None  # the hub should know that something comes again
        else:
            upto = min(receipt.upto, held.received)
            self._delivery = self._delivery.receipted(upto, now.boot, made_at=receipt.at)
        advanced = self._delivery.held > before
        if advanced and held.last >= self._delivery.next_seq:
            self.woken()  # a record past mending goes only now that all before it is received
        mended = self._standing.mended("receipt", "refused", "storage")
        self._standing = mended.mended("problem") if advanced else mended
        if held.refused_seen > self._standing.refused_seen:
            log.warning("records_refused", codes=sorted({one.code[:40] for one in receipt.refused}))
            self._standing = replace(self._standing, refused_seen=held.refused_seen)

    # What is due

    def _duty(self, due: Due) -> Act:
        return {
            Due.JOIN: self._join,
            Due.LEAVE: self._leave_silence,
            Due.GO_BACK: self._go_back,
            Due.SEND: self._send,
            Due.TELL: self._tell,
        }[due]

    def _join(self) -> None:
        self._standing = replace(self._standing, connection=self._known.next_connection())
        if self._known.failing:
            self.alarm("storage")
        held = self._known.held()
        self._epoch = held.epoch
        self.line += 1
        self._delivery = self._delivery.joining(self._now())
        self._broker.connect(self._listen(self.line), self._status(Presence.OFFLINE, held))

    def _leave_silence(self) -> None:
        log.warning("broker_silent", phase=self._delivery.phase.name)
        self._leave()

    def _go_back(self) -> None:
        self._delivery = self._delivery.gone_back()
        if self._delivery.stalls >= STALLED:
            log.error("hub_does_not_advance", held=self._delivery.held)
            self.alarm("problem")

    def _send(self) -> None:
        batch = self._outbox.batch_from(self._delivery.next_seq, BATCH)
        epoch = self._outbox.held().epoch if batch is None else batch.epoch
        if epoch != self._epoch:
            self._leave()  # see _tell
        elif batch is None:
            self._delivery = self._delivery.emptied()
        elif self._broker.publish(Channel.RECORDS, encode_batch(batch)):
            self._delivery = self._delivery.sent(batch.last, self._now())
            self.reach = self.reach.sent(batch.last, self._now())
        else:
            self._leave()

    def _tell(self) -> None:
        self._said = self._standing  # first: what cannot be told now is not tried again and again
        self._delivery = self._delivery.told(self._now())
        held = self._known.held()
        anew = held.epoch != self._epoch  # another outbox needs a connection number of its own
        if anew or not self._broker.publish(Channel.STATUS, self._status(Presence.ONLINE, held)):
            self._leave()

    # Within

    def _status(self, presence: Presence, held: Held) -> bytes:
        return encode(self._standing.status(presence, held, self._clock.now()))

    def _show(self) -> None:  # where two devices throw each other out, no pause comes to its end
        if self._shown < self.line and (owed := self._known.owed(self._epoch, BATCH)):
            self._broker.publish(Channel.RECORDS, owed)
        self._shown = self.line

    def _trouble(self, alarm: str) -> None:
        self._delivery = self._delivery.paused(self._now())
        self.alarm(alarm)

    def _without_storage(self) -> None:
        if self._delivery.phase is Phase.JOINED:
            self._trouble("storage")
        else:
            self.alarm("storage")
            self._leave()

    def _leave(self) -> None:
        self._lost()
        self._broker.close()

    def _lost(self) -> None:
        self.line += 1  # whatever the old one still says is late
        self.reach = self.reach.parted(self._clock.now())
        self._delivery = self._delivery.lost(self._now(), self._chance())

    def _now(self) -> int:
        return self._clock.now().boot
