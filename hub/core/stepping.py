"""How figures move: in steps, so that nobody can watch one shopper or one cashier.

Laws of this page
1. What is told of a store's day, of an hour of it, of a point or of a point's hour rests on a
   floor of answers at least, and moves by as many at least, or not at all.
2. What a store's figure has beyond its hours is nobody's answers, or a floor of them at least from
   two hours at least; what joins these and what leaves them is a floor each time, or nothing. The
   same for its points. Nor does what moved at once tell, by points against hours, fewer than
   a floor at one point in one hour, not even to somebody who knows which points had nobody.
3. Answers that would break a law are held back from every figure until there are enough of them:
   then no figure can be taken from another to find them.
4. A live day moves at once if what moves comes from two points or more, else when an hour has
   passed: with one register open, the store's figure is one person's shift.
5. What was told is kept, and what moves is judged beside it: whoever asks again, and any second
   process, sees the same; a record that comes late is news like any other.
6. A reason is told with the answers of its point and hour, and not before them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from hub.core.crossing import as_cells, as_rows, given_away, with_cells
from hub.core.holding import Cells, Place, choose, loses, one_way, size, sound, tell
from hub.core.hours import HOUR_MS
from hub.core.satisfaction import Tally
from hub.core.steps import DayCounts, Held, PointHour, ReasonCount, Step, by_hour, by_point, total

STEP = 5
"""Answers: the same number under which no figure is shown by itself."""

LEAST_POINTS = 2
"""With one register open, the store's figure is that register's, and one person's shift."""

PAUSE_MS = HOUR_MS
"""An hour: as coarse as tallies are."""


def next_step(shown: Step | None, current: DayCounts, now: int, floor: int = STEP) -> Step:
    """The step to show of a day that runs: `shown` itself while it may not move."""
    if shown is None or shown.day != current.day:
        shown = Step(current.day, 0, current.begins)
    if shown.over:  # by a process whose clock is ahead: what it told is written down elsewhere
        return shown
    least, late = max(floor, STEP), now - shown.made_at >= PAUSE_MS
    points = 1 if late else LEAST_POINTS
    news = _news(shown, current)
    if _points_of(news) < points:
        return shown
    moved, taken = _move(shown, news, least, current, now, lambda h: late and h + HOUR_MS <= now)
    # Sales alone, or too few: the serial rises only with what is seen.
    return shown if moved is None or _points_of(taken) < points else moved


def close(shown: Step | None, current: DayCounts, at: int, floor: int = STEP) -> Step:
    """The step of a day that is over: all that may be told of it, now or when more has come."""
    if shown is None or shown.day != current.day:
        shown = Step(current.day, 0, current.begins)
    first = not shown.over
    if first:  # until now no cell was told
        held = replace(shown.held, cells=shown.held.behind)
        shown = replace(shown, over=True, held=held, made_at=at)
    moved, taken = _move(shown, _news(shown, current), floor, current, at, lambda _: True)
    if moved is None:
        moved, taken = _move(shown, {}, floor, current, at, lambda _: True)
    return shown if moved is None else with_cells(shown, moved, taken, floor, first=first)


def settle(closed: Step, current: DayCounts) -> Step:
    """The same step once its week is told: what it still held back was told there, or never is.

    Only what comes later is news.
    """
    return replace(closed, settled=True, held=Held(behind=current.point_hours))


def left_over(closed: Step, current: DayCounts) -> Cells:
    """By point and hour, what no figure of that day has."""
    return _news(closed, current)


def _news(shown: Step, current: DayCounts) -> Cells:
    before = as_cells(shown.held.behind)
    after = as_cells(current.point_hours)
    places = sorted({*before, *after})
    news = {place: after.get(place, Tally()) - before.get(place, Tally()) for place in places}
    return {place: tally for place, tally in news.items() if tally != Tally()}


def _points_of(cells: Cells) -> int:
    """How many points have answers in this."""
    return len({point for (point, _), tally in cells.items() if size(tally)})


def _move(
    shown: Step,
    news: Cells,
    least: int,
    current: DayCounts,
    at: int,
    ended: Callable[[int], bool],
) -> tuple[Step | None, Cells]:
    """The step with as much of the news as may be told, and what that was; None where nothing."""
    news = {place: one_way(tally, least) for place, tally in news.items()}
    while True:
        taken = choose(news, shown.held, least, ended)
        moved, away = _moved(shown, taken, least, current, at)
        if not away:
            return moved, taken
        news = {place: tally for place, tally in taken.items() if place not in away}


def _moved(
    shown: Step, taken: Cells, least: int, current: DayCounts, at: int
) -> tuple[Step | None, set[Place]]:
    """The step with what was taken told; where that would break a law, what must wait."""
    change, held = total(taken.values()), shown.held
    rows = [PointHour(*place, tally) for place, tally in taken.items()]
    hours = tell(dict(shown.hours), dict(held.hours), by_hour(rows), least)
    points = tell(dict(shown.points), dict(held.points), by_point(rows), least)
    whole = shown.tally + change
    if 0 < size(change) < least or not sound(whole, least):
        return None, {place for place, tally in taken.items() if loses(tally)}
    if hours.broken or points.broken:
        stuck = {p for p in taken if p[1] in hours.stuck and hours.broken}
        stuck |= {p for p in taken if p[0] in points.stuck and points.broken}
        return None, {place for place in stuck if size(taken[place])}
    away = given_away(taken, points.dark, hours.dark, least)
    step = replace(
        shown,
        serial=shown.serial + 1,
        made_at=at,
        tally=whole,
        hours=hours.told,
        points=points.told,
        reasons=_reasons(shown, taken, current),
        held=Held(
            behind=_added(held.behind, taken),
            hours=hours.held,
            points=points.held,
            cells=_added(held.cells, taken) if shown.over else (),
        ),
    )
    return step, away


def _added(rows: Iterable[PointHour], more: Cells) -> tuple[PointHour, ...]:
    cells = as_cells(rows)
    for place, tally in more.items():
        cells[place] = cells.get(place, Tally()) + tally
    return as_rows(cells)


def _reasons(shown: Step, taken: Cells, current: DayCounts) -> tuple[ReasonCount, ...]:
    """What was told of reasons, and now those of the points and hours that are taken."""
    stay = [row for row in shown.reasons if (row.point_id, row.hour) not in taken]
    new = [row for row in current.reasons if (row.point_id, row.hour) in taken]
    return tuple(sorted([*stay, *new]))
