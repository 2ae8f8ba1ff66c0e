"""Who is awaited as a kiosk, in the hub's database; refusals stand in each kiosk's history."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Engine, select

from hub.adapters import tables as t
from hub.adapters.database import reading
from hub.adapters.histories import note_event
from hub.core.awaiting import QUIET_MS, SHOWN_MS, Awaited, Refusal, awaited_of
from hub.core.histories import Kind
from hub.core.identity import Claim, JoinCode
from shared.places import KioskId, StoreId

_C, _E = t.join_codes.c, t.kiosk_events.c


def note_refused(db: Connection, code: JoinCode | None, claim: Claim, why: str, at: int) -> None:
    """A device came with a join code and was refused: told of the code's kiosk, and of the one
    that the device says it is, where there is such a one. What a stranger says makes no other."""
    told = set() if code is None else {(code.store_id, code.kiosk_id)}
    said = StoreId(claim.store_id or ""), KioskId(claim.kiosk_id or "")
    if said not in told and _is_known(db, *said):
        told.add(said)
    for store, kiosk in told:
        note_turned_away(db, store, kiosk, why, at)


def note_turned_away(db: Connection, store: StoreId, kiosk: KioskId, why: str, at: int) -> None:
    """A line in its history; for the same reason once an hour."""
    ours = (_E.store_id == store) & (_E.kiosk_id == kiosk) & (_E.at > at - QUIET_MS)
    lately = select(_E.at).where(ours, _E.kind == Kind.TURNED_AWAY.value, _E.detail == why)
    if db.scalar(lately.limit(1)) is None:
        note_event(db, store, kiosk, Kind.TURNED_AWAY, why, at)


def awaited(engine: Engine, stores: Collection[StoreId] | None, now: int) -> tuple[Awaited, ...]:
    """Which points (of these stores) should have a kiosk, and have none that was let in."""
    codes = select(t.join_codes).order_by(_C.made_at.desc(), _C.kiosk_id)
    # (Only of kiosks with codes, which are forgotten after a while: histories are long.)
    of_codes = select(_C.store_id, _C.kiosk_id).distinct().subquery()
    same = (_E.store_id == of_codes.c.store_id) & (_E.kiosk_id == of_codes.c.kiosk_id)
    turned = (
        select(_E.store_id, _E.kiosk_id, _E.at, _E.detail)
        .select_from(of_codes.join(t.kiosk_events, same))
        .where(_E.at > now - SHOWN_MS, _E.kind == Kind.TURNED_AWAY.value)
    )
    if stores is not None:
        codes = codes.where(_C.store_id.in_(stores))
        turned = turned.where(_E.store_id.in_(stores))
    with reading(engine) as db:
        known = [JoinCode(*row) for row in db.execute(codes)]
        return awaited_of(known, [Refusal(*row) for row in db.execute(turned)], now)


def _is_known(db: Connection, store: StoreId, kiosk: KioskId) -> bool:
    code = select(_C.code).where(_C.store_id == store, _C.kiosk_id == kiosk)
    k = t.kiosks.c
    enrolled = select(k.kiosk_id).where(k.store_id == store, k.kiosk_id == kiosk)
    return any(db.scalar(one.limit(1)) is not None for one in (code, enrolled))
