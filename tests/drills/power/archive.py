"""A hub's hours on its SQLite, and the judge who opens what the cut has left with the real one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, event, select

from hub.adapters import tables as t
from hub.adapters.archive import SqlArchive
from hub.adapters.database import open_engine, reading
from hub.adapters.recount import verify
from hub.core.hearing import Message
from hub.intake import Intake
from shared.records import Record
from shared.visits import Face
from tests.drills.power.cuts import Cut
from tests.drills.power.outbox import lay_out
from tests.drills.power.story import Promise, Story
from tests.fakes.kiosk import NOON, FakeKiosk, anchor, moment, sale, visit
from tests.parts.archives import CAJA_1, CAJA_2, K1, K2, K9, furnish
from tests.parts.databases import migrated_sqlite

NAME: Final = "hub.db"

CHECKPOINT_PAGES: Final = 150
"""Instead of 8,000: so that the log comes round several times within a short story."""

Make = Callable[[Path], Engine]


def make_engine(path: Path) -> Engine:
    """The real one, whose log comes round sooner."""
    engine = open_engine(f"sqlite:///{path}")
    pragma = f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}"
    event.listen(engine, "connect", lambda connection, _: connection.execute(pragma).close())
    return engine


@dataclass(frozen=True, slots=True)
class Memory:
    """What the hub knows: of each kiosk's ledger how far, and the records; and its tallies."""

    held: tuple[tuple[str, int, bytes], ...] = ()
    records: tuple[tuple[str, int, bytes], ...] = ()
    tallies: tuple[tuple[object, ...], ...] = ()
    captives: int = 0


def read(engine: Engine) -> Memory:
    """What lies there."""
    with reading(engine) as db:
        ledgers = db.execute(select(t.ledgers).order_by(t.ledgers.c.kiosk_id)).all()
        names = {row.ledger: row.kiosk_id for row in ledgers}
        c = t.records.c
        rows = db.execute(select(c.ledger, c.seq, c.body).order_by(c.ledger, c.seq)).all()
        counted = [tuple(row) for row in db.execute(select(t.tallies)) if any(row[3:])]
        captives = db.execute(select(t.quarantine.c.fingerprint)).all()
    return Memory(
        tuple((row.kiosk_id, row.held, bytes(row.chain)) for row in ledgers),
        tuple((names[row.ledger], row.seq, bytes(row.body)) for row in rows),
        tuple(sorted(counted)),
        len(captives),
    )


@dataclass
class Hours:
    """Batches of three kiosks, some of them twice, some late, some unreadable, some at once."""

    path: Path
    promise: Promise
    make: Make
    seed: int
    story: Story[Memory] = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._kiosks = [FakeKiosk(K1), FakeKiosk(K2), FakeKiosk(K9, "puerto")]
        self._engine = self.make(self.path)
        self.story = Story(self.promise, [read(self._engine)])
        self._at = NOON

    def live(self, rounds: int) -> None:
        """Each round is one transaction of the intake."""
        intake = Intake(SqlArchive(self._engine))
        for number in range(1, rounds + 1):
            self._at += self._dice.randrange(3_600_000)
            messages = list(self._messages(number))
            self.story.step(lambda: intake.take(messages, self._at), self._noted)  # noqa: B023
            if number % 12 == 0:
                self.story.step(self._engine.dispose, lambda: self.story.memories[-1])

    def close(self) -> None:
        """No connection is left."""
        self._engine.dispose()

    def _messages(self, number: int) -> Iterator[Message]:
        if number % 7 == 0:
            yield Message("semblante/v1/centro/k-1/records", b"rubbish %d" % number)
        for kiosk in self._dice.sample(self._kiosks, self._dice.randint(1, 3)):
            kiosk.seal(*self._records(number))
            first = max(1, kiosk.next - self._dice.choice((0, 0, 2)))  # some of it once more
            yield kiosk.message(first)
            kiosk.next = kiosk.last + 1

    def _records(self, number: int) -> Iterator[Record]:
        boot = 1_000_000 + number * 600_000
        if self._dice.random() < 0.2:
            yield anchor(boot, self._at)
        for one in range(self._dice.randint(1, 6)):
            point = self._dice.choice((CAJA_1, CAJA_2))
            at = moment(self._at, boot + one, synced=self._dice.random() < 0.7)
            yield sale(at, point, self._dice.getrandbits(100))
            yield visit(at, point, self._dice.choice((*Face, None)))

    def _noted(self) -> Memory:
        """Its own word, borne out by what the kiosks had sealed."""
        found = read(self._engine)
        for kiosk in self._kiosks:
            bodies = [body for name, _, body in found.records if name == kiosk.kiosk_id]
            assert bodies == kiosk.bodies[: len(bodies)]
            assert len(bodies) == kiosk.next - 1
        return found


class ArchiveJudge:
    """Opens what is left with the real archive; each distinct card once."""

    def __init__(self, memories: list[Memory], folder: Path) -> None:
        self._memories, self._folder = memories, folder
        self._seen: dict[bytes, Memory | str] = {}

    @property
    def distinct(self) -> int:
        """Cards that were opened."""
        return len(self._seen)

    def judge(self, cut: Cut) -> str | None:
        """Exactly what was acknowledged is there, or that and the messages under way."""
        found = self._found(cut)
        if isinstance(found, str):
            return found
        wrong = _difference(found, self._memories[cut.done])
        if wrong is None or found == self._memories[cut.begun]:
            return None
        return wrong

    def _found(self, cut: Cut) -> Memory | str:
        key = cut.print
        if key not in self._seen:
            lay_out(cut.files, self._folder)
            try:
                self._seen[key] = reopen(self._folder / NAME)
            except Exception as fault:  # noqa: BLE001 whatever it is, the records are not there
                self._seen[key] = f"{type(fault).__name__}: {fault}"
        return self._seen[key]


def reopen(path: Path) -> Memory | str:
    """What the real archive says, or what is wrong with it."""
    with opened(path) as engine:
        with reading(engine) as db:
            check = db.exec_driver_sql("PRAGMA integrity_check").scalar()
        if check != "ok":
            return f"the file is damaged: {check}"
        differences = verify(engine).differences
        if differences:
            return f"tallies differ from a recount: {differences[0]}"
        return read(engine)


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    """The hub's own engine; no connection is left."""
    engine = open_engine(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()


def _difference(found: Memory, told: Memory) -> str | None:
    gone = set(told.records) - set(found.records)
    if gone:
        return f"{len(gone)} acknowledged records are gone"
    if len(found.records) != len(set(found.records)):
        return "a record is there twice"
    return None if found == told else "ledgers, tallies or quarantine are not what was committed"


def furnished(path: Path) -> None:
    """A hub's file with two stores, as it lies there after a clean stop."""
    with migrated_sqlite(path) as engine:
        furnish(SqlArchive(engine))
