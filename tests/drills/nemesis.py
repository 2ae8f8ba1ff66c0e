"""Carries out a schedule of faults on the real parts, counts what struck, and heals all of it."""

from __future__ import annotations

import heapq
import itertools
import random
import secrets
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace

from sqlalchemy.exc import SQLAlchemyError

from shared.errors import ArchiveError
from tests.drills import poison
from tests.drills.clock import true_ms
from tests.drills.faults import IDENTITY, Fault, Kind
from tests.drills.identity_blows import IdentityBlows
from tests.drills.judge import Excuse
from tests.drills.proxy import Weather
from tests.drills.rig import Rig
from tests.drills.seats import Seat
from tests.drills.spoiling import Spoiled, spoil

End = Callable[[], float | None]
"""Heals, or goes on with it: returns in how many seconds it is to be called again, if at all."""

Blow = Callable[[Fault], End | None]
"""Strikes; returns how it ends, or None where there was nothing to strike."""

HOUR_MS = 3_600_000

_OF_THE_CARD = frozenset({Kind.CORRUPT_OUTBOX, Kind.TURN_BIT, Kind.SPOIL_RECORD})
"""These change a card, and so strike nobody whose card is just being looked at."""

_LURK_S = 1.0
"""How long a murderer waits for somebody to be thanked."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault that happened: from when until when, in true time (ms)."""

    kind: Kind
    target: str
    began: int
    ended: int


