"""Draws the views from counts: what is under the floor is hidden before anything else is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hub.core.comparing import alike, compare, holm, letters, usual, verdict, verdicts
from hub.core.figures import DayHour, Days
from hub.core.hours import Hour, day_after
from hub.core.intervals import response, response_of_asked, share_difference, wilson
from hub.core.listing import tell
from hub.core.ports import Point, Store
from hub.core.satisfaction import Tally, index
from hub.core.steps import ReasonCount, Step
from hub.core.suppression import hide_line
from hub.core.views import (
    FaceShare,
    HourBar,
    HourState,
    KioskAway,
    LowHour,
    Need,
    ReasonRow,
    Reasons,
    RegisterRow,
    TodayView,
    Unusual,
    Verdict,
)
from shared.places import PointId
from shared.visits import Face

UNHAPPY: Final = (Face.SAD, Face.NEUTRAL)
"""After these faces a reason says what to mend."""

ReasonTotals = Mapping[tuple[Face, str], int]


@dataclass(frozen=True, slots=True)
class History:
    """The same weekday in the weeks before: its hours, and its reasons all together."""

    weekday: int
    hours: tuple[DayHour, ...] = ()
    reasons: tuple[tuple[tuple[Face, str], int], ...] = ()

    def days(self, until: int) -> list[Tally]:
        """Each day, as it stood when the hour `until` was over."""
        sums: dict[int, Tally] = {}
        for row in self.hours:
            if row.hour_of_day <= until:
                sums[row.day] = sums.get(row.day, Tally()) + row.tally
        return list(sums.values())

    def at(self, hour_of_day: int) -> list[Tally]:
        """This hour on each of the days."""
        return [row.tally for row in self.hours if row.hour_of_day == hour_of_day]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Which day is shown, and when: `hours` are all of the local date."""

    store: Store
    points: tuple[Point, ...]
    hours: tuple[Hour, ...]
    now: int
    live: bool
    floor: int


def today(
    what: Occasion, step: Step, history: History, away: Sequence[KioskAway] = ()
) -> TodayView:
    """The page of a day, as this step shows it."""
    tally = step.tally if step.tally.answered >= what.floor else None
    usually = usual(history.days(_until(what)), history.weekday, what.floor)
    bars = hour_bars(what, step, history)
    return TodayView(
        store=what.store,
        day=step.day,
        live=what.live,
        serial=step.serial,
        as_of=step.made_at,
        floor=what.floor,
        tally=tally,
        index=index(tally),
        usual=usually,
        against_usual=compare(tally, usually),
        response=response(tally),
        response_of_asked=response_of_asked(tally),
        faces=faces(tally),
        bars=bars,
        registers=registers(what.points, dict(step.points), what.floor, live=what.live)[0],
        reasons=reasons(step.reasons, dict(history.reasons), what.floor),
        needs=needs(bars, away),
    )


def faces(tally: Tally | None) -> tuple[FaceShare, ...]:
    """Each face's share of the answers, happy first."""
    shares = [(face, tally and wilson(tally.of(face), tally.answered)) for face in reversed(Face)]
    return tuple(FaceShare(face, share) for face, share in shares if share)


def hour_bars(what: Occasion, step: Step, history: History) -> tuple[HourBar, ...]:
    """A bar for each trading hour, those that differ from their usual marked."""
    counted = dict(step.hours)
    hours = [hour for hour in what.hours if hour.start in counted or _trades(what.store, hour)]
    shown = tell([hour.start for hour in what.hours], counted, what.floor, live=what.live)
    bars = [_bar(what, hour, shown, history) for hour in hours]
    return _mark_unusual(bars, step.reasons, what.floor)


def registers(
    points: Sequence[Point], tallies: Mapping[PointId, Tally], floor: int, *, live: bool = False
) -> tuple[tuple[RegisterRow, ...], tuple[tuple[PointId, ...], ...]]:
    """The rows of all points as they stand, and the groups that cannot be told apart."""
    rows = tell([point.point_id for point in points], tallies, floor, live=live)
    judged = [tally if tally and tally.answered else None for tally in rows.values()]
    groups = alike({p: tally for p, tally in zip(rows, judged, strict=True) if tally})
    drawn = zip(points, rows.values(), verdicts(judged), strict=True)
    return tuple(_register(*row, groups) for row in drawn), groups


