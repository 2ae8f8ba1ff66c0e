"""What the pages and the API show: every figure with its interval and its n, or hidden.

A value that is None is not shown: there is nothing yet, or it is under the floor (then `hidden`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hub.core.figures import Days
from hub.core.intervals import Difference, Share
from hub.core.ports import Point, Store
from hub.core.satisfaction import Index, Tally
from shared.places import KioskId, PointId
from shared.visits import Face


class Verdict(StrEnum):
    """How two indices stand to each other, at 95 % after correction for many comparisons."""

    ABOVE = "above"
    BELOW = "below"
    ALIKE = "alike"  # cannot be told apart: says nothing about being equal
    UNKNOWN = "unknown"  # too little to compare


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual on such days: their mean index, its 95 % interval, and over how many days.

    `spread` is the standard deviation between days, in points, chance taken off; `noise` that of
    a single answer. `weekday` is 0 for Monday.
    """

    value: float
    low: float
    high: float
    spread: float
    noise: float
    days: int
    weekday: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Something against its usual, or against the rest: difference, interval, p and verdict."""

    difference: Difference
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class FaceShare:
    """How many touched this face, as a share of all answers."""

    face: Face
    share: Share


class HourState(StrEnum):
    """Where an hour stands to now."""

    PAST = "past"
    SO_FAR = "so_far"
    TO_COME = "to_come"


@dataclass(frozen=True, slots=True)
class Unusual:
    """An hour that differs from its usual; p is corrected for the hours of the day.

    `reason` is the one named most after sad and neutral in that hour, if enough named any.
    """

    verdict: Verdict
    p: float
    reason: str | None
    share: Share | None


@dataclass(frozen=True, slots=True)
class HourBar:
    """One trading hour of a store's day. Where clocks went back, two bars have one hour of day."""

    start: int
    hour_of_day: int
    offset_seconds: int
    state: HourState
    tally: Tally | None
    index: Index | None
    usual: Usual | None
    unusual: Unusual | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One point, in the order in which they stand; `letters` it shares with those that it
    cannot be told apart from."""

    point: Point
    tally: Tally | None
    index: Index | None
    response: Share | None
    verdict: Verdict
    letters: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason's share of those who named one after sad or neutral, and its change vs usual."""

    reason: str
    share: Share | None
    change: Difference | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Reasons:
    """Reasons after sad and neutral, most named first; `n` is how many named one."""

    n: int
    rows: tuple[ReasonRow, ...]


@dataclass(frozen=True, slots=True)
class LowHour:
    """Needs you: an hour that was unusually low today."""

    start: int
    hour_of_day: int
    offset_seconds: int
    unusual: Unusual


@dataclass(frozen=True, slots=True)
class KioskAway:
    """Needs you: a kiosk that is not connected."""

    kiosk_id: KioskId
    point_id: PointId | None
    seen_at: int | None
    unsent: int


Need = LowHour | KioskAway


@dataclass(frozen=True, slots=True)
class TodayView:
    """The page Today (or the same page of an earlier day, then `live` is false).

    `serial` rises when, and only when, what is shown has changed; `as_of` is when it last did.
    """

    store: Store
    day: int
    live: bool
    serial: int
    as_of: int
    floor: int
    tally: Tally | None
    index: Index | None
    usual: Usual | None
    against_usual: Comparison | None
    response: Share | None
    response_of_asked: Share | None
    faces: tuple[FaceShare, ...]
    bars: tuple[HourBar, ...]
    registers: tuple[RegisterRow, ...]
    reasons: Reasons | None
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One weekday and hour of the day over some weeks; `hour_of_day` None is the whole day."""

    weekday: int | None
    hour_of_day: int | None
    tally: Tally | None
    index: Index | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A weekday (0 Monday; None: all of them), one cell for each of the view's hours, its total."""

    weekday: int | None
    cells: tuple[HeatCell, ...]
    total: HeatCell


@dataclass(frozen=True, slots=True)
class HoursView:
    """The page Hours: weekday × hour of the day; `bottom` is the row of all weekdays."""

    store: Store
    days: Days
    floor: int
    hours: tuple[int, ...]
    rows: tuple[HeatRow, ...]
    bottom: HeatRow


@dataclass(frozen=True, slots=True)
class RegistersView:
    """The page Registers: all points of a store over some days, in the order they stand.

    `alike` are the sets of points that cannot be told apart from each other.
    """

    store: Store
    days: Days
    floor: int
    tally: Tally | None
    index: Index | None
    response: Share | None
    rows: tuple[RegisterRow, ...]
    alike: tuple[tuple[PointId, ...], ...]


@dataclass(frozen=True, slots=True)
class StoreRow:
    """One store over some days."""

    store: Store
    tally: Tally | None
    index: Index | None
    response: Share | None
    verdict: Verdict
    hidden: bool


@dataclass(frozen=True, slots=True)
class StoresView:
    """The page Stores: those that the viewer may see, in fixed order, and all of them together."""

    days: Days
    floor: int
    index: Index | None
    rows: tuple[StoreRow, ...]
