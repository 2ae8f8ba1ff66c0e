"""Devices with something to tell: well, hot, full, weak, silent, on trial; and what happened."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine, insert

from hub.adapters.ailments import SqlAilments
from hub.adapters.database import writing
from hub.adapters.fleet import SqlFleet
from hub.adapters.histories import note_event, note_events
from hub.adapters.tables import assignments, diagnoses, join_codes, kiosks, points, stores
from hub.core.ailing import Ailment, Sick
from hub.core.fleet import HeardHealth, KioskKey, LastWord
from hub.core.histories import Happening, Kind
from hub.core.hours import DAY_MS
from shared.health import Health, PartState
from shared.notices import Presence, Status
from shared.places import KioskId, StoreId

DAYS = 86_400


def well(now: int) -> Health:
    """A device of which nobody needs to know."""
    return Health(
        at=now,
        version="0.1.0",
        model="Raspberry Pi 5 Model B Rev 1.0",
        temperature=54,
        low_power=False,
        card_full=31,
        card_writable=True,
        durable=True,
        memory_free=1_412,
        up=11 * DAYS,
        certificate_until=now + 21 * DAY_MS + 5_000,
        till=PartState.WELL,
        buttons=PartState.WELL,
        sound=PartState.WELL,
    )


def keep_file(engine: Engine, store: StoreId, kiosk: str, command: str, at: int = 0) -> None:
    """A diagnostic file that a kiosk sent because of this command."""
    row = {"store_id": store, "kiosk_id": kiosk, "command": command, "made_at": at}
    with writing(engine) as db:
        db.execute(insert(diagnoses).values(**row, body='{"version": "0.1.0"}'))


def seed_devices(engine: Engine, store: StoreId, now: int) -> None:
    """Six of the first store: k-012-01 to k-012-06, of which the last never spoke."""
    fine = well(now)
    healths = [
        fine,
        replace(fine, temperature=83, till=PartState.SILENT),
        replace(fine, card_full=93, card_worn=80, buttons=PartState.FAULT),
        replace(fine, low_power=True, certificate_until=now + 3 * DAY_MS, trial="0.2.0"),
        replace(fine, card_writable=False, buttons=PartState.ABSENT, temperature=None),
    ]
    who = [KioskKey(store, KioskId(f"k-012-{number:02d}")) for number in range(1, 6)]
    fleet = SqlFleet(engine)
    fleet.keep_health(
        {one: HeardHealth(health, now - 60_000) for one, health in zip(who, healths, strict=True)}
    )
    SqlAilments(engine).keep(
        {
            who[1]: ((), (Sick(Ailment.HOT, now - 1_800_000, now - 1_200_000),)),
            who[2]: ((), (_told(Ailment.CARD_FULL, now), _told(Ailment.CARD_WORN, now))),
            who[3]: ((), (_told(Ailment.POWER, now), _told(Ailment.CERTIFICATE, now))),
            who[4]: ((), (_told(Ailment.AWAY, now), _told(Ailment.CARD_LOCKED, now))),
        },
        now - 1_200_000,
    )
    with writing(engine) as db:
        note_events(
            db,
            {
                who[3]: [
                    Happening(now - 40 * DAY_MS, Kind.ENROLLED),
                    Happening(now - 40 * DAY_MS + 600_000, Kind.JOINED),
                    Happening(now - 40 * DAY_MS + 620_000, Kind.CAME),
                    Happening(now - 40 * DAY_MS + 620_000, Kind.VERSION, "0.1.0"),
                    Happening(now - 12 * DAY_MS, Kind.RENEWED),
                    Happening(now - 3 * DAY_MS, Kind.WENT),
                    Happening(now - 3 * DAY_MS + 240_000, Kind.CAME),
                    Happening(now - DAY_MS, Kind.COMMAND, "restart · technician"),
                    Happening(now - DAY_MS + 4_000, Kind.ANSWERED, "restart: done"),
                ]
            },
        )


def _told(code: Ailment, now: int) -> Sick:
    return Sick(code, now - 3_600_000, now - 3_600_000)


def seed_awaited(engine: Engine, store: StoreId, now: int) -> None:
    """Three points that should have a kiosk: one open code, one ended, one device turned away."""
    points = {"k-new": "caja-1", "k-late": "caja-2", "k-012-06": "caja-6"}
    until = {"k-new": now + DAY_MS, "k-late": now - 1, "k-012-06": now + DAY_MS}
    with writing(engine) as db:
        for kiosk, point in points.items():
            place = {"store_id": store, "point_id": point, "kiosk_id": kiosk}
            made = {"made_at": until[kiosk] - DAY_MS, "made_by": "ana", "until": until[kiosk]}
            db.execute(insert(join_codes).values(code=kiosk, **place, **made))
        note_event(db, store, KioskId("k-012-06"), Kind.TURNED_AWAY, "expired", now)


def seed_many(engine: Engine, now: int, many: int = 50, each: int = 20) -> None:
    """So many stores of so many kiosks, in one transaction; all are online and well."""
    words: dict[KioskKey, LastWord] = {}
    status = Status("ab" * 8, 1, Presence.ONLINE, "0.1.0", now)
    with writing(engine) as db:
        for number in range(many):
            store = StoreId(f"wide-{number:02d}")
            row = {"store_id": store, "name": f"Wide {number}", "zone": "Europe/Madrid"}
            db.execute(insert(stores).values(**row, made_at=now))
            for place in range(each):
                kiosk, point = KioskId(f"w-{number:02d}-{place:02d}"), f"caja-{place}"
                key = {"store_id": store, "kiosk_id": kiosk}
                at = {"store_id": store, "point_id": point, "name": point}
                db.execute(insert(points).values(at))
                db.execute(insert(kiosks).values(**key, enrolled_at=now))
                db.execute(insert(assignments).values(**key, point_id=point, since=now))
                words[KioskKey(store, kiosk)] = LastWord(status, now)
    fleet = SqlFleet(engine)
    fleet.remember(words)
    fleet.keep_health({who: HeardHealth(well(now), now) for who in words})
