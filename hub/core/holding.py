"""What is told of the lines of a store's day (its hours, or its points), and what is held of them.

A line moves by a floor of answers or not at all. What the store's figure has beyond its lines is
nobody's, or a floor of answers at least from two lines at least; what joins and what leaves it is
a floor each time, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from hub.core.satisfaction import Tally
from hub.core.steps import Held, summed, total
from hub.core.suppression import hide_line, weak
from shared.places import PointId

Place = tuple[PointId, int]
Cells = dict[Place, Tally]
Key = TypeVar("Key", bound=str | int)

_FACES = ("sad", "neutral", "happy")


@dataclass(frozen=True, slots=True)
class Lines(Generic[Key]):
    """What is told and what is held afterwards.

    `dark` are the lines of which the last move cannot be seen, True for those that are held no
    more. Where the move would break a law it is `broken`, by the lines that are `stuck`.
    """

    told: tuple[tuple[Key, Tally], ...]
    held: tuple[tuple[Key, Tally], ...]
    dark: Mapping[Key, bool]
    broken: bool
    stuck: frozenset[Key]


def size(change: Tally) -> int:
    """How few answers a change rests on: those that came, or those taken away, if there are any.

    Both are seen, face by face; so the fewer of them count.
    """
    faces = (change.sad, change.neutral, change.happy)
    came, went = sum(n for n in faces if n > 0), -sum(n for n in faces if n < 0)
    return min(came, went) or max(came, went)


def loses(change: Tally) -> bool:
    """Whether it takes answers away: a correction."""
    return min(change.sad, change.neutral, change.happy) < 0


def one_way(change: Tally, least: int) -> Tally:
    """What came without the few that went, or the other way: else these would hold up those."""
    came = replace(change, **{face: max(0, getattr(change, face)) for face in _FACES})
    went = replace(change, **{face: min(0, getattr(change, face)) for face in _FACES})
    if size(change) >= least or not size(came) or not size(went):
        return change
    return went if size(went) >= least else came


def sound(tally: Tally, least: int) -> bool:
    """Whether it could be shown by itself; late corrections can make it otherwise."""
    counts = (tally.sad, tally.neutral, tally.happy, tally.sales, tally.asked)
    return min(counts) >= 0 and not 0 < tally.answered < least


def choose(news: Cells, held: Held, least: int, ended: Callable[[int], bool]) -> Cells:
    """Of the news what may be told now.

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


def tell(
    told: Mapping[Key, Tally], held: Mapping[Key, Tally], taken: Mapping[Key, Tally], least: int
) -> Lines[Key]:
    """The lines as they may be told once this was taken.

    A line that cannot let go what is held of it tells what came by itself, where that is enough:
    else one answer at a quiet register would darken the busy one that hides it for all the day.
    """
    keys = sorted({*told, *held, *taken})
    waiting = {key: held.get(key, Tally()) + taken.get(key, Tally()) for key in keys}
    stay = _staying(told, held, waiting, least)
    lines = _lines(told, held, taken, stay, least)
    return _lines(told, held, taken, stay | {*held}, least) if lines.broken else lines


def _lines(
    told: Mapping[Key, Tally],
    held: Mapping[Key, Tally],
    taken: Mapping[Key, Tally],
    stay: set[Key],
    least: int,
) -> Lines[Key]:
    """The lines where these stay held."""
    keys, nothing = sorted({*told, *held, *taken}), Tally()
    apart = {
        key: told.get(key, nothing) + taken[key]
        for key in stay
        if key in held and size(taken.get(key, nothing)) >= least
    }
    apart = {key: tally for key, tally in apart.items() if sound(tally, least)}
    grown = {key: taken[key] for key in stay if key in taken and key not in apart}
    kept = {key: held.get(key, nothing) + grown.get(key, nothing) for key in keys if key in stay}
    kept = {key: tally for key, tally in kept.items() if size(tally)}
    shown = {
        key: told.get(key, nothing) + held.get(key, nothing) + taken.get(key, nothing)
        for key in keys
        if key not in kept
    }
    shown |= {key: told[key] for key in kept if key in told} | apart
    return Lines(
        told=tuple((key, shown[key]) for key in keys if key in shown),
        held=tuple(kept.items()),
        dark={key: key not in kept for key in {*held, *kept} if key not in apart},
        broken=_breaks(kept, grown, least),
        stuck=frozenset(key for key, tally in grown.items() if size(tally)),
    )


def _staying(
    told: Mapping[Key, Tally],
    held: Mapping[Key, Tally],
    waiting: Mapping[Key, Tally],
    least: int,
) -> set[Key]:
    keys = list(waiting)
    hidden = hide_line([size(waiting[key]) for key in keys], least)
    stay = {key for place, key in enumerate(keys) if place in hidden.cells}
    stay |= {key for key in keys if not sound(told.get(key, Tally()) + waiting[key], least)}
    if 0 < size(total(held[key] for key in held if key not in stay)) < least:
        stay |= {*held}  # else they would be seen to have been held
    return stay


def _breaks(kept: Mapping[Key, Tally], grown: Mapping[Key, Tally], least: int) -> bool:
    """Whether what is held, or what joins it, would say too much."""
    sums = size(total(kept.values())), size(total(grown.values()))
    return any(0 < n < least for n in sums) or (
        bool(kept) and weak([size(tally) for tally in kept.values()], least)
    )


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
    away = {place for place, tally in taken.items() if size(tally) and line(place) in small}
    return {place for place in away if loses(taken[place])} or away
