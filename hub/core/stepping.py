"""How figures move: in steps, so that nobody can watch one shopper or one cashier.

Laws of this page
1. What is told of a store's day, of an hour of it, of a point or of a point's hour rests on a
   floor of answers at least, and moves by as many at least, or not at all.
2. What a store's figure has beyond its hours is nobody's answers, or a floor of them at least from
   two hours at least; what joins these and what leaves them is a floor each time, or nothing. The
   same for its points.
3. Answers that would break a law are held back from every figure until there are enough of them:
   then no figure can be taken from another to find them.
4. A live day moves at once if its news comes from two points or more, else when an hour has
   passed: with one register open, the store's figure is one person's shift.
5. What was told is kept, and what moves is judged beside it: whoever asks again, and any second
   process, sees the same; a record that comes late is news like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from hub.core.hours import HOUR_MS
from hub.core.satisfaction import Tally
from hub.core.steps import DayCounts, Held, PointHour, Step, by_hour, by_point, summed, total
from hub.core.suppression import hide_cells, hide_line, weak
from shared.places import PointId

STEP = 5
"""Answers: the same number under which no figure is shown by itself."""

LEAST_POINTS = 2
"""With one register open, the store's figure is that register's, and one person's shift."""

PAUSE_MS = HOUR_MS
"""An hour: as coarse as tallies are."""

Place = tuple[PointId, int]
Cells = dict[Place, Tally]
Key = TypeVar("Key", bound=str | int)


def next_step(shown: Step | None, current: DayCounts, now: int, floor: int = STEP) -> Step:
    """The step to show of a day that runs: `shown` itself while it may not move."""
    if shown is None or shown.day != current.day:
        shown = Step(current.day, 0, current.begins)
    least, late = max(floor, STEP), now - shown.made_at >= PAUSE_MS
    news = _news(shown, current)
    if not late and len({point for (point, _), n in news.items() if size(n)}) < LEAST_POINTS:
        return shown
    taken = _choose(news, shown.held, least, lambda hour: late and hour + HOUR_MS <= now)
    if not any(map(size, taken.values())):
        return shown  # sales alone, or too few: the serial rises only with what is seen
    return _moved(shown, taken, least, current, now) or shown


def close(shown: Step | None, current: DayCounts, at: int, floor: int = STEP) -> Step:
    """The step of a day that is over: all that may be told of it, now or when more has come."""
    if shown is None or shown.day != current.day:
        shown = Step(current.day, 0, current.begins)
    first = not shown.over
    if first:  # until now no cell was told
        held = replace(shown.held, cells=shown.held.behind)
        shown = replace(shown, over=True, held=held, made_at=at)
    shown = replace(shown, known=total(row.tally for row in current.point_hours).answered)
    taken = _choose(_news(shown, current), shown.held, floor, lambda _: True)
    moved = _moved(shown, taken, floor, current, at)
    if moved is None:
        return replace(shown, reasons=current.reasons)
    return _with_cells(moved, _as_cells(shown.held.cells), taken, floor, first=first)


def settle(closed: Step, current: DayCounts) -> Step:
    """The same step once its week is told: what it still held back was told there, or never is.

    Only what comes later is news.
    """
    return replace(closed, settled=True, held=Held(behind=current.point_hours))


def left_over(closed: Step, current: DayCounts) -> Cells:
    """By point and hour, what no figure of that day has."""
    return _news(closed, current)


def size(change: Tally) -> int:
    """How many answers a change is at least: what came, or what was taken away."""
    faces = (change.sad, change.neutral, change.happy)
    return max(sum(n for n in faces if n > 0), -sum(n for n in faces if n < 0))


def _news(shown: Step, current: DayCounts) -> Cells:
    before = _as_cells(shown.held.behind)
    after = _as_cells(current.point_hours)
    places = sorted({*before, *after})
    news = {place: after.get(place, Tally()) - before.get(place, Tally()) for place in places}
    return {place: tally for place, tally in news.items() if tally != Tally()}


def _choose(news: Cells, held: Held, least: int, ended: Callable[[int], bool]) -> Cells:
    """Of the news what may be told now (law 3).

    Small points may stay where they hide each other. So may small hours that have ended; one that
    runs would be held for ever if it were begun so.
    """
    taken = dict(news)
    while True:
        dropped = _too_small(taken, dict(held.hours), lambda at: at[1], least, ended)
        dropped |= _too_small(taken, dict(held.points), lambda at: at[0], least, lambda _: True)
        if not dropped:
            return taken
        taken = {place: tally for place, tally in taken.items() if place not in dropped}


