"""What the page Queue shows, from what is kept of a store's lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from hub.core.displaying import AHEAD_MS
from hub.core.hours import Hours, day_after
from hub.core.ports import Store
from hub.core.queue_views import (
    Alerted,
    DayView,
    Known,
    LineDay,
    LineNow,
    LineRights,
    NowView,
    QueueBook,
    RegisterDay,
)
from hub.core.waiting.counters import TYPED_MS
from hub.core.waiting.facts import LineId
from hub.core.waiting.history import (
    SLOT_MS,
    UNWATCHED_MS,
    Judged,
    Rights,
    Span,
    Told,
    open_spans,
    rights,
    steps,
)
from hub.core.waiting.outcomes import Rightness
from shared.places import PointId

WEEKS_DAYS: Final = 28
"""Four weeks: each weekday as often."""

LATELY_MS: Final = 3 * 3_600_000
"""How right the notices were three hours ago is no news."""


def ends(now: int) -> int:
    """Where the present ends: what is dated later was told before a clock was set back."""
    return now + AHEAD_MS


def now_view(book: QueueBook, known: Known, now: int) -> NowView:
    """Its lines now."""
    store = known.store.store_id
    newest = {told.line_id: told for told in book.newest(store, known.lines, ends(now))}
    typed = {one.line_id: one for one in book.typed(store, now - TYPED_MS)}
    lines = tuple(
        LineNow(
            line.line_id,
            known.name_of(line.line_id),
            line.registers,
            newest.get(line.line_id),
            typed.get(line.line_id),
        )
        for line in known.layout.lines
    )
    at = max((told.at for told in newest.values()), default=None)
    return NowView(known.store, known.layout, now, at, lines, _lately(book, known, now))


def _lately(book: QueueBook, known: Known, now: int) -> Rights:
    """How right the last step of each line was, of this day alone and not too old."""
    hours = Hours(known.store.zone)
    start, _ = hours.day_bounds(hours.hour_of(now).day)
    found: list[tuple[Span, Rightness]] = []
    for _line, its in _by_line(book.judged(known.store.store_id, Span(start, now))):
        last = list(steps(its, now))[-1:]
        found += [step for step in last if now - step[0].end <= LATELY_MS]
    return rights(found)


def day_view(book: QueueBook, known: Known, now: int, day: int) -> DayView:
    """A local day of its lines."""
    hours, store = Hours(known.store.zone), known.store.store_id
    whole = Span(*hours.day_bounds(day))
    live = whole.start <= now < whole.end
    slots = book.slots(store, Span(whole.start, min(whole.end, ends(now))), SLOT_MS)
    newest = max((told.at for told in slots), default=whole.start - UNWATCHED_MS)
    watched = Span(whole.start, min(now, newest + UNWATCHED_MS, whole.end))
    return DayView(
        known.store,
        day,
        live,
        _drawn(hours, known.store, day, slots),
        _days(known, slots),
        _registers(known, open_spans(book.openings(store, watched), *watched)),
        _rights(book, known, now, day),
        tuple(alerts_of(book, known, Span(whole.start, min(now + 1, whole.end)))),
    )


def alerts_of(book: QueueBook, known: Known, span: Span) -> list[Alerted]:
    """Those of a span; of a line that was taken away none stands for ever."""
    found = book.alerts(known.store.store_id, span)
    return [one for one in found if one.until is not None or one.line_id in known.lines]


def _drawn(hours: Hours, store: Store, day: int, slots: Sequence[Told]) -> Span:
    told = {hours.hour_of(one.at).start for one in slots}
    shown = [
        hour
        for hour in hours.hours_of_day(day)
        if store.opens <= hour.hour_of_day < store.closes or hour.start in told
    ]
    if not shown:
        return Span(*hours.day_bounds(day))
    return Span(shown[0].start, shown[-1].end)


def _days(known: Known, slots: Sequence[Told]) -> tuple[LineDay, ...]:
    """Lines as they are laid out; then those of that day that are no longer."""
    found: dict[LineId, list[Told]] = {line: [] for line in known.lines}
    for told in sorted(slots, key=lambda one: one.at):
        found.setdefault(told.line_id, []).append(told)
    return tuple(LineDay(line, known.name_of(line), tuple(its)) for line, its in found.items())


def _registers(known: Known, spans: Mapping[PointId, tuple[Span, ...]]) -> tuple[RegisterDay, ...]:
    """In the order in which they stand."""
    laid = {point for line in known.layout.lines for point in line.registers}
    order = [each.point_id for each in known.points if each.point_id in laid | spans.keys()]
    return tuple(RegisterDay(one, known.point_name(one), spans.get(one, ())) for one in order)


def _rights(book: QueueBook, known: Known, now: int, day: int) -> tuple[LineRights, ...]:
    """Of each line, and of all together where there are several."""
    hours, first = Hours(known.store.zone), day_after(day, 1 - WEEKS_DAYS)
    span = Span(hours.day_bounds(first)[0], hours.day_bounds(day)[1])
    found: dict[LineId, dict[int, list[tuple[Span, Rightness]]]] = {}
    for line, its in _by_line(book.judged(known.store.store_id, span)):
        days = groupby(its, key=lambda one: hours.hour_of(one.hour).day)
        found[line] = {each: list(steps(rows, now)) for each, rows in days}
    lines = [line for line in known.lines if line in found]
    rows = [_line_rights(line, known.name_of(line), [found[line]], day) for line in lines]
    if len(rows) > 1:
        rows.append(_line_rights("", "", [found[line] for line in lines], day))
    return tuple(rows)


def _line_rights(
    line: str, name: str, found: Iterable[Mapping[int, list[tuple[Span, Rightness]]]], day: int
) -> LineRights:
    its = list(found)
    weeks = [step for days in its for some in days.values() for step in some]
    return LineRights(line, name, rights([s for d in its for s in d.get(day, [])]), rights(weeks))


def _by_line(rows: Sequence[Judged]) -> Iterable[tuple[LineId, list[Judged]]]:
    ordered = sorted(rows, key=lambda one: (one.line_id, one.hour))
    for line, its in groupby(ordered, key=lambda one: one.line_id):
        yield line, list(its)
