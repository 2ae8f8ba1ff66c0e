"""A kiosk's days on its outbox, and the judge who opens what the cut has left with the real one."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.ports import Held
from shared.deliveries import Receipt, chain_on, chain_over, chain_start
from shared.errors import OutboxError
from shared.moments import Moment
from shared.places import KioskId
from shared.records import Record
from shared.visits import Face, Visit
from shared.wire import decode_record, encode_record
from tests.drills.power.cuts import Cut
from tests.drills.power.operations import Files
from tests.drills.power.story import Promise, Story
from tests.fakes.kiosk import NOON, moment, sale, visit

KIOSK: Final = KioskId("k-1")
NAME: Final = "outbox.db"
MOST_TRIES: Final = 20
LATER: Final = sale(number=999_999)

Make = Callable[[Path], SqliteOutbox]


def make_outbox(path: Path) -> SqliteOutbox:
    """The real one."""
    return SqliteOutbox(path, KIOSK)


@dataclass(frozen=True, slots=True)
class Memory:
    """What an outbox knows, as far as anybody can ask it.

    `held` is its own word for the seqs that it holds and for what it owes; None before its first
    start was done: then any fresh epoch will do. `bodies` are all records that were ever sealed,
    of which it holds those from `held.oldest` on.
    """

    held: Held | None = None
    bodies: tuple[bytes, ...] = ()
    open: bytes | None = None
    settings: bytes | None = None


class Days:
    """Sales, answers, changed answers, receipts and restarts; the notebook is kept beside it."""

    def __init__(self, path: Path, promise: Promise, make: Make, seed: int) -> None:
        self.story: Story[Memory] = Story(promise, [Memory()])
        self._path, self._make = path, make
        self._dice = random.Random(seed)
        self._now = Memory()
        self._numbers, self._received = 0, 0
        self._chain: list[bytes] = []
        self._shown: Visit | None = None
        self._outbox: SqliteOutbox | None = None

    def live(self, visits: int) -> None:
        """So many shoppers; the kiosk is restarted now and then."""
        self.start()
        for number in range(1, visits + 1):
            self.visit()
            if number % 8 == 0:
                self._hear_receipt()
            if number % 20 == 0:
                self.visit(to_the_end=False)
                self._do(self.close)
                self.start()
        self.visit(to_the_end=False)

    def take_over(self, memory: Memory) -> None:
        """Go on where a plug was pulled: this is what is still known."""
        assert memory.held is not None
        self._now, self.story.memories[0] = memory, memory
        self._received, self._numbers = memory.held.oldest - 1, 1_000_000
        self._chain = [chain_start(KIOSK, memory.held.epoch)]
        for body in memory.bodies:
            self._chain.append(chain_on(self._chain[-1], body))
        shown = None if memory.open is None else decode_record(memory.open)
        self._shown = shown if isinstance(shown, Visit) else None

    def close(self) -> None:
        """Safe to call twice."""
        if self._outbox is not None:
            self._outbox.close()

    def start(self) -> None:
        """The program begins, and seals what it finds open."""
        self._do(self._open)
        self._do(lambda: self._there.next_connection())  # noqa: PLW0108 only now is it there
        settings = b"%016x" % self._dice.getrandbits(64) * 20
        self._do(lambda: self._there.remember("settings", settings), settings=settings)
        if self._shown is not None:
            self._seal(replace(self._shown, code="restart"))

    def visit(self, *, to_the_end: bool = True) -> None:
        """A sale, an answer that may be changed, and (else the kiosk ends meanwhile) its seal."""
        self._add(sale(self._moment(), number=self._numbers))
        shown = visit(self._moment(), face=self._dice.choice(list(Face)))
        self._keep(shown)
        while self._dice.random() < 0.4:
            face = self._dice.choice(list(Face))
            shown = replace(shown, face=face, changes=shown.changes + 1)
            self._keep(shown)
        if to_the_end:
            self._seal(replace(shown, reason=self._dice.choice(("wait", None))))

    def _hear_receipt(self) -> None:
        """Days apart, so that what was received long ago is deleted."""
        assert self._now.held is not None
        self._received = self._dice.randint(self._received, len(self._now.bodies))
        chain, at = self._chain[self._received].hex(), NOON + self._numbers * 10_000_000
        receipt = Receipt("hub", 1, self._now.held.epoch, self._received, chain, at)
        self._do(lambda: self._there.forget(receipt))

    def _add(self, record: Record) -> None:
        self._do(lambda: self._there.add(record), bodies=self._with(record))

    def _seal(self, record: Visit) -> None:
        self._shown = None
        self._do(lambda: self._there.seal(record), bodies=self._with(record), open=None)

    def _keep(self, shown: Visit) -> None:
        self._shown = shown
        self._do(lambda: self._there.keep_open(shown), open=encode_record(shown))

    def _with(self, record: Record) -> tuple[bytes, ...]:
        body = encode_record(record)
        self._chain.append(chain_on(self._chain[-1], body))
        return (*self._now.bodies, body)

    def _open(self) -> None:
        self._outbox = self._make(self._path)
        self._chain = self._chain or [chain_start(KIOSK, self._outbox.held().epoch)]

    def _moment(self) -> Moment:
        self._numbers += 1
        return moment(boot=1_000_000 + self._numbers * 10_000)

    @property
    def _there(self) -> SqliteOutbox:
        assert self._outbox is not None
        return self._outbox

    def _do(self, work: Callable[[], object], **changes: Any) -> None:
        def memory() -> Memory:
            if work != self.close:
                changes["held"] = self._checked(self._there.held(), changes)
            self._now = replace(self._now, **changes)
            return self._now

        self.story.step(partial(stubbornly, work), memory)

    def _checked(self, held: Held, changes: dict[str, Any]) -> Held:
        """What it says is believed only as far as the notebook bears it out."""
        assert held.last == len(changes.get("bodies", self._now.bodies))
        assert held.oldest - 1 <= self._received, "it forgot what nobody had received"
        return held


def stubbornly(work: Callable[[], object]) -> None:
    """Try until it is done, as the writer does."""
    for _ in range(MOST_TRIES - 1):
        try:
            work()
        except OutboxError:
            continue
        return
    work()


class OutboxJudge:
    """Opens what is left with the real outbox; each distinct card once."""

    def __init__(self, memories: list[Memory], folder: Path) -> None:
        self._memories, self._folder = memories, folder
        self._seen: dict[bytes, Memory | str] = {}

    @property
    def distinct(self) -> int:
        """Cards that were opened."""
        return len(self._seen)

    def judge(self, cut: Cut) -> str | None:
        """Exactly what was promised is there, or that and the step under way."""
        found = self._found(cut)
        if isinstance(found, str):
            return found
        wrong = _difference(found, self._memories[cut.done])
        if wrong is None or cut.begun == cut.done:
            return wrong
        return wrong if _difference(found, self._memories[cut.begun]) else None

    def known(self, cut: Cut) -> Memory:
        """What was still known after a cut that did no harm."""
        found = self._found(cut)
        assert isinstance(found, Memory)
        done, begun = self._memories[cut.done], self._memories[cut.begun]
        return done if _difference(found, done) is None else begun

    def _found(self, cut: Cut) -> Memory | str:
        key = cut.print
        if key not in self._seen:
            lay_out(cut.files, self._folder)
            try:
                self._seen[key] = reopen(self._folder / NAME)
            except Exception as fault:  # noqa: BLE001 whatever it is, a shopper's thanks hang on it
                self._seen[key] = f"{type(fault).__name__}: {fault}"
        return self._seen[key]


def lay_out(files: Files, folder: Path) -> None:
    """This and nothing else lies in the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)