def _too_small(
    taken: Cells,
    held: Mapping[Key, Tally],
    line: Callable[[Place], Key],
    least: int,
    may_stay: Callable[[Key], bool],
) -> set[Place]:
    """The cells of lines that cannot be told, unless these lines may stay and hide each other."""
    sums = summed((line(place), tally) for place, tally in taken.items())
    small = {
        key: size(tally)
        for key, tally in sums.items()
        if size(tally) and size(held.get(key, Tally()) + tally) < least
    }
    staying = [n for key, n in small.items() if may_stay(key)]
    if staying and not weak(staying, least):
        small = {key: n for key, n in small.items() if not may_stay(key)}
    return {place for place, tally in taken.items() if size(tally) and line(place) in small}


def _moved(shown: Step, taken: Cells, least: int, current: DayCounts, at: int) -> Step | None:
    """The step with what was taken told, or None where that would break a law."""
    change, held = total(taken.values()), shown.held
    rows = [PointHour(*place, tally) for place, tally in taken.items()]
    hours = _tell(dict(shown.hours), dict(held.hours), by_hour(rows), least)
    points = _tell(dict(shown.points), dict(held.points), by_point(rows), least)
    whole = shown.tally + change
    if hours is None or points is None or 0 < size(change) < least or not _sound(whole, least):
        return None
    return replace(
        shown,
        serial=shown.serial + 1,
        made_at=at,
        tally=whole,
        hours=hours[0],
        points=points[0],
        reasons=current.reasons,
        held=Held(
            behind=_added(held.behind, taken),
            hours=hours[1],
            points=points[1],
            cells=_added(held.cells, taken) if shown.over else (),
        ),
    )


def _tell(
    told: Mapping[Key, Tally], held: Mapping[Key, Tally], taken: Mapping[Key, Tally], least: int
) -> tuple[tuple[tuple[Key, Tally], ...], tuple[tuple[Key, Tally], ...]] | None:
    """What is told of each line and what is held of it afterwards; None where law 2 would break."""
    keys = sorted({*told, *held, *taken})
    waiting = {key: held.get(key, Tally()) + taken.get(key, Tally()) for key in keys}
    after = {key: told.get(key, Tally()) + waiting[key] for key in keys}
    hidden = hide_line([size(waiting[key]) for key in keys], least)
    stay = {key for place, key in enumerate(keys) if place in hidden.cells}
    stay |= {key for key in keys if not _sound(after[key], least)}
    if 0 < size(total(held[key] for key in held if key not in stay)) < least:
        stay |= {*held}  # else they would be seen to have been held
    still = [size(waiting[key]) for key in stay if size(waiting[key])]
    grown = size(total(taken.get(key, Tally()) for key in stay))
    if hidden.total or 0 < grown < least or (still and weak(still, least)):
        return None
    kept = {key: waiting[key] for key in keys if key in stay and size(waiting[key])}
    shown = {key: told.get(key) if key in kept else after[key] for key in keys}
    return tuple((key, tally) for key, tally in shown.items() if tally), tuple(kept.items())


def _with_cells(step: Step, before: Cells, taken: Cells, least: int, *, first: bool) -> Step:
    """The step with its points' hours, where nothing that is held can be found from them.

    A cell that was held when the day was closed stays so: what joins it would tell what it was.
    """
    table = _as_cells(step.held.cells) if first else taken
    points, hours = sorted({p for p, _ in table}), sorted({h for _, h in table})
    sizes = [[size(table.get((p, h), Tally())) for h in hours] for p in points]
    rows = {r for r, point in enumerate(points) if point in dict(step.held.points)}
    columns = {c for c, hour in enumerate(hours) if hour in dict(step.held.hours)}
    stay = {place for place, tally in before.items() if size(tally) and not first}
    held = {(r, c) for r, p in enumerate(points) for c, h in enumerate(hours) if (p, h) in stay}
    hidden = hide_cells(sizes, least, rows, columns, held)
    told, dark = _as_cells(step.cells), _as_cells(step.held.cells)
    for place, tally in table.items():
        after = told.get(place, Tally()) + tally
        if (points.index(place[0]), hours.index(place[1])) not in hidden and _sound(after, least):
            told[place] = after
            dark[place] = dark.get(place, Tally()) - tally
    held_cells = replace(step.held, cells=_as_rows(dark))
    return replace(step, cells=_as_rows(told), held=held_cells)


def _sound(tally: Tally, least: int) -> bool:
    """Whether it could be shown by itself; late corrections can make it otherwise."""
    counts = (tally.sad, tally.neutral, tally.happy, tally.sales, tally.asked)
    return min(counts) >= 0 and not 0 < tally.answered < least


def _added(rows: Iterable[PointHour], more: Cells) -> tuple[PointHour, ...]:
    cells = _as_cells(rows)
    for place, tally in more.items():
        cells[place] = cells.get(place, Tally()) + tally
    return _as_rows(cells)


def _as_cells(rows: Iterable[PointHour]) -> Cells:
    return {(point, hour): tally for point, hour, tally in rows}


def _as_rows(cells: Cells) -> tuple[PointHour, ...]:
    rows = (PointHour(*place, tally) for place, tally in sorted(cells.items()))
    return tuple(row for row in rows if row.tally != Tally())
