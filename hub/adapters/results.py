"""What is told of questionnaires, in the hub's database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    Update,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from hub.adapters.database import reading, writing
from hub.adapters.tables import records, responses, stores, told_answers
from hub.core.ports import Store
from hub.core.results import (
    HELD,
    WAITING,
    Closing,
    Key,
    Known,
    Line,
    Place,
    Standing,
    Stored,
    Sum,
    Sums,
    Told,
)
from shared.errors import ArchiveError
from shared.places import StoreId
from shared.questionnaires import Response
from shared.wire import decode_record

MOST_TEXTS = 1_000
"""Texts that are read for one page: more are an export's."""


class SqlResults:
    """Results in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ── closing ──────────────────────────────────────────────────────────────────────────────

    def stores(self) -> list[Store]:
        """All stores."""
        c = stores.c
        query = select(c.store_id, c.name, c.zone, c.opens, c.closes).order_by(c.name, c.store_id)
        with reading(self._engine) as db:
            return [Store(*row) for row in db.execute(query)]

    def open_days(self, known: Known) -> Mapping[Key, frozenset[int]]:
        """The local dates of responses to these versions that belong to no week yet."""
        c = responses.c
        columns = c.store_id, c.questionnaire, c.version, c.day
        query = select(*columns).where(c.week.is_(None), _among(responses, known)).distinct()
        found: dict[Key, set[int]] = {}
        with reading(self._engine) as db:
            for store, questionnaire, version, day in db.execute(query):
                found.setdefault(Key(StoreId(store), questionnaire, version), set()).add(day)
        return {key: frozenset(days) for key, days in found.items()}

    def last_week(self, key: Key) -> int:
        """The last week that was closed; 0 where none was."""
        newest = select(func.max(told_answers.c.week)).where(*_is(told_answers, key))
        judged = select(func.max(responses.c.week)).where(*_is(responses, key))
        with reading(self._engine) as db:
            weeks = [db.execute(query).scalar_one() or 0 for query in (newest, judged)]
        return max((week for week in weeks if week > WAITING), default=0)

    def fresh(self, key: Key, until: int) -> list[Stored]:
        """The responses up to this date that belong to no week yet."""
        c = responses.c
        ours = (*_is(responses, key), c.week.is_(None), c.day <= until)
        query = select(c.ledger, c.seq, records.c.body).join_from(responses, records, _same())
        with reading(self._engine) as db:
            rows = db.execute(query.where(*ours).order_by(c.ledger, c.seq)).all()
        return [Stored(row.ledger, row.seq, _response(row.body)) for row in rows]

    def kept(self, key: Key, which: int) -> Sums:
        """What is held, or waits."""
        c = told_answers.c
        query = select(c.question, c.part, c.value, c.n, c.counts)
        ours = (*_is(told_answers, key), c.week == which)
        with reading(self._engine) as db:
            rows = db.execute(query.where(*ours))
            return {Line(*row[:3]): Sum(row.n, json.loads(row.counts)) for row in rows}

    def close(self, key: Key, week: int, closing: Closing, fit: Mapping[Place, bool]) -> None:
        """Write down what a week tells and who belongs to it, in one transaction."""
        c = told_answers.c
        belongs = [
            {"key_ledger": ledger, "key_seq": seq, "week": week, "fit": fits}
            for (ledger, seq), fits in fit.items()
        ]
        joins = _belongs(key)
        with writing(self._engine) as db:
            for row in belongs:
                if db.execute(joins, row).rowcount != 1:
                    raise ArchiveError("another process has just closed this week")
            db.execute(delete(told_answers).where(*_is(told_answers, key), c.week <= WAITING))
            _put(db, key, week, closing.told)
            _put(db, key, HELD, closing.held)
            _put(db, key, WAITING, closing.waiting)

    # ── looking ──────────────────────────────────────────────────────────────────────────────

    def told(self, questionnaire: str, version: int, stores: Iterable[StoreId]) -> list[Told]:
        """Everything that was told of a version in these stores."""
        c = told_answers.c
        query = select(c.store_id, c.week, c.question, c.part, c.value, c.n, c.counts).where(
            c.questionnaire == questionnaire,
            c.version == version,
            c.week > WAITING,
            c.store_id.in_(list(stores)),
        )
        with reading(self._engine) as db:
            return [_told(row) for row in db.execute(query.order_by(c.week, c.store_id))]

    def texts(self, key: Key, question: str, first: int, last: int) -> list[str]:
        """The texts of what belongs to these weeks, as far as they are kept."""
        c = responses.c
        ours = (*_is(responses, key), c.week.between(first, last), c.fit)
        query = select(records.c.body).join_from(responses, records, _same()).where(*ours)
        newest = query.order_by(c.week.desc(), c.ledger, c.seq).limit(MOST_TEXTS)
        with reading(self._engine) as db:
            answers = [_response(row.body).answers.get(question) for row in db.execute(newest)]
        return [answer for answer in answers if isinstance(answer, str)]

    def standings(self, stores: Iterable[StoreId], known: Known) -> list[Standing]:
        """How many responses there are in these stores to these versions, if answered or told."""
        c, t, names = responses.c, told_answers.c, list(stores)
        version = c.store_id, c.questionnaire, c.version
        query = (
            select(*version, c.week.is_(None).label("open"), c.fit, func.count().label("n"))
            .where(c.store_id.in_(names), _among(responses, known))
            .group_by(*version, c.week.is_(None), c.fit)
        )
        told = select(t.store_id, t.questionnaire, t.version).distinct()
        told = told.where(t.store_id.in_(names), t.week > WAITING, _among(told_answers, known))
        with reading(self._engine) as db:
            found = {Key(*row): [0, 0, 0] for row in db.execute(told)}
            for row in db.execute(query):
                key = Key(StoreId(row.store_id), row.questionnaire, row.version)
                judged_fresh_unfit = found.setdefault(key, [0, 0, 0])
                judged_fresh_unfit[1 if row.open else 0 if row.fit else 2] += row.n
        return [Standing(key, *counts) for key, counts in sorted(found.items())]


def _is(table: Table, key: Key) -> tuple[ColumnElement[bool], ...]:
    c = table.c
    ours = c.store_id == key.store_id
    return ours, c.questionnaire == key.questionnaire, c.version == key.version


def _among(table: Table, known: Known) -> ColumnElement[bool]:
    return tuple_(table.c.questionnaire, table.c.version).in_(sorted(known))


def _same() -> ColumnElement[bool]:
    r, c = records.c, responses.c
    return (r.store_id == c.store_id) & (r.ledger == c.ledger) & (r.seq == c.seq)


def _belongs(key: Key) -> Update:
    c = responses.c
    return (
        update(responses)
        .where(
            c.store_id == key.store_id,
            c.ledger == bindparam("key_ledger"),
            c.seq == bindparam("key_seq"),
            c.week.is_(None),
        )
        .values(week=bindparam("week"), fit=bindparam("fit"))
    )


def _put(db: Connection, key: Key, week: int, sums: Sums) -> None:
    rows = [
        key._asdict()
        | line._asdict()
        | {"week": week, "n": one.n, "counts": json.dumps(dict(one.counts), sort_keys=True)}
        for line, one in sums.items()
    ]
    if rows:
        db.execute(insert(told_answers), rows)


def _told(row: Any) -> Told:
    line = Line(row.question, row.part, row.value)
    return Told(StoreId(row.store_id), row.week, line, Sum(row.n, json.loads(row.counts)))


def _response(body: bytes) -> Response:
    found = decode_record(body)
    assert isinstance(found, Response)  # noqa: S101 - rows stand beside nothing else
    return found
