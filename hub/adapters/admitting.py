"""What a join code and a renewal do, within a transaction that somebody else began."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from hub.adapters import audit
from hub.adapters import tables as t
from hub.adapters.enrolling import assign, enrol, stand, stands_at
from hub.adapters.histories import note_event
from hub.adapters.programmes import change_programme
from hub.core.accounts import Note
from hub.core.histories import Kind
from hub.core.hours import DAY_MS
from hub.core.identity import Claim, Granted, JoinCode, Old, Place, Sign, Signed, Standing, Why
from hub.core.refusals import refused
from shared.errors import EnrolmentError, JoinRefused
from shared.notices import KioskSettings
from shared.places import KioskId, PointId, StoreId
from shared.wire import decode


def let_in(db: Connection, code: JoinCode, claim: Claim, at: int, sign: Sign) -> Granted:
    """Everything that a first use of a code does; to be answered again changes nothing."""
    first, replaced = code.used_by is None, False
    if first:
        try:
            replaced = _settle(db, code, at)
        except EnrolmentError as fault:
            raise refused("retired") from fault
    place = _where(db, code.store_id, code.kiosk_id)
    if place is None:
        raise refused("retired")
    signed = sign(place)
    keep(db, place, signed, at)
    if first:
        used = {"used_at": at, "used_by": claim.key}
        db.execute(update(t.join_codes).where(t.join_codes.c.code == code.code).values(used))
        note_event(db, code.store_id, code.kiosk_id, Kind.JOINED, "", at)
        audit.append(db, Note(at, "join code", "kiosk joined", f"{code.store_id}/{code.kiosk_id}"))
    return Granted(place, signed, replaced)


def _settle(db: Connection, code: JoinCode, at: int) -> bool:
    """The kiosk takes part and stands at its point; whether somebody was it before, whom the broker
    may still know: until now, or until it was revoked, and then its very name is shut out."""
    store, kiosk = code.store_id, code.kiosk_id
    if enrol(db, kiosk, store, at):
        stand(db, store, kiosk, code.point_id, at)
        _give_programme(db, store, at, moved=False)
        return False
    before = stands_at(db, store, kiosk)
    if before != code.point_id:
        assign(db, kiosk, code.point_id, at)
    _give_programme(db, store, at, moved=before != code.point_id)
    living = (t.certificates.c.kiosk_id == kiosk) & t.certificates.c.revoked_at.is_(None)
    ended = {"revoked_at": at, "why": Why.REPLACED.value}
    replaced = db.execute(update(t.certificates).where(living).values(ended)).rowcount
    db.execute(delete(t.held_kiosks).where(t.held_kiosks.c.kiosk_id == kiosk))
    # A clone may have come more often: its number must not make this one's word an old one.
    theirs = t.connections.c.kiosk_id == kiosk
    db.execute(update(t.connections).where(theirs).values(connection=0))
    return bool(replaced) or _is_shut_out(db, kiosk, at)


def _is_shut_out(db: Connection, kiosk: KioskId, at: int) -> bool:
    c = t.certificates.c
    ended = (c.kiosk_id == kiosk) & c.revoked_at.is_not(None) & (c.not_after > at)
    return db.scalar(select(c.serial).where(ended).limit(1)) is not None


def _give_programme(db: Connection, store: StoreId, at: int, *, moved: bool) -> None:
    """Where a kiosk moved, a higher serial: it learns the names of its place by that."""
    if moved or _programme(db, store) is None:
        change_programme(db, store, lambda programme: programme, at)


def gone(db: Connection, code: JoinCode | None, claim: Claim) -> JoinRefused | None:
    """Why a device that used the code once is not answered again: it is that kiosk no more."""
    if code is None or code.used_by is None:
        return None
    c = t.certificates.c
    ended = select(c.why).where(c.key == claim.key, c.revoked_at.is_not(None)).limit(1)
    why = db.scalar(ended)
    return None if why is None else refused(Why(why).told)


def standing(db: Connection, old: Old, at: int) -> Standing:
    """What is known of whoever renews; a certificate that was made after a backup is not in the
    book, and as good as its signature."""
    c = t.certificates.c
    store, _, kiosk = old.name.partition("/")
    why = db.scalar(select(c.why).where(c.serial == old.serial, c.revoked_at.is_not(None)))
    lately = select(func.count()).where(
        c.store_id == store, c.kiosk_id == kiosk, c.made_at > at - DAY_MS
    )
    held = select(t.held_kiosks.c.since).where(t.held_kiosks.c.kiosk_id == kiosk)
    place = _where(db, StoreId(store), KioskId(kiosk))
    return Standing(
        place=place,
        held=db.scalar(held) is not None,
        revoked=None if why is None else Why(why),
        lately=db.scalar(lately) or 0,
    )


def _where(db: Connection, store: StoreId, kiosk: KioskId) -> Place | None:
    """Where it stands, if it takes part in that store."""
    row = db.execute(_STANDS, {"store": store, "kiosk": kiosk}).first()
    if row is None:
        return None
    point, store_name, point_name = row
    programme = _programme(db, store)
    languages = () if programme is None else programme.languages
    return Place(store, PointId(point), kiosk, store_name, point_name, languages)


_STANDS = (
    select(t.points.c.point_id, t.stores.c.name, t.points.c.name)
    .join(t.stores, t.stores.c.store_id == t.points.c.store_id)
    .join(
        t.assignments,
        (t.assignments.c.store_id == t.points.c.store_id)
        & (t.assignments.c.point_id == t.points.c.point_id)
        & t.assignments.c.until.is_(None),
    )
    .join(t.kiosks, t.kiosks.c.kiosk_id == t.assignments.c.kiosk_id)
    .where(
        t.kiosks.c.kiosk_id == bindparam("kiosk"),
        t.kiosks.c.store_id == bindparam("store"),
        t.points.c.store_id == bindparam("store"),
        t.kiosks.c.retired_at.is_(None),
    )
)


def _programme(db: Connection, store: StoreId) -> KioskSettings | None:
    c = t.programmes.c
    newest = select(c.body).where(c.store_id == store).order_by(c.serial.desc()).limit(1)
    body = db.scalar(newest)
    return None if body is None else decode(KioskSettings, body.encode())


def keep(db: Connection, place: Place, signed: Signed, at: int) -> None:
    """Write a certificate down."""
    row = {
        "serial": signed.serial,
        "store_id": place.store_id,
        "kiosk_id": place.kiosk_id,
        "key": signed.key,
        "not_before": signed.not_before,
        "not_after": signed.not_after,
        "made_at": at,
    }
    db.execute(insert(t.certificates).values(row))
