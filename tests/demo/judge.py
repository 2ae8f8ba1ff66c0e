"""Counts what was seen at the kiosks against what the hub holds, and trusts neither."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, func, select

from hub.adapters import tables as t
from hub.adapters.database import reading
from hub.adapters.recount import verify
from shared.sales import Sale
from shared.visits import Outcome, Visit
from shared.wire import decode_record


@dataclass
class Seen:
    """What tills rang up and shoppers were shown, from their own notes."""

    sales: int = 0
    thanked: int = 0
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def somebody_is_thanked(self) -> bool:
        """Whether a thanks page stands somewhere: its visit is still open."""
        return "Thanks" in self.pages.values()


def seen(folder: Path) -> Seen:
    """Read every notebook, and the till's own log."""
    found = Seen()
    for file in (*folder.glob("*.notes"), folder / "till.log"):
        for line in file.read_text().splitlines() if file.exists() else ():
            note = json.loads(line) if line.startswith("{") else {}
            found.sales += "sale" in note
            found.thanked += note.get("thanked", 0)
            if "page" in note:
                found.pages[note["kiosk"]] = note["page"]
    return found


@dataclass(frozen=True)
class Ledgers:
    """What the hub holds of the outboxes that began to speak during this run."""

    received: Counter[str]
    lost: int
    held: dict[str, int]


def ledgers_after(engine: Engine, last: int) -> Ledgers:
    """Everything in ledgers with a higher number than `last`."""
    received: Counter[str] = Counter()
    with reading(engine) as db:
        bodies = select(t.records.c.body).where(t.records.c.ledger > last)
        for (body,) in db.execute(bodies):
            record = decode_record(bytes(body))
            if isinstance(record, Sale):
                received["sales"] += 1
            elif isinstance(record, Visit):
                received["visits"] += 1
                received["answered"] += record.outcome is Outcome.ANSWERED
            received["records"] += 1
        columns = t.ledgers.c.kiosk_id, t.ledgers.c.held, t.ledgers.c.lost
        rows = db.execute(select(*columns).where(t.ledgers.c.ledger > last)).all()
    return Ledgers(received, sum(row.lost for row in rows), {r.kiosk_id: r.held for r in rows})


def last_ledger(engine: Engine) -> int:
    """The highest number of a ledger so far."""
    with reading(engine) as db:
        return int(db.execute(select(func.max(t.ledgers.c.ledger))).scalar() or 0)


class Kept(NamedTuple):
    """What the kiosks' outboxes gave a number to that the hub does not hold."""

    waiting: int = 0
    """It stands in an outbox, and is delivered when the kiosk runs again."""
    gone: int = 0
    """It stands nowhere."""


def kept(folder: Path, held: Mapping[str, int]) -> Kept:
    """Of all kiosks together; they may be running."""
    waiting = gone = 0
    for file in folder.glob("k-*.db"):
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=5)) as outbox:
            forgotten, last = outbox.execute(_NUMBERS).fetchone()
        mine = held.get(file.stem, 0)
        waiting += max(0, last - max(mine, forgotten))
        gone += max(0, forgotten - mine)
    return Kept(waiting, gone)


_NUMBERS = """
    SELECT coalesce(max(forgotten), 0),
           coalesce((SELECT max(seq) FROM records), max(forgotten), 0) FROM about
"""


@dataclass(frozen=True)
class Judgement:
    """The closing page of a demo."""

    sales: int
    visits: int
    thanked: int
    answered: int
    received: int
    missing: int
    differences: int
    unseen: int = 0
    """Sales that were rung up while no kiosk was there to see them."""
    kiosks_killed: bool = False
    waiting: int = 0
    """Records that wait in their kiosks: a visit may have been sealed as they were stopped."""
    kiosks: int = 0

    @property
    def agrees(self) -> bool:
        """Whether every answer that was thanked is counted, and the tallies equal a recount.

        A kiosk that was killed sees no sale while it is down, and may have kept an answer for
        which it could not thank any more. At most one visit is open at each kiosk.
        """
        return (
            self.missing == 0
            and self.waiting <= self.kiosks
            and self.differences == 0
            and 0 < self.thanked <= self.answered
            and self.visits <= self.sales
            and (self.kiosks_killed or (self.thanked == self.answered and self.unseen == 0))
        )


def judge(engine: Engine, folder: Path, last: int, *, kiosks_killed: bool = False) -> Judgement:
    """Look at everything once the kiosks have stopped."""
    notes, ledgers = seen(folder), ledgers_after(engine, last)
    unseen = notes.sales - ledgers.received["sales"]
    left = kept(folder, ledgers.held)
    return Judgement(
        sales=notes.sales,
        visits=ledgers.received["visits"],
        thanked=notes.thanked,
        answered=ledgers.received["answered"],
        received=ledgers.received["records"],
        missing=left.gone + ledgers.lost + max(0, -unseen),
        differences=len(verify(engine).differences),
        unseen=max(0, unseen),
        kiosks_killed=kiosks_killed,
        waiting=left.waiting,
        kiosks=len(list(folder.glob("k-*.db"))),
    )
