"""What is kept of stores' lines, read from the hub's database for the page Queue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, Select, and_, false, func, or_, select, union_all

from hub.adapters.database import reading
from hub.adapters.tables import audit, notices, openings, wait_alerts, wait_doubts, wait_outcomes
from hub.core.hours import DAY_MS
from hub.core.queue_views import Alerted, Doubted, Stamp, Typed
from hub.core.waiting.facts import LineId
from hub.core.waiting.history import Judged, Opened, Span, Told
from hub.core.waiting.outcomes import Rightness
from shared.places import StoreId

BEFORE_MS: Final = 2 * DAY_MS
"""A register opens and closes every day: what it was before is no older than this."""

NOWHERE: Final = "?"
"""The place of whatever names none that is known: it comes last."""

_TOLD: Final = tuple(notices.c[name] for name in Told._fields)


class SqlQueueBook:
    """The book of lines in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def stamp(self, store: StoreId, lines: Collection[LineId], until: int) -> Stamp:
        """The newest word, how many doubts and alerts there are, and what they say."""
        d, a = wait_doubts.c, wait_alerts.c
        doubts = select(func.count(), func.sum(d.times), func.max(d.at)).where(d.store_id == store)
        turns = func.count(), func.count(a.until), func.max(a.until), func.sum(a.registers)
        alerts = select(*turns).where(a.store_id == store)
        with reading(self._engine) as db:
            newest = max((at for _, at in _newest(db, store, lines, until)), default=0)
            known = [*db.execute(doubts).one(), *db.execute(alerts).one()]
        return Stamp(newest, ".".join(str(each or 0) for each in known))

    def newest(self, store: StoreId, lines: Collection[LineId], until: int) -> list[Told]:
        """The last word of each of these lines before `until`."""
        c = notices.c
        with reading(self._engine) as db:
            last = _newest(db, store, lines, until)
            these = [and_(c.line_id == line, c.at == at) for line, at in last]
            query = select(*_TOLD).where(c.store_id == store, or_(false(), *these))
            return [Told(*row) for row in db.execute(query)]

    def slots(self, store: StoreId, span: Span, size: int) -> list[Told]:
        """The last word of each line in each stretch of so many ms."""
        c = notices.c
        slot = (c.at - span.start) // size
        with reading(self._engine) as db:
            these = c.line_id.in_(_names(db, store, c.line_id))
            within = c.store_id == store, these, c.at >= span.start, c.at < span.end
            last = select(c.line_id, func.max(c.at).label("at")).where(*within)
            found = last.group_by(c.line_id, slot).subquery()
            same = and_(found.c.line_id == c.line_id, found.c.at == c.at)
            query = select(*_TOLD).join(found, same).where(*within).order_by(c.line_id, c.at)
            return [Told(*row) for row in db.execute(query)]

    def openings(self, store: StoreId, span: Span) -> list[Opened]:
        """The changes in a span, and of each register the last one of the two days before."""
        c = openings.c
        query = select(c.point_id, c.at, c.open).order_by(c.point_id, c.at)
        with reading(self._engine) as db:
            here = c.store_id == store, c.point_id.in_(_names(db, store, c.point_id))
            times = c.at >= span.start - BEFORE_MS, c.at < span.end
            found = [Opened(*row) for row in db.execute(query.where(*here, *times))]
        before = {one.point_id: one for one in found if one.at < span.start}
        return [*before.values(), *(one for one in found if one.at >= span.start)]

    def judged(self, store: StoreId, span: Span) -> list[Judged]:
        """How right each line was in the hours that begin in a span."""
        c = wait_outcomes.c
        counts = c.told, c.within_minute, c.too_short, c.over_ms, c.untold
        query = select(c.line_id, c.hour, *counts).where(
            c.store_id == store, c.hour >= span.start, c.hour < span.end
        )
        with reading(self._engine) as db:
            rows = db.execute(query).all()
        return [Judged(LineId(line), hour, Rightness(*its)) for line, hour, *its in rows]

    def doubts(self, store: StoreId) -> list[Doubted]:
        """What is wrong now."""
        c = wait_doubts.c
        query = select(c.place, c.what, c.times, c.at).where(c.store_id == store)
        with reading(self._engine) as db:
            found = [Doubted(*row) for row in db.execute(query)]
        return sorted(found, key=lambda one: (one.place == NOWHERE, one.place, one.what))

    def alerts(self, store: StoreId, span: Span) -> list[Alerted]:
        """Those that stood at any time of a span, newest first."""
        c = wait_alerts.c
        query = select(c.line_id, c.kind, c.since, c.until, c.registers).where(
            c.store_id == store,
            c.since < span.end,
            or_(c.until.is_(None), c.until >= span.start),
        )
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(c.since.desc(), c.line_id, c.kind))
            return [Alerted(*row) for row in rows]

    def typed(self, store: StoreId, since: int) -> list[Typed]:
        """The last count of each line that somebody typed since then, as the audit log has it."""
        c = audit.c
        query = select(c.target, c.detail, c.at, c.user).where(c.at >= since)
        query = query.where(c.action == TYPED, c.target.startswith(f"{store}/", autoescape=True))
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(c.entry)).all()
        found = {}
        for target, number, at, user in rows:
            line = LineId(target.partition("/")[2])
            found[line] = Typed(line, int(number), at, user)
        return list(found.values())


TYPED: Final = "count typed"
"""As the audit log calls it."""


def _names(db: Connection, store: StoreId, column: Column[str]) -> list[str]:
    """The lines or registers of which a store has rows: a step in the key for each, where asking
    for all of a time would read all times."""
    table = column.table
    first = select(func.min(column).label("name")).where(table.c.store_id == store)
    found = first.cte("found", recursive=True)
    after = select(func.min(column)).where(table.c.store_id == store, column > found.c.name)
    found = found.union_all(select(after.scalar_subquery()).where(found.c.name.is_not(None)))
    return [name for name in db.scalars(select(found.c.name)) if name is not None]


def _newest(
    db: Connection, store: StoreId, lines: Collection[LineId], until: int
) -> Sequence[tuple[LineId, int]]:
    """When each line had its last word; asked line by line, so that an index answers at once."""
    if not lines:
        return []
    rows = db.execute(union_all(*[_last_of(store, line, until) for line in lines]))
    return [(LineId(line), at) for line, at in rows if line is not None]


def _last_of(store: StoreId, line: LineId, until: int) -> Select[Any]:
    c = notices.c
    newest = select(c.line_id, c.at).where(c.store_id == store, c.line_id == line, c.at < until)
    found = newest.order_by(c.at.desc()).limit(1).subquery()
    return select(found.c.line_id, found.c.at)
