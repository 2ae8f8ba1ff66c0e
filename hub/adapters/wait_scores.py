"""Answers beside the wait in force, in the hub's database: read ledger by ledger, written by hour.

The records of an hour are found by their ledger's key: within a ledger they rest in the order in
which they came, so whatever counts since an instant lies behind a place that is found by halving.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, delete, func, insert, select

from hub.adapters import tables as t
from hub.adapters.database import inserting, reading, writing
from hub.adapters.page import read_counted
from hub.core.hours import DAY_MS, Hour, Hours
from hub.core.placing import Anchorage, place
from hub.core.ports import Store
from hub.core.satisfaction import Tally
from hub.core.settling import moment_of
from hub.core.tallying import NONE, SUSPECT, Counted, contribution
from hub.core.waiting.bands import Week
from hub.core.waiting.facts import LineId
from hub.core.waiting.joins import Arrived
from hub.core.waiting.scoring import Answer, Scores, Told
from shared.places import StoreId
from shared.visits import Visit
from shared.wire import decode_record

CHUNK: Final = 5_000
"""Records in memory at a time: 3 MB."""

NO_VISIT: Final = (b'{"sale"', b'{"response"')
"""How records that are no visit begin as our own kiosks write them: not worth reading."""

AHEAD_MS: Final = DAY_MS
"""A kiosk's clock may be ahead of the hub's by so much: see `core.placing`."""

_WEEK: Final = TypeAdapter(Week)
_Anchors = Mapping[tuple[str, str], list[Anchorage]]


class SqlWaitScores:
    """The book of the join in SQLite or PostgreSQL; each question is a short transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def arrived(self, store: StoreId, since: int, before: int) -> Arrived:
        """The hours from `since` to `before` for which records came after the marks."""
        hours, marks, r = set[int](), dict[int, int](), t.records.c
        with reading(self._engine) as db:
            for ledger, _, seen in self._ledgers(db, store):
                ours = (r.store_id == store) & (r.ledger == ledger)
                first = _first_since(db, store, ledger, since) if seen is None else seen + 1
                ours &= r.seq >= first
                hours.update(
                    db.scalars(
                        select(r.hour).distinct().where(ours, r.hour >= since, r.hour < before)
                    )
                )
                wait = db.scalar(select(func.min(r.seq)).where(ours, r.hour >= before))
                last = db.scalar(select(func.max(r.seq)).where(ours))
                mark = last if wait is None else wait - 1
                if mark is not None and mark >= first:
                    marks[ledger] = mark
        return Arrived(frozenset(hours), marks)

    def answers(self, store: Store, hours: frozenset[int]) -> Iterator[Answer]:
        """The answers that count in these hours, suspects left out as the tallies leave them."""
        if not hours:
            return
        zone, name = Hours(store.zone), store.store_id
        with reading(self._engine) as db:
            counted = read_counted(db, [name]).get(name, NONE)
            ledgers, anchors = self._ledgers(db, name), _anchors(db, name)
        for ledger, kiosk, _ in ledgers:
            for received_at, begins, body in self._bodies(name, ledger, hours):
                record = decode_record(body)
                if isinstance(record, Visit):
                    known = anchors.get((kiosk, record.boot_id), ())
                    yield from _answer(record, zone.hour_of(begins), counted, known, received_at)

    def told(self, store: StoreId, line: LineId, since: int, before: int) -> Sequence[Told]:
        """What a line told from an instant on, with what stood at it."""
        n = t.notices.c
        ours = (n.store_id == store) & (n.line_id == line)
        query = select(n.at, n.minutes, n.mean).where(ours)
        with reading(self._engine) as db:
            stood = query.where(n.at < since).order_by(n.at.desc()).limit(1)
            rows = db.execute(query.where(n.at >= since, n.at < before).order_by(n.at)).all()
            return [Told(*row) for row in [*db.execute(stood).all(), *rows]]

    def first_told(self, store: StoreId) -> int | None:
        """Since when a store tells waits."""
        n = t.notices.c
        with reading(self._engine) as db:
            found: int | None = db.scalar(select(func.min(n.at)).where(n.store_id == store))
            return found

    def sealed(self, store: StoreId) -> int:
        """Before this instant there are no records any more."""
        query = select(t.seals.c.before).where(t.seals.c.store_id == store)
        with reading(self._engine) as db:
            return db.scalar(query) or 0

    def restored_at(self) -> int:
        """When the hub was last restored from a backup; 0: never."""
        with reading(self._engine) as db:
            return db.scalar(select(func.max(t.restores.c.at))) or 0

    def write(
        self, store: StoreId, hours: Iterable[int], scores: Scores, marks: Mapping[int, int]
    ) -> None:
        """Let these hours be what the scores say, and the marks stand here."""
        s = t.wait_scores.c
        rows = [
            {"store_id": store, "hour": hour, "minutes": minutes, **_faces(tally)}
            for (hour, minutes), tally in scores.items()
        ]
        with writing(self._engine) as db:
            gone = delete(t.wait_scores).where(s.store_id == store, s.hour.in_(list(hours)))
            db.execute(gone)
            if rows:
                db.execute(insert(t.wait_scores), rows)
            for ledger, seq in marks.items():
                key = {"store_id": store, "ledger": ledger}
                put = inserting(db, t.wait_marks).values(key | {"seq": seq})
                db.execute(put.on_conflict_do_update(index_elements=list(key), set_={"seq": seq}))

    def scores(self, store: StoreId, since: int, before: int) -> Scores:
        """What stands of the hours from an instant to another."""
        s = t.wait_scores.c
        query = select(s.hour, s.minutes, s.sad, s.neutral, s.happy)
        query = query.where(s.store_id == store, s.hour >= since, s.hour < before)
        with reading(self._engine) as db:
            return {
                (hour, minutes): Tally(sad=sad, neutral=neutral, happy=happy)
                for hour, minutes, sad, neutral, happy in db.execute(query)
            }

    def weeks(self, store: StoreId, since: int) -> Sequence[Week]:
        """The told weeks from this Monday on, latest first."""
        w = t.wait_weeks.c
        query = select(w.body).where(w.store_id == store, w.week >= since).order_by(w.week.desc())
        with reading(self._engine) as db:
            return [_WEEK.validate_json(body) for body in db.scalars(query)]

    def tell(self, store: StoreId, week: Week) -> bool:
        """Write a week down; False where it was told already, and stands."""
        row = {"store_id": store, "week": week.monday, "body": _WEEK.dump_json(week).decode()}
        with writing(self._engine) as db:
            put = inserting(db, t.wait_weeks).values(row).on_conflict_do_nothing()
            return db.execute(put.returning(t.wait_weeks.c.week)).first() is not None

    def forget(self, store: StoreId, before: int) -> None:
        """Forget the scores of earlier hours."""
        s = t.wait_scores.c
        with writing(self._engine) as db:
            db.execute(delete(t.wait_scores).where(s.store_id == store, s.hour < before))

    def _bodies(
        self, store: StoreId, ledger: int, hours: frozenset[int]
    ) -> Iterator[tuple[int, int, bytes]]:
        r, first = t.records.c, min(hours)
        query = select(r.seq, r.received_at, r.hour, r.body).order_by(r.seq).limit(CHUNK)
        query = query.where(r.store_id == store, r.ledger == ledger)
        query = query.where(r.hour.between(first, max(hours)))
        with reading(self._engine) as db:
            last = _first_since(db, store, ledger, first) - 1
        while True:
            with reading(self._engine) as db:  # one for each chunk: nothing waits for the decoding
                rows = db.execute(query.where(r.seq > last)).all()
            yield from (
                (at, hour, body)
                for _, at, hour, body in rows
                if hour in hours and not body.startswith(NO_VISIT)
            )
            if len(rows) < CHUNK:
                return
            last = rows[-1].seq

    def _ledgers(self, db: Connection, store: StoreId) -> list[tuple[int, str, int | None]]:
        """The ledgers of a store, whose each is, and its mark."""
        n, m = t.ledgers.c, t.wait_marks.c
        both = t.ledgers.outerjoin(
            t.wait_marks, (m.store_id == n.store_id) & (m.ledger == n.ledger)
        )
        query = select(n.ledger, n.kiosk_id, m.seq).select_from(both)
        rows = db.execute(query.where(n.store_id == store).order_by(n.ledger))
        return [(ledger, kiosk, seq) for ledger, kiosk, seq in rows]