def reasons(counts: Sequence[ReasonCount], usually: ReasonTotals, floor: int) -> Reasons | None:
    """Reasons after sad and neutral against what is usual; None under the floor."""
    named = _by_reason((row.face, row.reason, row.answers) for row in counts)
    before = _by_reason((*key, answers) for key, answers in usually.items())
    n, n_before = sum(named.values()), sum(before.values())
    if n < floor:
        return None
    names = sorted({*named, *before})
    hidden = hide_line([named.get(name, 0) for name in names], floor)
    if hidden.total:  # four and four: eight would tell both
        return None
    rows = [
        _reason(
            name, place in hidden.cells, (named.get(name, 0), n), (before.get(name, 0), n_before)
        )
        for place, name in enumerate(names)
    ]
    return Reasons(n, tuple(sorted(rows, key=_most_named_first)))


def needs(bars: Sequence[HourBar], away: Sequence[KioskAway]) -> tuple[Need, ...]:
    """What somebody should look at: hours that were unusually low, kiosks that are away."""
    low = [
        LowHour(bar.start, bar.hour_of_day, bar.offset_seconds, bar.unusual)
        for bar in bars
        if bar.unusual and bar.unusual.verdict is Verdict.BELOW
    ]
    return (*low, *away)


def same_weekday(day: int, weeks: int) -> tuple[Days, tuple[int, ...]]:
    """The same weekday in the weeks before: the range they lie in, and each of them."""
    dates = tuple(day_after(day, -7 * week) for week in range(weeks, 0, -1))
    return Days(dates[0], dates[-1]), dates


def _until(what: Occasion) -> int:
    """The hour of the day that runs now, so that a morning is compared with mornings."""
    begun = [hour.hour_of_day for hour in what.hours if hour.start <= what.now]
    return max(begun, default=0) if what.live else 23


def _trades(store: Store, hour: Hour) -> bool:
    if store.opens < store.closes:
        return store.opens <= hour.hour_of_day < store.closes
    return hour.hour_of_day >= store.opens or hour.hour_of_day < store.closes  # over midnight


def _bar(
    what: Occasion, hour: Hour, shown: Mapping[int, Tally | None], history: History
) -> HourBar:
    tally = shown[hour.start] if hour.start <= what.now else None
    past = HourState.PAST if hour.end <= what.now else HourState.SO_FAR
    return HourBar(
        start=hour.start,
        hour_of_day=hour.hour_of_day,
        offset_seconds=hour.offset_seconds,
        state=past if hour.start <= what.now else HourState.TO_COME,
        tally=tally,
        index=index(tally),
        usual=usual(history.at(hour.hour_of_day), history.weekday, what.floor),
        unusual=None,
        hidden=hour.start <= what.now and tally is None,
    )


def _mark_unusual(
    bars: Sequence[HourBar], counts: Sequence[ReasonCount], floor: int
) -> tuple[HourBar, ...]:
    found = [compare(bar.tally, bar.usual) for bar in bars]
    corrected = holm([each.difference.p if each else None for each in found])
    marked = []
    for bar, each, p in zip(bars, found, corrected, strict=True):
        said = verdict(each.difference.value, p) if each else Verdict.UNKNOWN
        if p is not None and said in (Verdict.ABOVE, Verdict.BELOW):
            bar = replace(bar, unusual=_unusual(said, p, bar.start, counts, floor))  # noqa: PLW2901
        marked.append(bar)
    return tuple(marked)


def _unusual(
    said: Verdict, p: float, hour: int, counts: Sequence[ReasonCount], floor: int
) -> Unusual:
    """With the reason named most, unless too few named it, or too few named any other."""
    here = _by_reason((row.face, row.reason, row.answers) for row in counts if row.hour == hour)
    n = sum(here.values())
    most = max(sorted(here), key=lambda reason: here[reason], default=None)
    if most is None or here[most] < floor or 0 < n - here[most] < floor:
        return Unusual(said, p, None, None)
    return Unusual(said, p, most, wilson(here[most], n))


def _register(
    point: Point, tally: Tally | None, said: Verdict, groups: tuple[tuple[PointId, ...], ...]
) -> RegisterRow:
    return RegisterRow(
        point=point,
        tally=tally,
        index=index(tally),
        response=response(tally),
        verdict=said,
        letters=letters(groups, point.point_id),
        hidden=tally is None,
    )


def _by_reason(counts: Iterable[tuple[Face, str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for face, reason, answers in counts:
        if face in UNHAPPY:
            sums[reason] = sums.get(reason, 0) + answers
    return sums


def _reason(name: str, hidden: bool, now: tuple[int, int], before: tuple[int, int]) -> ReasonRow:
    share, usually = wilson(*now), wilson(*before)
    if hidden or share is None:
        return ReasonRow(name, None, None, hidden=True)
    change = None if usually is None else share_difference(share, usually)
    return ReasonRow(name, share, change, hidden=False)


def _most_named_first(row: ReasonRow) -> tuple[bool, int, str]:
    return row.hidden, -row.share.part if row.share else 0, row.reason
