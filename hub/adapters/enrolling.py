"""Who takes part and where it stands, within a transaction that somebody else began."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from hub.adapters import tables as t
from hub.adapters.database import inserting
from hub.adapters.histories import note_event
from hub.core.histories import Kind
from hub.core.identity import Why
from shared.errors import EnrolmentError
from shared.places import KioskId, PointId, StoreId, kiosk_id

_PLACES: Final = "See stores and points: “semblante-hub store list”."


def enrol(db: Connection, kiosk: KioskId, store: StoreId, at: int) -> bool:
    """Make it known, and say whether it was not; raises EnrolmentError where it may not be."""
    new = check_free(db, kiosk, store)
    if new:
        row = {"kiosk_id": kiosk, "store_id": store, "enrolled_at": at}
        db.execute(insert(t.kiosks).values(row))
        note_event(db, store, kiosk, Kind.ENROLLED, "", at)
    return new


def check_free(db: Connection, kiosk: KioskId, store: StoreId) -> bool:
    """Whether nobody is called so; raises EnrolmentError where no kiosk of this store may be."""
    kiosk_id(kiosk)
    find_store(db, store)
    if db.scalar(select(t.sensors.c.sensor_id).where(t.sensors.c.sensor_id == kiosk)):
        raise EnrolmentError(f"{kiosk} is a sensor's name", hint="Choose another name.")
    known = db.execute(select(t.kiosks).where(t.kiosks.c.kiosk_id == kiosk)).first()
    if known is not None and (known.store_id != store or known.retired_at is not None):
        raise EnrolmentError(f"{kiosk} is already enrolled in {known.store_id}, or retired")
    return known is None


def retire(db: Connection, kiosk: KioskId, at: int) -> None:
    """Take no more from it, and let it in no more; raises EnrolmentError where it is not there."""
    store = find_kiosk(db, kiosk)
    db.execute(update(t.kiosks).where(t.kiosks.c.kiosk_id == kiosk).values(retired_at=at))
    end_assignment(db, store, kiosk, at)
    end_identity(db, kiosk, Why.RETIRED, at)
    db.execute(delete(t.held_kiosks).where(t.held_kiosks.c.kiosk_id == kiosk))
    note_event(db, store, kiosk, Kind.RETIRED, "", at)


def assign(db: Connection, kiosk: KioskId, point: PointId, since: int) -> None:
    """Say where it stands from now on; raises EnrolmentError where either is unknown."""
    store = find_kiosk(db, kiosk)
    end_assignment(db, store, kiosk, since)
    stand(db, store, kiosk, point, since)


def stand(db: Connection, store: StoreId, kiosk: KioskId, point: PointId, since: int) -> None:
    """Let a kiosk that stands nowhere stand there; raises EnrolmentError for no such point."""
    find_point(db, store, point)
    row = {"store_id": store, "kiosk_id": kiosk, "since": since, "point_id": point}
    db.execute(insert(t.assignments).values(row))
    note_event(db, store, kiosk, Kind.MOVED, point, since)


def stands_at(db: Connection, store: StoreId, kiosk: KioskId) -> PointId | None:
    """Where it stands now."""
    a = t.assignments.c
    here = (a.store_id == store) & (a.kiosk_id == kiosk) & a.until.is_(None)
    return db.scalar(select(a.point_id).where(here))


def find_store(db: Connection, store: StoreId) -> None:
    """Raise EnrolmentError where there is no such store."""
    if db.execute(select(t.stores.c.name).where(t.stores.c.store_id == store)).first() is None:
        raise EnrolmentError(f"there is no store {store!r:.50}", hint=_PLACES)


def find_point(db: Connection, store: StoreId, point: PointId) -> None:
    """Raise EnrolmentError where the store has no such point."""
    here = (t.points.c.store_id == store) & (t.points.c.point_id == point)
    if db.execute(select(t.points.c.point_id).where(here)).first() is None:
        raise EnrolmentError(f"{store} has no point {point!r:.50}", hint=_PLACES)


def find_kiosk(db: Connection, kiosk: KioskId) -> StoreId:
    """The store of a kiosk that takes part; raises EnrolmentError."""
    ours = (t.kiosks.c.kiosk_id == kiosk) & t.kiosks.c.retired_at.is_(None)
    store = db.execute(select(t.kiosks.c.store_id).where(ours)).scalar_one_or_none()
    if store is None:
        raise EnrolmentError(f"there is no kiosk {kiosk!r:.50}")
    return StoreId(store)


def end_assignment(db: Connection, store: StoreId, kiosk: KioskId, at: int) -> None:
    """Close what is open; what began at this very instant or later was never true."""
    a = t.assignments.c
    open_one = (a.store_id == store) & (a.kiosk_id == kiosk) & a.until.is_(None)
    db.execute(delete(t.assignments).where(open_one, a.since >= at))
    db.execute(update(t.assignments).where(open_one).values(until=at))


def hold(db: Connection, store: StoreId, kiosk: KioskId, why: str, at: int) -> bool:
    """Take nothing from a kiosk until somebody decides, if it has a certificate: a password is
    changed at once, and whoever has it knows no more than the other. Whether that is new."""
    c = t.certificates.c
    theirs = (c.store_id == store) & (c.kiosk_id == kiosk) & c.revoked_at.is_(None)
    if db.scalar(select(c.serial).where(theirs).limit(1)) is None:
        return False
    row = {"store_id": store, "kiosk_id": kiosk, "since": at, "why": why}
    held = inserting(db, t.held_kiosks).values(row).on_conflict_do_nothing()
    new = bool(db.execute(held).rowcount)
    if new:
        note_event(db, store, kiosk, Kind.QUARANTINED, why, at)
    return new


def end_identity(db: Connection, kiosk: KioskId, why: Why, at: int) -> int:
    """Revoke its certificates and withdraw its open codes; returns how many certificates."""
    c, j = t.certificates.c, t.join_codes.c
    living = (c.kiosk_id == kiosk) & c.revoked_at.is_(None)
    ended = db.execute(update(t.certificates).where(living).values(revoked_at=at, why=why.value))
    waiting = (j.kiosk_id == kiosk) & j.used_at.is_(None) & j.withdrawn_at.is_(None)
    db.execute(update(t.join_codes).where(waiting).values(withdrawn_at=at))
    if ended.rowcount and why is not Why.RETIRED:
        note_event(db, find_kiosk(db, kiosk), kiosk, Kind.REVOKED, why.value, at)
    return ended.rowcount
