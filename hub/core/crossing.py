"""Points against hours: what moves of both tell about the answers of one point in one hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hub.core.holding import Cells, Place, size, sound
from hub.core.satisfaction import Tally
from hub.core.steps import PointHour, Step
from hub.core.suppression import fixed_cells, hide_cells
from shared.places import PointId


def given_away(
    taken: Cells, points: Mapping[PointId, bool], hours: Mapping[int, bool], least: int
) -> set[Place]:
    """The cells that would be found by who sees the moves, where they are few.

    Unseen are the moves of these `points` and `hours`; of those that are True, what was held of
    them is told with the move, and must not be found either.
    """
    at, when, sizes = _table(taken)
    rows = {r: points[point] for r, point in enumerate(at) if point in points}
    columns = {c: hours[hour] for c, hour in enumerate(when) if hour in hours}
    away: set[Place] = set()
    for r, c in fixed_cells(sizes, rows, columns):
        found = [
            (point, hour)
            for point in (at if r == len(at) else at[r : r + 1])
            for hour in (when if c == len(when) else when[c : c + 1])
        ]
        freed = (c == len(when) and rows[r]) or (r == len(at) and columns[c])
        if freed or sum(size(taken.get(place, Tally())) for place in found) < least:
            away.update(place for place in found if size(taken.get(place, Tally())))
    return away


def with_cells(shown: Step, moved: Step, taken: Cells, least: int, *, first: bool) -> Step:
    """The step with its points' hours, where nothing that is held can be found from them.

    What comes after the day was closed is judged by itself. It joins no cell that was held then,
    and no line that is told only now: it would tell what they were.
    """
    table = as_cells(moved.held.cells) if first else taken
    points, hours, sizes = _table(table)
    dark = [moved.held] if first else [moved.held, shown.held]
    rows = {r for r, p in enumerate(points) if any(p in dict(held.points) for held in dark)}
    columns = {c for c, h in enumerate(hours) if any(h in dict(held.hours) for held in dark)}
    stay = {} if first else {place: n for place, n in as_cells(shown.held.cells).items() if size(n)}
    held = {(r, c) for r, p in enumerate(points) for c, h in enumerate(hours) if (p, h) in stay}
    hidden = hide_cells(sizes, least, rows, columns, held)
    told, left = as_cells(moved.cells), as_cells(moved.held.cells)
    for place, tally in table.items():
        after = told.get(place, Tally()) + tally
        if (points.index(place[0]), hours.index(place[1])) not in hidden and sound(after, least):
            told[place] = after
            left[place] = left.get(place, Tally()) - tally
    return replace(moved, cells=as_rows(told), held=replace(moved.held, cells=as_rows(left)))


def as_cells(rows: Iterable[PointHour]) -> Cells:
    """By point and hour."""
    return {(point, hour): tally for point, hour, tally in rows}


def as_rows(cells: Cells) -> tuple[PointHour, ...]:
    """The same as rows, without those that have nothing."""
    rows = (PointHour(*place, tally) for place, tally in sorted(cells.items()))
    return tuple(row for row in rows if row.tally != Tally())


def _table(cells: Cells) -> tuple[list[PointId], list[int], list[list[int]]]:
    """Points, hours, and how many answers each point has in each hour."""
    points, hours = sorted({p for p, _ in cells}), sorted({h for _, h in cells})
    return points, hours, [[size(cells.get((p, h), Tally())) for h in hours] for p in points]
