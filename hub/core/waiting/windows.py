"""Windows of a day that is over, and what one more register would have done in each.

Laws of this page
1. A window is whole hours of one local day, one to four of them, that is over.
2. What is said rests on a floor of `LEAST_SHOPPERS`, and is a percentile: nobody's own wait.
3. Where it cannot be said, `why` says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from hub.core.hours import HOUR_MS
from hub.core.waiting.facts import LineId
from hub.core.waiting.joins import Pace
from hub.core.waiting.whatif import LEAST_SHOPPERS, Change, Day, one_more
from shared.places import PointId, StoreId

MINUTE_MS: Final = 60_000

LONGEST_HOURS: Final = 4
"""A register that is manned for longer is a shift, and changes the whole day."""

USUAL_HOURS: Final = 2
"""What the worst window of a day is looked for in: somebody can be called for so long."""

DAYS: Final = 8
"""So many days back a window can be asked for: the same weekday, too."""

BEFORE_MS: Final = 3 * HOUR_MS
"""What came earlier does not matter any more to who waits when the window begins."""

MOST_SHOPPERS: Final = 4_000
"""At a line in seven hours: more is no checkout, and the drawing is to end within seconds."""

LEAST_KNOWN: Final = 0.7
"""Of the sales in a window so many must have a wait that is known, else others decide."""


class Why(StrEnum):
    """Why nothing is said of a window; NOTHING: it is said."""

    NOTHING = ""
    FEW = "few"
    LANES = "lanes"
    UNSEEN = "unseen"
    UNLIKE = "unlike"
    MANY = "many"


class Wait(NamedTuple):
    """Somebody joined then and waited so long (ms)."""

    joined: int
    waited: int


class Opening(NamedTuple):
    """From then on a register is thought to be open, or closed."""

    at: int
    point_id: PointId
    open: bool


class Window(NamedTuple):
    """Where and when."""

    line_id: LineId
    day: int
    begins: int
    ends: int


class WhatIf(NamedTuple):
    """Of so many shoppers the percentile (ms) as it was and with one more register, or why not."""

    window: Window
    shoppers: int
    observed: float | None
    after: float | None
    why: Why
    worst: bool = False


class Seen(NamedTuple):
    """What is known of a line from before a window up to its end."""

    waits: Sequence[Wait]
    openings: Sequence[Opening]
    sales: int
    """In the window alone."""


class WhatIfBook(Protocol):
    """What is kept of lines, and of windows. Every method may raise ArchiveError."""

    def waits(self, store: StoreId, line: LineId, since: int, until: int) -> Sequence[Wait]:
        """Who joined from one instant to another, in order."""

    def openings(
        self, store: StoreId, points: Sequence[PointId], since: int, until: int
    ) -> Sequence[Opening]:
        """How registers stood at an instant, and what changed up to another, in order."""

    def sales(self, store: StoreId, points: Sequence[PointId], since: int, until: int) -> int:
        """How many were sold to in the hours that begin in this time."""

    def found(self, store: StoreId, since_day: int) -> Sequence[WhatIf]:
        """The windows that were worked out, latest first."""

    def keep(self, store: StoreId, whatif: WhatIf) -> None:
        """Write a window down."""

    def forget(self, before_day: int) -> None:
        """Forget windows of earlier days."""


def percentile_of(waits: Iterable[Wait], percentile: float) -> float | None:
    """That percentile of their waits; None where they are too few."""
    known = sorted(one.waited for one in waits)
    if len(known) < LEAST_SHOPPERS:
        return None
    return float(known[min(len(known) - 1, int(percentile * len(known)))])


def worst_window(
    waits: Sequence[Wait], starts: Sequence[int], percentile: float
) -> tuple[int, int] | None:
    """The two hours in which most minutes were waited, all together; None where nobody waited."""
    found = list[tuple[int, int]]()
    for begins in starts:
        inside = [one for one in waits if begins <= one.joined < begins + USUAL_HOURS * HOUR_MS]
        if percentile_of(inside, percentile):
            found.append((sum(one.waited for one in inside), -begins))
    if not found:
        return None
    begins = -max(found)[1]
    return begins, begins + USUAL_HOURS * HOUR_MS


def changes_of(openings: Iterable[Opening]) -> tuple[Change, ...]:
    """How many registers were open from when on."""
    state, found = dict[PointId, bool](), list[Change]()
    for one in sorted(openings):
        state[one.point_id] = one.open
        number = sum(state.values())
        if found and found[-1].at == one.at:
            found.pop()
        if not found or found[-1].registers != number:
            found.append(Change(one.at, number))
    return tuple(found)


def judged(window: Window, seen: Seen, pace: Pace, percentile: float) -> WhatIf:
    """What one more register would have done in a window of one line."""
    inside = [one for one in seen.waits if window.begins <= one.joined < window.ends]
    observed = percentile_of(inside, percentile)

    def said(why: Why, after: float | None = None) -> WhatIf:
        return WhatIf(window, len(inside), observed, after, why)

    plan = changes_of(seen.openings)
    if observed is None:
        return said(Why.FEW)
    if not plan or len(inside) < LEAST_KNOWN * seen.sales:
        return said(Why.UNSEEN)
    if len(seen.waits) > MOST_SHOPPERS:
        return said(Why.MANY)
    day = Day(tuple(one.joined for one in seen.waits), plan, pace.mean, pace.square)
    effect = one_more(day, window.begins, window.ends, percentile, observed)
    if effect is None:
        return said(Why.UNLIKE)
    return said(Why.NOTHING, min(effect.after, observed))


def starts_of(hours: Iterable[int], ends: int) -> list[int]:
    """Whole hours of a day at which two whole hours of it may begin."""
    return [at for at in hours if at + USUAL_HOURS * HOUR_MS <= ends]