class Nemesis:
    """Strikes and heals; belongs to the thread that started the rig."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.struck: list[Struck] = []
        self.passed_over: Counter[str] = Counter()
        self.kills: Counter[str] = Counter()
        self.damaged: list[tuple[Seat, int]] = []
        self.spoiled: list[Spoiled] = []
        self._ends: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = itertools.count()
        self._locked = False
        self._seats = {seat.name: seat for seat in rig.seats}
        self.identity = IdentityBlows(rig, lambda: self._locked)
        self._blows: dict[Kind, Blow] = {
            Kind.KILL_KIOSK: self._kill_kiosk,
            Kind.KILL_THANKING: self._kill_kiosk,
            Kind.KILL_BROKER: self._kill_broker,
            Kind.WIPE_BROKER: self._kill_broker,
            Kind.KILL_HUB: self._kill_hub,
            Kind.KILL_DATABASE: self._kill_database,
            Kind.CLOCK_1970: self._start_in_1970,
            Kind.CLOCK_BACK: self._step_back,
            Kind.CLOCK_LOST: self._step_back,
            Kind.TWIN: self._bring_twin,
            Kind.POISON: self._poison,
            Kind.FORGED: self._forge,
            Kind.LOCK_DATABASE: self._lock_database,
            Kind.CORRUPT_OUTBOX: self._damage_outbox,
            Kind.TURN_BIT: self._turn_bits,
            Kind.SPOIL_RECORD: self._turn_bits,
            Kind.PULLED: self._pull,
            Kind.READDRESSED: self._readdress,
            Kind.ROUTELESS: self._unroute,
        } | dict.fromkeys(IDENTITY, self.identity.strike)

    def rage(self, faults: Sequence[Fault], told: Callable[[float], None]) -> None:
        """All faults at their times, and everything healed at the end."""
        began = time.monotonic()
        for fault in faults:
            self._wait_until(began + fault.at)
            told(fault.at)
            self._strike(fault)
        while self._ends:
            self._wait_until(max(end for end, _, _ in self._ends) + 0.01)
        self._rig.proxy.clear()

    @property
    def excuses(self) -> list[Excuse]:
        """What a damaged outbox explains, where the kiosk set it aside."""
        return [
            Excuse(seat.name, at, "outbox damaged")
            for seat, at in self.damaged
            if list(seat.folder.glob("outbox-damaged-*.db"))
        ]

    def _wait_until(self, moment: float) -> None:
        while True:
            now = time.monotonic()
            if self._ends and self._ends[0][0] <= min(now, moment):
                heapq.heappop(self._ends)[2]()
                continue
            if now >= moment:
                return
            next_end = self._ends[0][0] if self._ends else moment
            threading.Event().wait(max(0, min(0.25, next_end - now, moment - now)))
            self._rig.watch()

    def _strike(self, fault: Fault) -> None:
        began = true_ms()
        fault = self.identity.aimed(fault) if fault.kind in IDENTITY else fault
        alone = fault.kind in _OF_THE_CARD and fault.target in self.identity.spared
        end = None if alone else self._blows.get(fault.kind, self._spoil_line)(fault)
        if end is None:
            self.passed_over[fault.kind.value] += 1
            return

        def over() -> None:
            again = end()
            if again is None:
                self.struck.append(Struck(fault.kind, fault.target, began, true_ms()))
            else:
                later = time.monotonic() + again
                heapq.heappush(self._ends, (later, next(self._numbers), over))

        due = time.monotonic() + fault.seconds
        heapq.heappush(self._ends, (due, next(self._numbers), over))

    # Deaths

    def _kill_kiosk(self, fault: Fault) -> End | None:
        seat = self._seats[fault.target]
        if not seat.runs:
            return None
        if fault.kind is Kind.KILL_THANKING and not seat.wait_for_thanks(_LURK_S):
            return None
        seat.program.kill()
        self.kills["kiosk"] += 1
        return seat.program.start

    def _kill_broker(self, fault: Fault) -> End | None:
        broker = self._rig.broker
        if broker.program._process is None:
            return None
        broker.program.kill()
        self.kills["broker"] += 1
        if fault.kind is Kind.WIPE_BROKER:
            broker.wipe()
        return broker.program.start

    def _kill_hub(self, _fault: Fault) -> End | None:
        if not self._rig.hub_runs:
            return None
        self._rig.hub.program.kill()
        self.kills["hub"] += 1
        return self._rig.start_hub

    def _kill_database(self, _fault: Fault) -> End | None:
        cluster = self._rig.cluster
        if cluster is None or cluster._server is None:
            return None
        cluster.kill()
        self.kills["database"] += 1
        return cluster.start

    # Lines

    def _spoil_line(self, fault: Fault) -> End:
        change, line = self._rig.proxy.change, fault.target
        weather: dict[str, object] = {
            Kind.DELAY: {"delay_s": fault.dice % 1_000 / 1_000},
            Kind.TRICKLE: {"bytes_a_second": 500 + fault.dice % 20_000},
            Kind.BLACK_HOLE: {"deaf": True},
            Kind.CUT: {"shut": True},
            Kind.RESET: {"bite": "reset"},
            Kind.TRUNCATE: {"bite": "truncate"},
            Kind.FLAP: {"shut": True},
        }[fault.kind]  # type: ignore[assignment]
        change(line, lambda now: replace(now, **weather))  # type: ignore[arg-type]
        if fault.kind is Kind.FLAP:
            self._flap(line, time.monotonic() + fault.seconds, up=True)
        fair = {name: value for name, value in _fair().items() if name in weather}
        if "bite" in weather:
            return lambda: None  # the next packet ends it
        return lambda: change(line, lambda now: replace(now, **fair))  # type: ignore[arg-type]

    def _flap(self, line: str, until: float, *, up: bool) -> None:
        due = time.monotonic() + 0.5
        if due >= until:
            return

        def turn() -> None:
            self._rig.proxy.change(line, lambda now: replace(now, shut=not up))
            self._flap(line, until, up=not up)

        heapq.heappush(self._ends, (due, next(self._numbers), turn))

    # Cables

    def _pull(self, fault: Fault) -> End:
        cable = self._rig.cables[fault.target]
        cable.pull()
        return cable.plug

    def _readdress(self, fault: Fault) -> End:
        self._rig.cables[fault.target].give_address()
        return lambda: None

    def _unroute(self, fault: Fault) -> End:
        cable = self._rig.cables[fault.target]
        cable.take_address()
        return cable.give_address

    # Clocks

    def _start_in_1970(self, fault: Fault) -> End | None:
        seat = self._seats[fault.target]
        if not seat.runs:
            return None
        seat.program.kill()
        self.kills["kiosk"] += 1
        seat.boot(60_000 - true_ms(), synced=False)
        seat.program.start()
        return lambda: seat.step(0, synced=True)

    def _step_back(self, fault: Fault) -> End:
        seat = self._seats[fault.target]
        seat.step(-HOUR_MS, synced=fault.kind is Kind.CLOCK_BACK)
        return lambda: seat.step(0, synced=True)

    # Identities and words

    def _bring_twin(self, fault: Fault) -> End | None:
        rig = self._rig
        if any(twin.runs for twin in rig.twins):
            return None
        twin = rig.twin_of(self._seats[fault.target])
        twin.program.start()
        return twin.shut_door

    def _poison(self, fault: Fault) -> End | None:
        seat = self._seats[fault.target]
        with suppress(OSError):
            poison.publish(self._rig, seat, random.Random(fault.dice))
            return lambda: None
        return None

    def _forge(self, fault: Fault) -> End | None:
        seat = self._seats[fault.target]
        with suppress(OSError):
            if poison.forge_receipt(self._rig, seat, random.Random(fault.dice)):
                return lambda: None
        return None

    # Storage

    def _lock_database(self, _fault: Fault) -> End | None:
        if self._locked:  # this thread would wait for itself
            return None
        stack = ExitStack()
        try:
            stack.enter_context(self._rig.locked_database())
        except (ArchiveError, SQLAlchemyError):
            return None
        self._locked = True

        def unlock() -> None:
            self._locked = False
            with suppress(ArchiveError, SQLAlchemyError):  # the database may have been killed
                stack.close()

        return unlock

    def _damage_outbox(self, fault: Fault) -> End | None:
        seat = self._seats[fault.target]
        if not seat.runs:
            return None
        seat.program.kill()
        self.kills["kiosk"] += 1
        with seat.outbox.open("r+b") as file:
            file.write(secrets.token_bytes(100))  # SQLite's header
        for log in (seat.outbox.with_name("outbox.db-wal"), seat.outbox.with_name("outbox.db-shm")):
            log.unlink(missing_ok=True)  # else the damaged page is made good from the log
        self.damaged.append((seat, true_ms()))
        return seat.program.start

    def _turn_bits(self, fault: Fault) -> End | None:
        seat = self._seats[fault.target]
        if not seat.runs:
            return None
        seat.program.kill()
        self.kills["kiosk"] += 1
        dice = random.Random(fault.dice)
        bits = 1 if fault.kind is Kind.TURN_BIT else dice.randrange(2, 9)
        harmed = {(one.epoch, one.seq + near) for one in self.spoiled for near in (-1, 0, 1)}
        with suppress(sqlite3.DatabaseError):  # it may be damaged already
            spoiled = spoil(seat.outbox, dice, bits, harmed)
            self.spoiled += [spoiled] if spoiled else []
        return seat.program.start


def _fair() -> dict[str, object]:
    fair = Weather()
    return {name: getattr(fair, name) for name in Weather.__slots__}