def reopen(path: Path) -> Memory | str:
    """What the real outbox says, or what is wrong with it; then the kiosk goes on with it."""
    with closing(make_outbox(path)) as outbox:
        if outbox.set_aside is not None or outbox.damaged:
            return "the file was taken for damaged and set aside"
        memory = read(outbox)
        if isinstance(memory, str):
            return memory
        return _go_on(outbox, memory) or memory


def read(outbox: SqliteOutbox) -> Memory | str:
    """Its records with their chain, from the oldest on."""
    held, bodies, chain = outbox.held(), list[bytes](), b""
    while held.oldest + len(bodies) <= held.last:
        first = held.oldest + len(bodies)
        batch = outbox.batch_from(first, 500)
        if batch is None or batch.first != first:
            return f"the seqs are not dense at {first}"
        if bodies and batch.before != chain.hex():
            return f"the chain breaks before {first}"
        chain = chain_over(bytes.fromhex(batch.before), batch.records)
        if chain.hex() != batch.chain:
            return f"the chain is wrong at {batch.last}"
        bodies.extend(batch.records)
    shown = outbox.open_visit()
    opened = None if shown is None else encode_record(shown)
    return Memory(held, tuple(bodies), opened, outbox.recall("settings"))


def _go_on(outbox: SqliteOutbox, before: Memory) -> str | None:
    """As every start does: seal what was open; then another sale. Each gets the next seq, once."""
    shown = outbox.open_visit()
    bodies = before.bodies
    if shown is not None:
        sealed = replace(shown, code="restart")
        outbox.seal(sealed)
        bodies += (encode_record(sealed),)
    outbox.add(LATER)
    bodies += (encode_record(LATER),)
    after = read(outbox)
    if isinstance(after, str):
        return f"after going on: {after}"
    if (after.bodies, after.open, after.settings) != (bodies, None, before.settings):
        return "after going on: not what was there and what was added"
    return None


def _difference(found: Memory, told: Memory) -> str | None:
    """What is wrong, if anything; `found` has only the records that are held."""
    assert found.held is not None
    if told.held is None:
        return None if not found.bodies and found.open is None else "there is what nobody did"
    if found.held.epoch != told.held.epoch:
        return f"the epoch is another, {len(told.bodies)} promised records are gone"
    wanted = told.bodies[told.held.oldest - 1 :]
    lost = [n for n, body in enumerate(wanted) if found.bodies[n : n + 1] != (body,)]
    if lost:
        first = told.held.oldest + lost[0]
        return f"{len(lost)} promised records are gone, from seq {first} on"
    if found.open != told.open:
        return "the thanked answer is gone, or another one is there"
    return _wrong_about_itself(found, told, wanted)


def _wrong_about_itself(found: Memory, told: Memory, wanted: tuple[bytes, ...]) -> str | None:
    assert found.held is not None
    assert told.held is not None
    held = replace(found.held, connection=told.held.connection)  # it rises, by whatever step
    if found.held.connection < told.held.connection:
        return "a connection number is given twice"
    if (held, found.bodies, found.settings) != (told.held, wanted, told.settings):
        return f"it says {found.held}, and had promised {told.held}"
    return None
