"""What the API answers with, as pydantic models: the OpenAPI document is written from these."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from hub.core.fleet import FleetView
from hub.core.hours import date_of
from hub.core.intervals import Share
from hub.core.listing import Row
from hub.core.ports import Point, Store
from hub.core.satisfaction import Index, Tally
from shared.health import PartState

Instant = Annotated[str, Field(description="RFC 3339 in UTC", examples=["2026-11-19T16:00:00Z"])]
LocalTime = Annotated[
    str,
    Field(
        description="the same instant by the store's clocks, with its offset",
        examples=["2026-11-19T17:00:00+01:00"],
    ),
]
LocalDate = Annotated[str, Field(description="a local date", examples=["2026-11-19"])]
Zone = Annotated[str, Field(description="the store's IANA time zone", examples=["Europe/Madrid"])]


class StoreOut(BaseModel):
    """A store."""

    store_id: str
    name: str
    zone: Zone
    opens: Annotated[int, Field(description="local hour of the day")]
    closes: Annotated[int, Field(description="local hour of the day")]
    today: Annotated[LocalDate, Field(description="which local date it is there now")]

    @classmethod
    def of(cls, store: Store, today: int) -> StoreOut:
        """From the store."""
        return cls(
            store_id=store.store_id,
            name=store.name,
            zone=store.zone,
            opens=store.opens,
            closes=store.closes,
            today=date_of(today).isoformat(),
        )


class PointOut(BaseModel):
    """A place in a store where people are asked; a register is the kind with a till."""

    store_id: str
    point_id: str
    name: str
    kind: str
    position: int

    @classmethod
    def of(cls, point: Point) -> PointOut:
        """From the point."""
        names = ("store_id", "point_id", "name", "kind", "position")
        return cls(**{name: getattr(point, name) for name in names})


class IndexOut(BaseModel):
    """The mean face score, 0 to 100, with its 95 % interval and the answers it rests on."""

    value: float
    low: float
    high: float
    n: int

    @classmethod
    def of(cls, index: Index | None) -> IndexOut | None:
        """From the index, if there is one."""
        if index is None:
            return None
        return cls(value=index.value, low=index.low, high=index.high, n=index.n)


class ShareOut(BaseModel):
    """`part` of `whole`, as a number from 0 to 1 with its 95 % interval (Wilson)."""

    part: int
    whole: int
    value: float
    low: float
    high: float

    @classmethod
    def of(cls, share: Share | None) -> ShareOut | None:
        """From the share, if there is one."""
        if share is None:
            return None
        names = ("part", "whole", "value", "low", "high")
        return cls(**{name: getattr(share, name) for name in names})


class CountsOut(BaseModel):
    """Exact counts: sales, what was touched, and what came of the other askings."""

    sales: int
    sad: int
    neutral: int
    happy: int
    skipped: int
    timed_out: int
    blocked: int
    suspect: Annotated[int, Field(description="answers set aside: in no other count here")]
    answered: int
    asked: int

    @classmethod
    def of(cls, tally: Tally | None) -> CountsOut | None:
        """From the tally, if it is shown."""
        if tally is None:
            return None
        return cls(**{name: getattr(tally, name) for name in cls.model_fields})


class TallyOut(BaseModel):
    """One row. `counts` and `index` are null where they are hidden (under the floor, or a cell
    that would give one under the floor away), `index` also where nobody answered."""

    store_id: str
    zone: Zone
    point_id: Annotated[str | None, Field(description="null where all points are together")]
    begins_utc: Instant | None
    begins_local: LocalTime | None
    ends_utc: Instant | None
    ends_local: LocalTime | None
    date: Annotated[LocalDate | None, Field(description="null where a row spans several dates")]
    hour_of_day: Annotated[int | None, Field(description="0 to 23, by the store's clocks")]
    hidden: bool
    counts: CountsOut | None
    index: IndexOut | None
    response: Annotated[ShareOut | None, Field(description="answered of sales")]

    @classmethod
    def of(cls, row: Row) -> TallyOut:
        """From the row."""
        zone = ZoneInfo(row.store.zone)
        return cls(
            store_id=row.store.store_id,
            zone=row.store.zone,
            point_id=row.point_id,
            begins_utc=in_utc(row.start),
            begins_local=in_zone(row.start, zone),
            ends_utc=in_utc(row.end),
            ends_local=in_zone(row.end, zone),
            date=None if row.day is None else date_of(row.day).isoformat(),
            hour_of_day=row.hour_of_day,
            hidden=row.hidden,
            counts=CountsOut.of(row.tally),
            index=IndexOut.of(row.index),
            response=ShareOut.of(row.response),
        )


class DeviceOut(BaseModel):
    """How a kiosk's device is, by its own last word; null where it cannot be measured there."""

    said_utc: Instant | None
    model: str
    temperature: Annotated[int | None, Field(description="°C")]
    low_power: bool | None
    card_full: Annotated[int | None, Field(description="percent")]
    card_worn: Annotated[int | None, Field(description="percent, by its own estimate")]
    card_writable: bool | None
    durable: Annotated[bool | None, Field(description="whether it survives a power cut")]
    memory_free: Annotated[int | None, Field(description="MB")]
    up: Annotated[int | None, Field(description="seconds since the machine started")]
    certificate_until_utc: Instant | None
    trial: Annotated[str | None, Field(description="the version that has to prove itself")]
    till: PartState
    buttons: PartState
    screen: PartState
    sound: PartState

    @classmethod
    def of(cls, view: FleetView) -> DeviceOut | None:
        """From the fleet's view, if it told anything."""
        health = view.health
        if health is None:
            return None
        names = set(cls.model_fields) - {"said_utc", "certificate_until_utc"}
        return cls(
            said_utc=in_utc(view.health_at),
            certificate_until_utc=in_utc(health.certificate_until),
            **{name: getattr(health, name) for name in names},
        )


