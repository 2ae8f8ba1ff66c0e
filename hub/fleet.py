"""How the kiosks are, by their own word: statuses are kept, pulses only remembered."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from hub.core.cloning import Returns
from hub.core.fleet import (
    FleetArchive,
    HeardHealth,
    KioskKey,
    LastWord,
    LatestPulse,
    Memory,
    is_news,
)
from hub.core.histories import Happening, between
from hub.core.measures import ENROLLED, HEALTHS, ONLINE, PULSES, STATUSES, Meter
from hub.core.waiting.facts import Hear, Sold, Staffed, unheard
from shared.commands import Answer
from shared.errors import ArchiveError, TopicError, WireError
from shared.health import Health
from shared.notices import Pulse, Status
from shared.places import KioskId, StoreId
from shared.sparing import Sparing
from shared.topics import Channel, Topic, read_topic
from shared.wire import decode

log = structlog.get_logger(__name__)

MOST_WAITING = 40_000
"""Words that may wait, two of each of 10,000 kiosks and as many pulses; beyond it the oldest go.
What is retained comes again."""

_AT_ONCE = 1_000
_PULSE = f"/{Channel.PULSE.value}"
_HEALTH = f"/{Channel.HEALTH.value}"

TOLD_EVERY_MS = 3_600_000
"""A kiosk that says rubbish is named in the log once an hour; the metrics count every word."""

MOST_NAMED = 1_000
"""Topics that are told apart in the log: more at once are one trouble, not a thousand."""


Answered = Callable[[Mapping[KioskKey, Sequence[Answer]], int], object]
"""Told what became of commands, and when that was heard."""


@dataclass(frozen=True, slots=True)
class Word:
    """A status or pulse as it came; `retained` where the broker kept it from an earlier time."""

    topic: str
    payload: bytes
    retained: bool
    at: int


class Fleet:
    """Takes what kiosks say about themselves, without ever making the broker's thread wait."""

    def __init__(
        self,
        archive: FleetArchive,
        meter: Meter,
        clear: Callable[[StoreId, KioskId], None],
        hear: Hear = unheard,
        answered: Answered = lambda _answers, _at: 0,
        cloned: Callable[[StoreId, KioskId], object] = lambda _store, _kiosk: None,
    ) -> None:
        """`clear` takes back what the broker keeps of a kiosk that is not there; `cloned` is told
        where two devices are one."""
        self._archive, self._meter, self._clear, self._hear = archive, meter, clear, hear
        self._answered, self._cloned, self._returns = answered, cloned, Returns()
        self._tells = Sparing(burst=1, every_ms=TOLD_EVERY_MS, most=MOST_NAMED)
        self._waiting: deque[Word] = deque(maxlen=MOST_WAITING)
        self._in_hand: list[Word] = []  # until they are kept, also when the database is away
        self._pulses: dict[KioskKey, LatestPulse] = {}
        self._known: frozenset[KioskKey] = frozenset()
        self._looked = False
        self._came = threading.Event()
        self._lock = threading.Lock()  # of the pulses

    def hear(self, word: Word) -> None:
        """Keep it for the next step; returns at once, from any thread.

        A pulse is told at once: the step may have to wait for the database, and *now* may not.
        """
        if word.topic.endswith(_PULSE) and self._hear_pulse(word):
            return
        self._waiting.append(word)
        self._came.set()

    def pulse(self, who: KioskKey) -> LatestPulse | None:
        """The latest pulse of a kiosk, if it ever gave one to this process."""
        return self._pulses.get(who)

    def _hear_pulse(self, word: Word) -> bool:
        """Whether it could be read; what could not is counted in a step."""
        try:
            who, pulse = _key(read_topic(word.topic)), decode(Pulse, word.payload)
        except (TopicError, WireError):
            return False
        self._take_pulse(who, pulse, word)
        return True

    def look_around(self) -> None:
        """Learn anew which kiosks there are; done at the start and every few seconds."""
        known = frozenset(self._archive.kiosks())
        # At the start all that ever left: nobody was perhaps there to clear up after them.
        for who in self._known - known if self._looked else self._archive.retired():
            self._clear(*who)
        self._known, self._looked = known, True
        with self._lock:
            self._pulses = {who: pulse for who, pulse in self._pulses.items() if who in known}
        self._meter.set(ENROLLED, len(known))
        self._meter.set(ONLINE, self._archive.online())

    def step(self, wait: float) -> None:
        """Take in what waits, after waiting for it at most so many seconds."""
        if not self._came.wait(wait):
            return
        self._came.clear()
        try:
            while words := self._next_words():
                self._take(words)
                self._in_hand = []
        except ArchiveError:
            self._came.set()
            raise
        except Exception:
            self._in_hand = []
            raise

    def _next_words(self) -> list[Word]:
        if not self._in_hand:
            most = min(_AT_ONCE, len(self._waiting))
            self._in_hand = [self._waiting.popleft() for _ in range(most)]
        return self._in_hand

    def _take(self, words: Iterable[Word]) -> None:
        statuses: list[tuple[KioskKey, Status, Word]] = []
        healths: dict[KioskKey, HeardHealth] = {}
        for word in words:
            try:
                topic = read_topic(word.topic)
                if not word.payload:
                    continue  # no word: somebody clears what the broker kept
                if topic.channel is Channel.STATUS:
                    statuses.append((_key(topic), decode(Status, word.payload), word))
                elif topic.channel is Channel.HEALTH:
                    health = decode(Health, word.payload)
                    healths[_key(topic)] = HeardHealth(health, word.at, word.retained)
                elif topic.channel is Channel.PULSE:
                    decode(Pulse, word.payload)  # which fails: else it was taken as it came
            except (TopicError, WireError) as fault:
                self._count_unreadable(word, _code(fault))
        if statuses:
            self._take_statuses(statuses)
        if healths:
            self._take_healths(healths)

    def _count_unreadable(self, word: Word, code: str) -> None:
        healthy = word.topic.endswith(_HEALTH)
        self._meter.add(HEALTHS if healthy else STATUSES, label="unreadable")
        before = self._tells.tell(word.topic, word.at)
        if before is not None:
            log.warning("fleet.unreadable", topic=word.topic[:120], code=code, before=before)

    def _take_pulse(self, who: KioskKey, pulse: Pulse, word: Word) -> None:
        if who not in self._known:
            self._meter.add(PULSES, label="stranger")
            return
        with self._lock:
            before = self._pulses.get(who)
            self._pulses[who] = LatestPulse(pulse.point_id, pulse.at, pulse.open, word.at)
        self._meter.add(PULSES, label="taken")
        self._hear(who.store_id, Sold(pulse.at, pulse.point_id), word.at)
        if before is not None and before.open != pulse.open:
            self._hear(who.store_id, Staffed(pulse.at, pulse.point_id, pulse.open), word.at)

    def _take_statuses(self, statuses: list[tuple[KioskKey, Status, Word]]) -> None:
        if any(who not in self._known for who, _, _ in statuses):
            self.look_around()  # somebody was perhaps enrolled a moment ago
        memories = self._archive.memories({who for who, _, _ in statuses if who in self._known})
        news: dict[KioskKey, LastWord] = {}
        outcomes: Counter[str] = Counter()
        happened: dict[KioskKey, list[Happening]] = {}
        for who, status, word in statuses:
            memory = memories.get(who, Memory())
            outcome = self._judge(who, status, memory)
            outcomes[outcome] += 1
            if outcome == "taken":
                news[who] = LastWord(status, _seen_at(word, status, memory))
                if self._returns.cloned(who, status, memory, word.at):
                    self._cloned(*who)
                before = None if memory.last is None else memory.last.status
                happened.setdefault(who, []).extend(between(before, status, news[who].seen_at))
                memories[who] = _with(memory, news[who])
            elif outcome == "stranger":
                self._clear(*who)
        if news:
            self._archive.remember(news, happened)
        for outcome, times in outcomes.items():
            self._meter.add(STATUSES, times, outcome)

    def _take_healths(self, healths: Mapping[KioskKey, HeardHealth]) -> None:
        if not self._known.issuperset(healths):
            self.look_around()
        ours = {who: heard for who, heard in healths.items() if who in self._known}
        for who in healths.keys() - ours.keys():
            self._clear(*who)
        self._meter.add(HEALTHS, len(ours), "taken")
        self._meter.add(HEALTHS, len(healths) - len(ours), "stranger")
        if ours:
            self._archive.keep_health(ours)
            self._answered({who: heard.health.answers for who, heard in ours.items()}, _last(ours))

    def _judge(self, who: KioskKey, status: Status, memory: Memory) -> str:
        if who not in self._known:
            return "stranger"
        return "taken" if is_news(status, memory) else "late"


def _last(heard: Mapping[KioskKey, HeardHealth]) -> int:
    return max(one.at for one in heard.values())


def _key(topic: Topic) -> KioskKey:
    return KioskKey(topic.store_id, topic.kiosk_id)


def _code(fault: TopicError | WireError) -> str:
    return fault.code if isinstance(fault, WireError) else "topic"


def _with(memory: Memory, last: LastWord) -> Memory:
    epoch, connection = last.status.epoch, last.status.connection
    return replace(memory, last=last, connections={**memory.connections, epoch: connection})


def _seen_at(word: Word, status: Status, memory: Memory) -> int:
    """When the kiosk was seen: now, or when it wrote a status that the broker had retained."""
    if not word.retained:
        return word.at
    if memory.last is not None and memory.last.status == status:
        return memory.last.seen_at
    return min(word.at, status.at) if status.synced else word.at
