"""What strikes kiosks with certificates: revoked, aged, cloned, spoken to by an impostor.

Laws of this page
1. A blow that needs a person goes on in steps until the person has mended it: what is not possible
   just now (the hub is dead, its database locked) is tried again, for so long and no longer.
2. While one of them lasts, no other that changes the same card strikes the same kiosk.
3. What should be seen is looked for, and is a finding where it is not there.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.outbox_rows import chain_at
from shared.errors import DeviceError, SemblanteError
from tests.drills import poison
from tests.drills.clock import true_ms
from tests.drills.faults import Fault, Kind
from tests.drills.holdings import holdings
from tests.drills.identities import Identities
from tests.drills.impostor import Impostor, heard_by, was_lied_to
from tests.drills.rig import Rig
from tests.drills.seats import Seat, tail
from tests.drills.shelves import current
from tests.drills.units import FIRST_SERIAL, OLD, OLD_SERIAL, Units

End = Callable[[], float | None]
"""Mends it, or goes on: returns in how many seconds it is to be called again, None when over."""

GRACE_MS = 1_000
"""What was on its way when a certificate ended may still arrive."""

AWAY_S = 2.5
"""So long it knocks with a certificate that has ended."""

AGAIN_S = 0.5
PATIENCE_S = 90.0
"""A hub that was killed and a database that is locked have ended by then; and a hub whose line fell
into a black hole knows of it after twice its keepalive, 60 s."""

LIES_AGAIN_S = 5.0
"""To whom heard none. Each lie throws the hub out at the broker, and it pauses for up to 3 s."""

CUTS, MOST_STEPS = 2, 16
"""How often an update is cut, and before which step: up to its trial a whole one has sixteen."""


@dataclass(frozen=True, slots=True)
class TakenCard:
    """An outbox that a technician took out, because another device has gone on with it."""

    kiosk: str
    outbox: Path


class IdentityBlows:
    """One after the other, in the nemesis's thread."""

    def __init__(self, rig: Rig, is_locked: Callable[[], bool]) -> None:
        self._rig, self._is_locked = rig, is_locked
        self._seats = {seat.name: seat for seat in rig.seats}
        self.impostor = Impostor()
        self.patience_s = PATIENCE_S
        self._releases = 0
        self.busy: set[str] = set()
        self.cloned: set[str] = set()
        """Their cards hold what shoppers of two notebooks gave: nobody damages these."""
        self.findings: list[str] = []
        self.seen: Counter[str] = Counter()
        self.taken: list[TakenCard] = []

    @property
    def spared(self) -> set[str]:
        """Whose cards are not to be changed."""
        return self.busy | self.cloned

    def aimed(self, fault: Fault) -> Fault:
        """The same at another kiosk, where that one cannot be struck just now."""
        names = sorted(self._seats)
        first = names.index(fault.target)
        for name in names[first:] + names[:first]:
            if name not in self.busy and self._seats[name].runs:
                return replace(fault, target=name)
        return fault

    def strike(self, fault: Fault) -> End | None:
        """Strike; None where it cannot be done now."""
        seat = self._seats[fault.target]
        blows: dict[Kind, Callable[[Seat], End]] = {
            Kind.REVOKED: self._revoke,
            Kind.EXPIRED: self._age,
            Kind.CLONED: self._clone,
            Kind.UPDATE: partial(self._update, dice=random.Random(fault.dice)),
            Kind.DOWNGRADE: self._downgrade,
        }
        blow = blows.get(fault.kind)
        if blow is None:
            return self._forge(seat, fault.dice)
        if seat.name in self.busy or self._is_locked() or not seat.runs:
            return None
        try:
            end = blow(seat)
        except (SemblanteError, OSError):
            return None
        self.busy.add(seat.name)
        return self._watched(seat, fault.kind, end)

    def last_words(self, patience_s: float) -> None:
        """To every kiosk, when all has healed: whoever hears a forgery tells the hub of it.

        Nobody is lied to twice: with each lie the hub is thrown out, and hears nothing.
        """
        until, again = time.monotonic() + patience_s, 0.0
        waiting = {seat.name: seat for seat in self._rig.seats}
        while waiting and time.monotonic() < until:
            if time.monotonic() >= again:
                for seat in waiting.values():
                    if not was_lied_to(seat, self.impostor):
                        self._forge(seat, 1)
                again = time.monotonic() + LIES_AGAIN_S
            time.sleep(AGAIN_S)  # other programs hear and tell it
            self._rig.watch()
            alarms = holdings(self._rig.engine).alarms
            for name, seat in tuple(waiting.items()):
                if "forged" in alarms.get(seat.kiosk, ()) and was_lied_to(seat, self.impostor):
                    self.seen["forged: the alarm is at the hub"] += 1
                    del waiting[name]
        self.findings += [
            f"{name} was lied to, and the hub was not told"
            if was_lied_to(seat, self.impostor) else f"no lie reached {name}"
            for name, seat in waiting.items()
        ]  # fmt: skip

    def judge(self) -> None:
        """What the notes of the kiosks say of the impostor; they must have been stopped."""
        heard = heard_by(self._rig.everybody, self.impostor)
        self.findings += heard.wrong[:10]
        self.seen["forged: heard and refused"] += heard.refused
        self.seen["replayed: heard and passed over"] += heard.passed_over
        if self._rig.units is not None:
            self.findings += self._rig.units.findings
            self.seen.update(self._rig.units.seen)
        for what, times in self.impostor.said.items():
            self.seen[f"said: {what}"] += times

    # The hub and the person before it

    @property
    def _hub(self) -> Identities:
        assert self._rig.identities is not None
        return self._rig.identities

    def _watched(self, seat: Seat, kind: Kind, end: End) -> End:
        """Goes on until it is over, or nobody believes in it any more."""
        began = time.monotonic()

        def on() -> float | None:
            if self._is_locked():
                return AGAIN_S
            try:
                again, why = end(), "it goes on"
            except (SemblanteError, OSError) as fault:
                again, why = AGAIN_S, f"{type(fault).__name__}: {fault}"
            if again is not None and time.monotonic() - began > self.patience_s:
                self.findings.append(f"{seat.name}: {kind.value}, and never mended: {why}")
                again = None
            if again is None:
                self.busy.discard(seat.name)
            return again

        return on

    # Revoked, and joined anew

    def _revoke(self, seat: Seat) -> End:
        self._hub.revoke(seat)
        began = true_ms() + GRACE_MS

        def on() -> float | None:
            if true_ms() < began:
                return AGAIN_S
            self._expect(not let_in(seat, began), seat, "was revoked, and came in again")
            self._hub.join(seat)
            self.seen["revoked: out, and in again by a new code"] += 1
            return None

        return on

    # Ended while it was away

    def _age(self, seat: Seat) -> End:
        self._rig.proxy.change(seat.name, lambda now: replace(now, shut=True))
        self._hub.age(seat)
        opened: list[int] = []

        def on() -> float | None:
            if not opened:
                self._rig.proxy.change(seat.name, lambda now: replace(now, shut=False))
                opened.append(true_ms())
                return AWAY_S
            came = let_in(seat, opened[0])
            self._expect(not came, seat, "came in by a certificate that had ended")
            if not self._hub.renew(seat):
                raise DeviceError("it is not time to renew")
            self.seen["ended: turned away, renewed, and in again"] += 1
            return None

        return on

    # Cloned

    def _clone(self, seat: Seat) -> End:
        seat.program.kill()
        self.cloned.add(seat.name)
        clone = self._rig.clone_of(seat)
        for one in (seat, clone):
            one.program.start()
        steps = iter((self._see_it_held, self._choose, self._decide))
        step = [next(steps)]

        def on() -> float | None:
            if not step[0](seat, clone):
                return AGAIN_S
            after = next(steps, None)
            if after is not None:
                step[0] = after
                return AGAIN_S
            return None

        return on

    def _see_it_held(self, seat: Seat, clone: Seat) -> bool:
        """Both live, and the hub has noticed."""
        if not (self._hub.is_held(seat) and seat.runs and clone.runs):
            return False  # or it was killed meanwhile, and begins again
        self.seen["cloned: held"] += 1
        for one in (seat, clone):
            one.program.kill()
        return True

    def _choose(self, seat: Seat, clone: Seat) -> bool:
        """Whichever card the hub's ledger fits goes on; the other one is kept."""
        if not self._rig.hub.health().get("well", False):
            return False  # what waits at the broker is not heard yet
        loser = clone if self._fits(seat) else seat
        if loser is seat:
            assert self._fits(clone), "the hub holds what neither card has"
        kept = seat.folder.with_name(f"{clone.name}-taken") / "outbox.db"
        _move(loser.outbox, kept)
        if loser is seat:
            _move(clone.outbox, seat.outbox)
        self.taken.append(TakenCard(seat.kiosk, kept))
        return True

    def _decide(self, seat: Seat, _clone: Seat) -> bool:
        self._hub.release(seat)
        self._hub.join(seat)
        seat.program.start()
        self.seen["cloned: one chosen, and in again by a new code"] += 1
        return True

    def _fits(self, seat: Seat) -> bool:
        """Whether this card has what the hub holds."""
        outbox = SqliteOutbox(seat.outbox, seat.kiosk)
        try:
            held = outbox.held()
            found = [one for one in holdings(self._rig.engine).ledgers
                     if (one.kiosk, one.epoch) == (seat.kiosk, held.epoch)]  # fmt: skip
            if not found or found[0].held > held.last:
                return not found
            return outbox._read(partial(chain_at, found[0].held)) == found[0].chain
        finally:
            outbox.close()

    # Updated

    def _update(self, seat: Seat, dice: random.Random) -> End:
        self._releases += 1
        serial = FIRST_SERIAL + self._releases
        order = self._units.order(seat, str(serial), serial)
        before = current(seat.folder)[1]
        self._units.cuts[seat.name] = [dice.randint(1, MOST_STEPS) for _ in range(CUTS)]
        return partial(self._updated, seat, order, before)

    def _updated(self, seat: Seat, order: str, before: int) -> float | None:
        outcome = self._units.outcome(seat, order)
        if outcome is None:
            return AGAIN_S
        self._units.cuts[seat.name] = []
        self._expect(current(seat.folder)[1] >= before, seat, "came to an older version")
        self.seen[f"update: {outcome}"] += 1
        return None

    def _downgrade(self, seat: Seat) -> End:
        order, before = self._units.order(seat, OLD, OLD_SERIAL), current(seat.folder)

        def on() -> float | None:
            outcome = self._units.outcome(seat, order)
            if outcome is None:
                return AGAIN_S
            self._expect(current(seat.folder) == before, seat, "took an older version")
            refused = outcome in {"downgrade", "fetch"}  # or the hub was not there to give it
            self._expect(refused, seat, f"was offered an older version: {outcome}")
            self.seen[f"downgrade: {outcome}"] += 1
            return None

        return on

    @property
    def _units(self) -> Units:
        assert self._rig.units is not None
        return self._rig.units

    # Lied to

    def _forge(self, seat: Seat, dice: int) -> End | None:
        with suppress(OSError):
            if poison.forge_signed(self._rig, seat, self.impostor, random.Random(dice)):
                return lambda: None
        return None

    def _expect(self, true: bool, seat: Seat, otherwise: str) -> None:
        if not true:
            self.findings.append(f"{seat.name} {otherwise}")


def let_in(seat: Seat, since: int) -> bool:
    """Whether the broker let this kiosk in since then (ms)."""
    return any(note["at"] > since for note in tail(seat.notes, 50_000) if "let_in" in note)


def kept_on(card: TakenCard) -> list[bytes]:
    """The records on it, the one that was open too."""
    with closing(sqlite3.connect(card.outbox)) as db:
        rows = [*db.execute("SELECT body FROM records"), *db.execute("SELECT body FROM open_visit")]
    return [bytes(body) for (body,) in rows]


def _move(outbox: Path, to: Path) -> None:
    """With its log, as a card holds it whose kiosk was killed."""
    to.parent.mkdir(exist_ok=True)
    for end in ("", "-wal", "-shm"):
        file = outbox.with_name(outbox.name + end)
        to.with_name(to.name + end).unlink(missing_ok=True)
        if file.exists():
            shutil.move(file, to.with_name(to.name + end))