def _answer(
    visit: Visit, hour: Hour, counted: Counted, anchors: Sequence[Anchorage], received_at: int
) -> Iterator[Answer]:
    if visit.face is None or contribution(visit, hour, counted)[4] == SUSPECT:
        return
    paid = None if visit.sale_at is None else place(moment_of(visit), anchors, received_at)[0]
    yield Answer(hour.start, visit.point_id, paid, visit.face)


def _anchors(db: Connection, store: StoreId) -> _Anchors:
    a, found = t.anchors.c, dict[tuple[str, str], list[Anchorage]]()
    query = select(a.kiosk_id, a.boot_id, a.boot, a.true).where(a.store_id == store)
    for kiosk, boot_id, boot, true in db.execute(query.order_by(a.boot)):
        found.setdefault((kiosk, boot_id), []).append(Anchorage(boot, true))
    return found


def _first_since(db: Connection, store: StoreId, ledger: int, since: int) -> int:
    """A seq of this ledger before which nothing came that counts from `since` on."""
    r = t.records.c
    ours = (r.store_id == store) & (r.ledger == ledger)
    low = db.scalar(select(func.min(r.seq)).where(ours)) or 1
    high = (db.scalar(select(func.max(r.seq)).where(ours)) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        next_one = select(r.received_at).where(ours, r.seq >= middle).order_by(r.seq).limit(1)
        at = db.scalar(next_one)
        if at is None or at >= since - AHEAD_MS:
            high = middle
        else:
            low = middle + 1
    return low


def _faces(tally: Tally) -> dict[str, Any]:
    return {"sad": tally.sad, "neutral": tally.neutral, "happy": tally.happy}
