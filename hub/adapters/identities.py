"""Join codes and certificates in the hub's database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update

from hub.adapters import audit
from hub.adapters import tables as t
from hub.adapters.admitting import gone, keep, let_in, standing
from hub.adapters.awaiting import note_refused, note_turned_away
from hub.adapters.database import reading, writing
from hub.adapters.enrolling import check_free, end_identity, find_point, hold
from hub.adapters.gate import Ended
from hub.adapters.histories import note_event
from hub.core.accounts import Note
from hub.core.histories import Kind
from hub.core.identity import (
    Certificate,
    Claim,
    Granted,
    JoinCode,
    Old,
    Sign,
    Why,
    judge,
    judge_renewal,
)
from hub.core.refusals import refused
from shared.joining import certificate_name
from shared.places import KioskId, StoreId

_CODES = t.join_codes.c
_TOLD = frozenset({"revoked", "replaced", "late"})
"""Refused renewals that stand in a kiosk's history; of the others its page tells already."""
_ENDED = _CODES.used_at.is_(None) & _CODES.withdrawn_at.is_(None)


class SqlIdentities:
    """The book in SQLite or PostgreSQL; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ── codes ────────────────────────────────────────────────────────────────────────────────

    def add(self, code: JoinCode, note: Note) -> None:
        """Keep a code; codes of the same kiosk that nobody used end. Raises EnrolmentError where
        there is no such point, or the kiosk is another store's, retired, or a sensor's name."""
        with writing(self._engine) as db:
            check_free(db, code.kiosk_id, code.store_id)
            find_point(db, code.store_id, code.point_id)
            _withdraw(db, code.kiosk_id, code.made_at)
            row = {
                "code": code.code,
                "store_id": code.store_id,
                "point_id": code.point_id,
                "kiosk_id": code.kiosk_id,
                "made_at": code.made_at,
                "made_by": code.made_by,
                "until": code.until,
            }
            db.execute(insert(t.join_codes).values(row))
            audit.append(db, note)

    def withdraw(self, kiosk: KioskId, at: int, note: Note) -> int:
        """End the open codes of a kiosk; returns how many."""
        with writing(self._engine) as db:
            ended = _withdraw(db, kiosk, at)
            if ended:
                audit.append(db, note)
        return ended

    def codes(self, stores: Collection[StoreId] | None = None) -> Sequence[JoinCode]:
        """All codes that are remembered, the newest first."""
        query = select(t.join_codes).order_by(_CODES.made_at.desc(), _CODES.kiosk_id)
        if stores is not None:
            query = query.where(_CODES.store_id.in_(stores))
        with reading(self._engine) as db:
            return [JoinCode(*row) for row in db.execute(query)]

    # ── joining and renewing ─────────────────────────────────────────────────────────────────

    def redeem(self, claim: Claim, at: int, sign: Sign) -> Granted:
        """Use a code: the kiosk takes part, stands at its point and has a certificate, or nothing
        of it happened and JoinRefused is raised."""
        with writing(self._engine) as db:
            code = _code(db, claim.code)
            why = judge(code, claim, at) or gone(db, code, claim)
            if code is not None and why is not None and why.code == "used":
                again = {"again": _CODES.again + 1, "again_at": at}
                db.execute(update(t.join_codes).where(_CODES.code == code.code).values(again))
            if why is not None:
                note_refused(db, code, claim, why.code, at)
            if code is not None and why is None:
                return let_in(db, code, claim, at, sign)
        raise why or refused("unknown")

    def renew(self, old: Old, at: int, latest: int, sign: Sign) -> Granted:
        """Give a kiosk another certificate; raises JoinRefused. `latest` is until when (ms) the
        old one may be renewed."""
        with writing(self._engine) as db:
            found = standing(db, old, at)
            why = judge_renewal(found, late=at >= latest)
            if why is None and old.revoked:
                why = refused("revoked")
            if why is None:
                place = found.place
                assert place is not None  # noqa: S101 - judged
                signed = sign(place)
                keep(db, place, signed, at)
                note_event(db, place.store_id, place.kiosk_id, Kind.RENEWED, "", at)
                return Granted(place, signed)
            store, _, kiosk = old.name.partition("/")
            if why.code in _TOLD:
                note_turned_away(db, StoreId(store), KioskId(kiosk), why.code, at)
        raise why

    # ── certificates ─────────────────────────────────────────────────────────────────────────

    def certificates(self, stores: Collection[StoreId] | None = None) -> Sequence[Certificate]:
        """All that are remembered, by store and kiosk, the newest first."""
        c = t.certificates.c
        query = select(t.certificates).order_by(c.store_id, c.kiosk_id, c.made_at.desc(), c.serial)
        if stores is not None:
            query = query.where(c.store_id.in_(stores))
        with reading(self._engine) as db:
            return [_certificate(row) for row in db.execute(query).mappings()]

    def revoke(self, kiosk: KioskId, why: Why, at: int, note: Note) -> int:
        """End a kiosk's certificates and open codes; returns how many certificates."""
        with writing(self._engine) as db:
            ended = end_identity(db, kiosk, why, at)
            audit.append(db, note)
        return ended

    def hold(self, store: StoreId, kiosk: KioskId, why: str, at: int) -> bool:
        """Take nothing from a kiosk until somebody decides; False where it was held already."""
        with writing(self._engine) as db:
            return hold(db, store, kiosk, why, at)

    def held(self) -> Mapping[KioskId, int]:
        """The kiosks that are held, and since when."""
        with reading(self._engine) as db:
            rows = db.execute(select(t.held_kiosks.c.kiosk_id, t.held_kiosks.c.since))
            return {KioskId(kiosk): since for kiosk, since in rows}

    def release(self, kiosk: KioskId, note: Note) -> bool:
        """Take from it again; False where it was not held."""
        theirs = t.held_kiosks.c.kiosk_id == kiosk
        with writing(self._engine) as db:
            released = bool(db.execute(delete(t.held_kiosks).where(theirs)).rowcount)
            if released:
                audit.append(db, note)
        return released

    def ended(self, at: int) -> Ended:
        """What ended, of what would still be valid at this instant."""
        c = t.certificates.c
        name = (c.store_id, c.kiosk_id)
        gone = select(c.serial, c.revoked_at, *name).where(
            c.revoked_at.is_not(None), c.not_after > at
        )
        living = select(*name).where(c.revoked_at.is_(None), c.not_after > at).distinct()
        with reading(self._engine) as db:
            rows = db.execute(gone).all()
            alive = {tuple(row) for row in db.execute(living)} if rows else set()
        names = {certificate_name(StoreId(row.store_id), KioskId(row.kiosk_id))
                 for row in rows if (row.store_id, row.kiosk_id) not in alive}  # fmt: skip
        return Ended({row.serial: row.revoked_at for row in rows}, names)

    def forget(self, certificates_before: int, codes_before: int) -> int:
        """Forget certificates that nobody can renew any more, and codes of long ago."""
        ended = t.certificates.c.not_after < certificates_before
        with writing(self._engine) as db:
            gone = db.execute(delete(t.certificates).where(ended)).rowcount
            return (
                gone + db.execute(delete(t.join_codes).where(_CODES.until < codes_before)).rowcount
            )


def _withdraw(db: Connection, kiosk: KioskId, at: int) -> int:
    waiting = (_CODES.kiosk_id == kiosk) & _ENDED
    return db.execute(update(t.join_codes).where(waiting).values(withdrawn_at=at)).rowcount


def _code(db: Connection, code: str) -> JoinCode | None:
    row = db.execute(select(t.join_codes).where(_CODES.code == code).with_for_update()).first()
    return None if row is None else JoinCode(*row)


def _certificate(row: RowMapping) -> Certificate:
    why = None if row["why"] is None else Why(row["why"])
    return Certificate(**{str(name): value for name, value in row.items()} | {"why": why})
