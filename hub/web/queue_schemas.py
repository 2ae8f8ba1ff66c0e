"""What the API answers about the queue, as pydantic models.

Without postponed annotations: pydantic reads them as they are.
"""

from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from hub.core.hours import date_of
from hub.core.queue_views import Alerted, DayView, Doubted, LineNow, NowView
from hub.core.waiting.history import Estimated, Rights, Told
from hub.web.schemas import Instant, LocalDate, LocalTime, ShareOut, Zone, in_utc, in_zone

MINUTE_MS = 60_000.0

Minutes = Annotated[float | None, Field(description="minutes; null where nothing is estimated")]
Whole = Annotated[
    int | None, Field(description="whole minutes; 0: less than one; null: nothing was told")
]


class ToldOut(BaseModel):
    """What a line told at an instant, and what that rests on."""

    line_id: str
    at_utc: Instant | None
    at_local: LocalTime | None
    minutes: Whole
    withdrawn: Annotated[
        str | None, Field(description="why nothing was told: wide, stale, closed or long")
    ]
    method: Annotated[str, Field(examples=["queue_length"])]
    because: Annotated[str, Field(examples=["agrees"])]
    p10: Minutes
    p50: Minutes
    p90: Minutes
    waiting: Annotated[float, Field(description="people thought to wait")]
    open: Annotated[float, Field(description="registers thought to be open, on average")]

    @classmethod
    def of(cls, told: Told, zone: ZoneInfo) -> "ToldOut":
        """From what was kept."""
        return cls(
            line_id=told.line_id,
            at_utc=in_utc(told.at),
            at_local=in_zone(told.at, zone),
            minutes=told.minutes,
            withdrawn=told.withdrawn,
            method=told.method,
            because=told.because,
            p10=_minutes(told.low),
            p50=_minutes(told.middle),
            p90=_minutes(told.high),
            waiting=round(told.waiting, 1),
            open=round(told.open, 1),
        )


class LineNowOut(BaseModel):
    """A line now; `told` is null where nothing was ever told."""

    line_id: str
    name: str
    registers: Annotated[list[str], Field(description="points that serve it")]
    quickest: Annotated[bool, Field(description="whether kiosks name it as the quickest")]
    told: ToldOut | None

    @classmethod
    def of(cls, line: LineNow, zone: ZoneInfo) -> "LineNowOut":
        """From the view."""
        return cls(
            line_id=line.line_id,
            name=line.name,
            registers=list(line.registers),
            quickest=line.told is not None and line.told.quickest,
            told=None if line.told is None else ToldOut.of(line.told, zone),
        )


class OpenOut(BaseModel):
    """A stretch in which a register is thought to have been open."""

    point_id: str
    begins_utc: Instant | None
    ends_utc: Annotated[Instant | None, Field(description="of one that is open: as far as known")]


class MeanOut(BaseModel):
    """A mean in minutes with its 95 % interval, null where it cannot be known."""

    value: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, mean: Estimated | None) -> "MeanOut | None":
        """From the mean, if there is one."""
        return None if mean is None else cls(**mean._asdict())


class RightsOut(BaseModel):
    """How right the notices were, of those whose wait could be known; null under five."""

    line_id: Annotated[str | None, Field(description="null: all lines together")]
    days: Annotated[int, Field(description="the last so many local days; 1: the day asked for")]
    known: int
    told: int
    within_minute: ShareOut | None
    too_short: Annotated[ShareOut | None, Field(description="by more than 30 s")]
    over_minutes: Annotated[MeanOut | None, Field(description="told too long, on average")]
    untold: Annotated[ShareOut | None, Field(description="were told nothing")]

    @classmethod
    def of(cls, line: str, days: int, its: Rights) -> "RightsOut":
        """From the figures."""
        return cls(
            line_id=line or None,
            days=days,
            known=its.known,
            told=its.told,
            within_minute=ShareOut.of(its.within),
            too_short=ShareOut.of(its.too_short),
            over_minutes=MeanOut.of(its.over),
            untold=ShareOut.of(its.untold),
        )


class DoubtOut(BaseModel):
    """What is wrong with the data now, by the words of the page about waits."""

    place: Annotated[str, Field(description="a line or a point; “?”: one that is not known")]
    what: Annotated[str, Field(examples=["counter_stuck"])]
    times: int
    at_utc: Instant | None

    @classmethod
    def of(cls, doubt: Doubted) -> "DoubtOut":
        """From what was kept."""
        at = in_utc(doubt.at)
        return cls(place=doubt.place, what=doubt.what, times=doubt.times, at_utc=at)


class AlertOut(BaseModel):
    """A line that was long, or needed registers; without an end it stands."""

    line_id: str
    kind: Annotated[str, Field(examples=["line_long"])]
    begins_utc: Instant | None
    ends_utc: Instant | None
    registers: int

    @classmethod
    def of(cls, alert: Alerted) -> "AlertOut":
        """From what was kept."""
        begins, ends = in_utc(alert.since), in_utc(alert.until)
        return cls(
            line_id=alert.line_id,
            kind=alert.kind,
            begins_utc=begins,
            ends_utc=ends,
            registers=alert.registers,
        )


class QueueOut(BaseModel):
    """The queue of a store: now, over one local day, and how right it was."""

    store_id: str
    zone: Zone
    watched: Annotated[bool, Field(description="false: no word for two minutes, so no *now*")]
    lines: list[LineNowOut]
    doubts: list[DoubtOut]
    date: LocalDate
    day: Annotated[list[ToldOut], Field(description="the last word in each 5 minutes")]
    open: list[OpenOut]
    alerts: list[AlertOut]
    rights: list[RightsOut]

    @classmethod
    def of(cls, now: NowView, day: DayView, doubts: Sequence[Doubted]) -> "QueueOut":
        """From the views."""
        zone = ZoneInfo(now.store.zone)
        return cls(
            store_id=now.store.store_id,
            zone=now.store.zone,
            watched=now.watched,
            lines=[LineNowOut.of(line, zone) for line in now.lines],
            doubts=[DoubtOut.of(one) for one in doubts],
            date=date_of(day.day).isoformat(),
            day=[ToldOut.of(told, zone) for line in day.lines for told in line.slots],
            open=[
                OpenOut(point_id=one.point_id, begins_utc=in_utc(start), ends_utc=in_utc(end))
                for one in day.registers
                for start, end in one.spans
            ],
            alerts=[AlertOut.of(one) for one in day.alerts],
            rights=[
                RightsOut.of(one.line_id, days, its)
                for one in day.rights
                for days, its in ((1, one.day), (28, one.weeks))
            ],
        )


def _minutes(ms: float | None) -> float | None:
    return None if ms is None else round(ms / MINUTE_MS, 2)
