"""Carries out what the hub orders, one order after the other, each once and in time.

Laws of this page
1. An order is kept as begun before it is carried out (kiosk/core/ordering.py): what ends this
   program is not ordered again by a broker that still keeps the words.
2. What ends the program or the machine waits until nobody answers, and is given up after a while.
3. What only root may do is asked of its units, by a file in a folder; nothing is run from here.
4. An order may end this program, and the next one may come before anybody pays: by what the hub's
   time was when the last one began it is still known how late it is.
5. What became of an order is told as soon as it is known, also where root's units know it: the hub
   says the next order then, and not before.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from kiosk.adapters.disk import Card
from kiosk.adapters.durable import write_whole
from kiosk.adapters.versions import outcomes_on
from kiosk.core.ordering import BEGUN, COMMANDS, DONE, FAILED, LATE, Verdict, recalled
from kiosk.core.ports import Clock, Outbox
from kiosk.core.reach import Reach
from kiosk.core.true_time import TRUE_TIME, TrueTime, true_time_recalled
from kiosk.settings import Settings
from kiosk.wiring.updating import INBOX, ROLL_BACK, UPDATE, orders_in_hand
from shared.commands import Answer, Command, Order
from shared.errors import SemblanteError, WordError

log = structlog.get_logger(__name__)

ENDING: Final = "ending"
"""The name under which the outbox remembers for which order this program ends."""

PATIENCE_SECONDS: Final = 600
"""For nobody to answer: the longest questionnaire is over by then."""

LOOK_SECONDS: Final = 1.0
AGAIN_SECONDS: Final = 5.0
STOP_SECONDS: Final = 3.0

BUSY, NO_INBOX = "busy", "no_inbox"
"""Outcomes: somebody answered all the time; this device has no units of ours."""

_LONGEST_ID: Final = 16


@dataclass(frozen=True, slots=True)
class Hands:
    """How the rest of the kiosk is asked; all but `collect` return at once."""

    identify: Callable[[], None]
    collect: Callable[[str], str]  # for the command of this id; returns the outcome
    at_rest: Callable[[], bool]
    begin_anew: Callable[[], None]
    reach: Callable[[], Reach]
    told: Callable[[], None]  # there is an answer


class Obeying:
    """A thread of its own; `obey` and `answers` suit any."""

    def __init__(
        self, outbox: Outbox, clock: Clock, hands: Hands, data: Path, hub: str | None = None
    ) -> None:
        """`data` is the folder with the inbox of root's units, `hub` where bundles are fetched."""
        self._outbox, self._clock, self._hands = outbox, clock, hands
        self._data, self._hub = data, hub
        self._ordering = recalled(outbox.recall(COMMANDS))
        self._orders: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._waiting: Command | None = None  # for a true time
        self._told: tuple[Answer, ...] = ()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="orders", daemon=True)

    def start(self) -> None:
        """Say what became of the order for which the program ended, and wait for others."""
        self._thread.start()

    def close(self) -> None:
        """End; safe to call twice."""
        self._ending.set()
        self._orders.put(None)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_SECONDS)

    def obey(self, command: Command) -> None:
        """The hub orders this; it may say it again."""
        self._orders.put(command)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What became of the last orders; an update's is known by who carried it out."""
        elsewhere = {one.id: one for one in outcomes_on(self._data, Card())}
        known = self._ordering.answers
        return tuple(elsewhere.get(one.id, one) if one.outcome == BEGUN else one for one in known)

    def handle(self, command: Command) -> None:
        """Judge one order, and carry it out."""
        verdict = self._ordering.judged(command, self._true_time())
        self._waiting = command if verdict is Verdict.WAIT else None
        if verdict is Verdict.CARRY_OUT:
            self._keep_true_time()
            self._keep(Answer(command.id, BEGUN))
            log.info("order_begun", code=command.order.value)
            outcome = self._outcome(command)
            if outcome is not None:
                self._keep(Answer(command.id, outcome))
        elif verdict is Verdict.ANSWER and self._ordering.answer_to(command.id) is None:
            self._keep(Answer(command.id, LATE))
        self._tell()

    def _tell(self) -> None:
        """Whenever anything became of an order since it was told last."""
        answers = self.answers
        if answers != self._told:
            self._told = answers
            self._hands.told()

    def _outcome(self, command: Command) -> str | None:
        try:
            return self._carry_out(command)
        except OSError as fault:
            log.warning("order_failed", why=str(fault)[:200])
            return NO_INBOX
        except SemblanteError as fault:
            log.warning("order_failed", why=str(fault)[:200])
            return FAILED
        except Exception:  # else it would stand as begun, and the hub wait for it
            log.exception("order_fault")
            return FAILED

    def _carry_out(self, command: Command) -> str | None:
        match command.order:
            case Order.IDENTIFY:
                self._hands.identify()
            case Order.COLLECT:
                return self._hands.collect(command.id)
            case Order.RENEW:
                self._hand("renew")
            case Order.RESTART | Order.REBOOT:
                return self._end(command)
            case Order.UPDATE:
                url = f"{self._hub}/api/v1/bundles/{command.version}"
                self._hand(UPDATE, id=command.id, version=command.version or "", url=url)
                return None
            case Order.ROLL_BACK:
                self._hand(ROLL_BACK, id=command.id)
                return None
        return DONE

    def _hand(self, name: str, **words: str) -> None:
        """Ask root's units; an update's words are read by its own user, in our group."""
        order = {UPDATE: "update", ROLL_BACK: "roll_back"}.get(name)
        body = b"" if order is None else json.dumps({"order": order, **words}).encode()
        write_whole(self._data / INBOX / name, body, 0o640)

    def _end(self, command: Command) -> str | None:
        """End once nobody answers; whoever begins anew says that it is done."""
        for _ in range(round(PATIENCE_SECONDS / LOOK_SECONDS)):
            if self._hands.at_rest():
                break
            self._tell()  # that it is begun: this may take a while
            if self._ending.wait(LOOK_SECONDS):
                return None
        else:
            return BUSY
        self._outbox.remember(ENDING, command.id.encode())
        if command.order is Order.REBOOT:
            self._hand("reboot")
        else:
            self._hands.begin_anew()
        return None

    def _keep(self, answer: Answer) -> None:
        """On the card first: what is not kept is not carried out. Raises NotKept."""
        ordering = self._ordering.answered(answer)
        self._outbox.remember(COMMANDS, ordering.kept())
        self._ordering = ordering

    def _true_time(self) -> int | None:
        now = self._clock.now()
        if now.synced:
            return now.wall
        offset = self._hands.reach().offset_ms
        if offset is not None:
            return now.wall + offset
        known = true_time_recalled(self._outbox.recall(TRUE_TIME))
        return None if known is None else known.at(self._clock.boot_id, now)

    def _keep_true_time(self) -> None:
        """Only where the kernel has none, which it keeps itself; raises NotKept."""
        now, true = self._clock.now(), self._true_time()
        if not now.synced and true is not None:
            known = TrueTime.known(self._clock.boot_id, now, true)
            self._outbox.remember(TRUE_TIME, known.kept())

    def _run(self) -> None:
        self._guarded(self._say_that_it_began_anew)
        self._guarded(self._give_up_what_was_cut)
        while not self._ending.is_set():
            self._guarded(self._tell)
            try:
                command = self._orders.get(timeout=self._patience())
            except queue.Empty:
                command = self._waiting
            if command is not None:
                due = command
                self._guarded(lambda due=due: self.handle(due))  # type: ignore[misc]

    def _say_that_it_began_anew(self) -> None:
        ended = (self._outbox.recall(ENDING) or b"")[:_LONGEST_ID].decode("ascii", "replace")
        if not ended:
            return
        self._outbox.remember(ENDING, b"")
        with suppress(WordError):
            self._keep(Answer(ended, DONE))

    def _give_up_what_was_cut(self) -> None:
        """A program that was killed in the midst of an order tells so: nobody else would."""
        if not self._ordering.begun:
            return
        in_hand = orders_in_hand(self._data, Card())
        elsewhere = {one.id for one in outcomes_on(self._data, Card())}
        ordering = self._ordering.given_up(in_hand | elsewhere)
        if ordering != self._ordering:
            log.warning("order_cut_off")
            self._outbox.remember(COMMANDS, ordering.kept())
            self._ordering = ordering

    def _patience(self) -> float | None:
        """What root's units know is looked for while anything is begun: a small file, in memory."""
        if any(one.outcome == BEGUN for one in self.answers):
            return LOOK_SECONDS
        return None if self._waiting is None else AGAIN_SECONDS

    def _guarded(self, act: Callable[[], None]) -> None:
        """Nothing that one order does wrong may end the others."""
        try:
            act()
        except SemblanteError as fault:
            log.warning("order_not_kept", why=str(fault)[:200])
        except Exception:
            log.exception("order_fault")


def obeying(settings: Settings, outbox: Outbox, clock: Clock, hands: Hands) -> Obeying:
    """What carries out the orders for this kiosk; its folder is where root's units look."""
    hub = None if settings.identity is None else settings.identity.hub
    return Obeying(outbox, clock, hands, settings.folder, hub)
