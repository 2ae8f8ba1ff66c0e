"""Where the courier stands: connected or not, which batches are out, and what is due next.

Laws of this page
1. Only a verified receipt moves `held`; what is out beyond it is sent again after any trouble.
2. At most a window of batches is out, and only one until the hub has answered it.
3. A silent link is left after `answer`; a refusal or a problem costs a pause, never a hot loop.
4. A receipt that does not advance proves that the hub lives, not that it lacks something: only
   when it stays so for `stall` are the batches sent again (else each repeat would breed repeats).
   One exception, twice after each connection: a word that is newer than any heard before, while
   the first batch is out, is the greeting of a hub that came back and may never have heard it.
   (Once is not enough: after a start, what the broker had kept looks like a greeting too.)
5. Waits between connections grow until the hub has answered or a connection stood for `steady`:
   reaching a broker whose hub is silent is no success.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from shared.backoff import wait_ms

FRESH_MS = 1_000
"""An answer within a second tells the hub's time well enough for clocks that step by more."""


GREETINGS: Final = 2
"""Of so many a connection is believed: of more, a hub that cannot go on would breed repeats."""


class Phase(Enum):
    """How far the connection is."""

    APART = auto()
    JOINING = auto()
    JOINED = auto()


class Due(Enum):
    """What the courier must do now."""

    JOIN = auto()
    LEAVE = auto()
    GO_BACK = auto()
    SEND = auto()
    TELL = auto()


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient the courier is; all times in milliseconds."""

    window: int = 4  # batches of 100: a round trip of 50 ms still carries 8,000 records a second
    join: int = 15_000  # TCP, TLS and CONNACK over a bad mobile link
    answer: int = 10_000  # a hub answers in well under a second: longer is a half-open link
    stall: int = 2_000  # longer than any answer that is merely late
    pause: int = 30_000  # after a refusal: people must act first, so there is no hurry
    steady: int = 60_000
    tell: int = 300_000  # the status is repeated; 0 means never
    first_wait: int = 1_000
    longest_wait: int = 300_000  # 10,000 kiosks then knock 67 times a second: a broker bears it


@dataclass(frozen=True, slots=True)
class Flight:
    """A batch that is out: its last seq, and when it was handed over."""

    last: int
    at: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One standing of the courier; every method returns the next one. Times are boot time, ms."""

    limits: Limits
    phase: Phase = Phase.APART
    until: int = 0  # APART: wait till then; JOINING: give up then; JOINED: pause till then
    failures: int = 0
    joined_at: int = 0
    held: int = 0  # the hub holds every seq up to here, as a verified receipt said
    flights: tuple[Flight, ...] = ()
    answered_at: int = 0
    probing: bool = True  # the hub has not answered since the connection or the last trouble
    owed: bool = True  # there may be records beyond what is out
    stalled_at: int | None = None
    stalls: int = 0
    told_at: int = 0
    newest_word: int = 0  # by the hub's own clock: what the broker had kept is told from a greeting
    greetings: int = 0  # that were answered since the connection or the last advance

    @property
    def next_seq(self) -> int:
        """Where the next batch begins."""
        return (self.flights[-1].last if self.flights else self.held) + 1

    def due(self, now: int) -> Due | None:
        """What must be done at `now`, the most urgent first."""
        if self.phase is not Phase.JOINED:
            ended = Due.JOIN if self.phase is Phase.APART else Due.LEAVE
            return ended if now >= self.until else None
        return next((due for due, at in self._calendar() if now >= at), None)

    def deadline(self) -> int | None:
        """The earliest time at which something becomes due unless something happens."""
        if self.phase is not Phase.JOINED:
            return self.until
        return min((at for _, at in self._calendar()), default=None)

    def joining(self, now: int) -> Delivery:
        """A connection was begun."""
        return replace(self, phase=Phase.JOINING, until=now + self.limits.join)

    def joined(self, received: int, now: int) -> Delivery:
        """The connection stands; everything above `received` is to be sent."""
        return replace(
            self._at_once(),
            phase=Phase.JOINED,
            until=now,
            joined_at=now,
            held=received,
            stalls=0,
            told_at=now,
            greetings=0,
        )

    def lost(self, now: int, chance: float) -> Delivery:
        """The connection is gone, was left, or could not be made."""
        limits = self.limits
        stood = self.phase is Phase.JOINED and now - self.joined_at >= limits.steady
        failures = 1 if stood else self.failures + 1
        wait = wait_ms(failures, chance, first=limits.first_wait, longest=limits.longest_wait)
        return replace(self._at_once(), phase=Phase.APART, until=now + wait, failures=failures)

    def sent(self, last: int, now: int) -> Delivery:
        """A batch up to `last` was handed to the broker."""
        return replace(self, flights=(*self.flights, Flight(last, now)))

    def emptied(self) -> Delivery:
        """There is nothing beyond what is out."""
        return replace(self, owed=False)

    def woken(self) -> Delivery:
        """There may be new records."""
        return replace(self, owed=True)

    def told(self, now: int) -> Delivery:
        """The status was published."""
        return replace(self, told_at=now)

    def receipted(self, upto: int, now: int, made_at: int = 0) -> Delivery:
        """A receipt that agrees with the kiosk's chain says, at `made_at`: held up to `upto`."""
        left = tuple(flight for flight in self.flights if flight.last > upto)
        newest = max(made_at, self.newest_word)
        if upto > self.held:
            return replace(
                self, held=upto, flights=left, answered_at=now, failures=0, newest_word=newest,
                probing=False, stalled_at=None, stalls=0, greetings=0,
            )  # fmt: skip
        if left and self._is_greeting(made_at):
            return self.greeted_at(now, made_at)
        since = self.stalled_at if self.stalled_at is not None else now
        return replace(
            self, answered_at=now, newest_word=newest, stalled_at=since if left else None
        )

    def heard_of_another(self, now: int, made_at: int) -> Delivery:
        """The hub spoke of an earlier outbox of this kiosk: of this one it may know nothing yet."""
        return self.greeted_at(now, made_at) if self._is_greeting(made_at) else self

    def greeted_at(self, now: int, made_at: int) -> Delivery:
        """A hub came back, and may never have heard what is out: it is sent again, on this line."""
        greetings = self.greetings + 1
        return replace(self._at_once(), answered_at=now, newest_word=made_at, greetings=greetings)

    def set_back(self, upto: int, now: int) -> Delivery:
        """The hub was restored: everything above `upto` is to be sent again."""
        return replace(self._at_once(), held=upto, answered_at=now, failures=0, stalls=0)

    def is_fresh(self, upto: int, now: int) -> bool:
        """Whether a receipt up to `upto` was certainly made within the last second.

        It must answer a batch sent just now, and not be the first after a connection or trouble:
        that may be an old one that the broker kept.
        """
        answered = [flight.at for flight in self.flights if flight.last <= upto]
        return not self.probing and bool(answered) and now - answered[-1] <= FRESH_MS

    def paused_at(self, now: int) -> bool:
        """Whether nothing should be published just now."""
        return self.phase is Phase.JOINED and now < self.until

    def gone_back(self) -> Delivery:
        """Everything beyond `held` is to be sent again, on this connection."""
        return replace(self._at_once(), stalls=self.stalls + 1)

    def paused(self, now: int) -> Delivery:
        """Nothing may be sent for a while; then everything beyond `held` again."""
        return replace(self._at_once(), until=now + self.limits.pause)

    def _is_greeting(self, made_at: int) -> bool:
        out = self.phase is Phase.JOINED and bool(self.flights)
        return out and self.probing and self.greetings < GREETINGS and made_at > self.newest_word

    def _at_once(self) -> Delivery:
        return replace(self, flights=(), probing=True, owed=True, stalled_at=None)

    def _calendar(self) -> list[tuple[Due, int]]:
        """What will be due on a standing connection, and when; the most urgent first."""
        limits, entries = self.limits, []
        if self.flights:
            entries.append((Due.LEAVE, max(self.flights[0].at, self.answered_at) + limits.answer))
        if self.stalled_at is not None:
            patience = min(limits.stall << min(self.stalls, 10), limits.pause)
            entries.append((Due.GO_BACK, self.stalled_at + patience))
        if self.owed and len(self.flights) < (1 if self.probing else limits.window):
            entries.append((Due.SEND, self.until))
        if limits.tell:
            entries.append((Due.TELL, max(self.until, self.told_at + limits.tell)))
        return entries