class KioskOut(BaseModel):
    """A kiosk by its own last word; null where it never spoke."""

    store_id: str
    kiosk_id: str
    point_id: str | None
    presence: Annotated[str | None, Field(description="online or offline")]
    last_seen_utc: Instant | None
    last_seen_local: LocalTime | None
    zone: Zone
    version: str | None
    unsent: Annotated[int | None, Field(description="records that it still held then")]
    alarms: list[str]
    silent_sales: Annotated[
        int | None, Field(description="sales since anybody touched it, where that is a trouble")
    ]
    silent_since_utc: Instant | None
    synced: Annotated[bool | None, Field(description="whether its clock is set")]
    ailments: Annotated[list[str], Field(description="what of its device needs somebody")]
    device: DeviceOut | None

    @classmethod
    def of(cls, view: FleetView, zone: str) -> KioskOut:
        """From the fleet's view of it."""
        return cls(
            store_id=view.store_id,
            kiosk_id=view.kiosk_id,
            point_id=view.point_id,
            presence=view.presence,
            last_seen_utc=in_utc(view.last_seen),
            last_seen_local=in_zone(view.last_seen, ZoneInfo(zone)),
            zone=zone,
            version=view.version,
            unsent=view.unsent,
            alarms=list(view.alarms),
            silent_sales=None if view.silence is None else view.silence.sales,
            silent_since_utc=None if view.silence is None else in_utc(view.silence.since),
            synced=view.synced,
            ailments=[one.code.value for one in view.ailments],
            device=DeviceOut.of(view),
        )


class LedgerOut(BaseModel):
    """What became of a kiosk's records: “`missing` of `held`”."""

    store_id: str
    kiosk_id: str
    held: Annotated[int, Field(description="settled at the hub: received, missing or refused")]
    received: Annotated[int, Field(description="stored at the hub")]
    missing: Annotated[int, Field(description="proved to be lost for ever")]
    lost: Annotated[int, Field(description="the same number, by the protocol's word")]
    refused: Annotated[int, Field(description="in quarantine at the hub")]
    unsent: Annotated[int | None, Field(description="still on the kiosk when it last spoke")]

    @classmethod
    def of(cls, view: FleetView) -> LedgerOut:
        """From the fleet's view of it."""
        return cls(
            store_id=view.store_id,
            kiosk_id=view.kiosk_id,
            held=view.held,
            received=view.received,
            missing=view.lost,
            lost=view.lost,
            refused=view.refused,
            unsent=view.unsent,
        )


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str | None = None
    hint: str | None = None


def in_utc(instant: int | None) -> str | None:
    """RFC 3339 with Z."""
    if instant is None:
        return None
    return datetime.fromtimestamp(instant / 1000, UTC).isoformat().replace("+00:00", "Z")


def in_zone(instant: int | None, zone: ZoneInfo) -> str | None:
    """RFC 3339 with the local offset."""
    return None if instant is None else datetime.fromtimestamp(instant / 1000, zone).isoformat()
