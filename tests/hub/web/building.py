"""A whole site for tests: a real database with places, kiosks and users; figures as asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from argon2 import PasswordHasher
from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine, insert

from hub.accounts import Accounts
from hub.adapters.accounts import SqlAccountBook
from hub.adapters.archive import SqlArchive
from hub.adapters.fleet import SqlFleet
from hub.adapters.layouts import SqlLayouts
from hub.adapters.names import mask_by_list
from hub.adapters.passwords import ArgonPasswords
from hub.adapters.pictures import DrawnPictures
from hub.adapters.programmes import SqlProgrammes
from hub.adapters.questionnaires import SqlQuestionnaires
from hub.adapters.queue_readings import SqlQueueBook
from hub.adapters.suspects import SqlSuspects
from hub.adapters.tables import ledgers
from hub.adapters.tellings import SqlTellings
from hub.adapters.troubles import SqlTroubles
from hub.core.fleet import KioskKey, LastWord
from hub.core.pictures import Pictures
from hub.core.ports import Point, Store
from hub.core.roles import Role
from hub.questionnaires import Questionnaires
from hub.reports import Reports
from hub.telling import Telling
from hub.web.assets import Assets
from hub.web.live import Live
from hub.web.parts import Parts
from hub.web.phoning import PhonePages
from hub.web.renderer import Renderer
from hub.web.site import build_site
from hub.web.wording import load_words
from hub.wiring.joining import scores_of, whatifs_of
from shared.notices import Presence, Status
from shared.places import KioskId, PointId, StoreId
from shared.programme import default_programme
from tests.fakes.reports import MIDNIGHT

NOW = MIDNIGHT + 19 * 3_600_000 + 25 * 60_000  # 19:25 on the day of the design
SECRET = "correct horse battery"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

CENTRO, NORTE, PUERTO = StoreId("centro-012"), StoreId("norte-007"), StoreId("puerto-003")
STORES = (
    Store(CENTRO, "Centro · 012", "Europe/Madrid"),
    Store(NORTE, "Norte · 007", "Europe/Madrid"),
    Store(PUERTO, "Puerto · 003", "Atlantic/Canary"),
)

USERS = (
    ("administrator", Role.ADMINISTRATOR, ()),
    ("analyst", Role.ANALYST, ()),
    ("manager", Role.STORE_MANAGER, (CENTRO,)),
    ("technician", Role.TECHNICIAN, (CENTRO,)),
)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, ms: int = NOW) -> None:
        self.ms = ms

    def __call__(self) -> int:
        return self.ms


@dataclass(frozen=True, slots=True)
class Site:
    """The application with the parts that a test wants to reach."""

    app: FastAPI
    parts: Parts
    engine: Engine


def make_places(engine: Engine, now: int) -> None:
    """Three stores, six registers and an entrance in the first, a kiosk at each register."""
    archive, fleet, programmes = SqlArchive(engine), SqlFleet(engine), SqlProgrammes(engine)
    for store in STORES:
        archive.add_store(store, 0)
        programmes.add_programme(store.store_id, default_programme(1), 0)
    for number in range(1, 7):
        point = Point(CENTRO, PointId(f"caja-{number}"), f"Caja {number}", "register", number)
        archive.add_point(point)
        kiosk = KioskId(f"k-012-{number:02d}")
        archive.enrol_kiosk(kiosk, CENTRO, 0)
        archive.assign(kiosk, point.point_id, 0)
    archive.add_point(Point(CENTRO, PointId("entrada"), "Entrada", "entrance", 7))
    fleet.remember(
        {KioskKey(CENTRO, KioskId(f"k-012-{n:02d}")): _word(n, now) for n in range(1, 6)}
    )
    _keep_ledgers(engine, now)
    archive.add_point(Point(NORTE, PointId("caja-1"), "Caja 1", "register", 1))
    archive.enrol_kiosk(KioskId("k-007-01"), NORTE, 0)
    archive.assign(KioskId("k-007-01"), PointId("caja-1"), 0)


def _keep_ledgers(engine: Engine, now: int) -> None:
    """What the hub holds of each kiosk: thousands of records, of which one lost three."""
    rows = [
        {
            "store_id": CENTRO,
            "kiosk_id": f"k-012-{number:02d}",
            "epoch": f"{number:016x}",
            "ledger": number,
            "held": 41_207 - 1_711 * number,
            "chain": bytes(16),
            "lost": 3 if number == 4 else 0,
            "refused": 2 if number == 2 else 0,
            "first_at": 0,
            "last_at": _seen_at(number, now),
        }
        for number in range(1, 6)
    ]
    with engine.begin() as db:
        db.execute(insert(ledgers), rows)


def _word(number: int, now: int) -> LastWord:
    away = number == 5
    status = Status(
        epoch=f"{number:016x}",
        connection=1,
        presence=Presence.OFFLINE if away else Presence.ONLINE,
        version="0.1.0",
        at=now,
        held_from=100,
        held_to=130 if away else 99,
        synced=number != 2,
    )
    return LastWord(status, _seen_at(number, now))


def _seen_at(number: int, now: int) -> int:
    return now - (660_000 if number == 5 else 4_000 * number)


def make_users(accounts: Accounts) -> None:
    """One user of each role; store manager and technician look after the first store alone."""
    for name, role, stores in USERS:
        accounts.add_user(name, SECRET, role, stores=stores)


def accounts_of(engine: Engine, now: Callable[[], int]) -> Accounts:
    """Users and the audit log in this database, with passwords that are quickly hashed."""
    return Accounts(SqlAccountBook(engine), ArgonPasswords(CHEAP), now)


def desk_of(engine: Engine, now: Callable[[], int]) -> Questionnaires:
    """The questionnaires in this database."""
    return Questionnaires(SqlQuestionnaires(engine), SqlProgrammes(engine), now)


def make_site(
    engine: Engine,
    reports: Reports,
    now: Callable[[], int],
    *,
    routers: Iterable[APIRouter] = (),
    public_url: str = "http://testserver",
    pictures: Pictures | None = None,
) -> Site:
    """The site on this database; places and users must be there."""
    programmes, assets = SqlProgrammes(engine), Assets()
    parts = Parts(
        accounts=accounts_of(engine, now),
        places=SqlArchive(engine),
        fleet=SqlFleet(engine),
        troubles=SqlTroubles(engine),
        programmes=programmes,
        pictures=pictures or DrawnPictures(()),
        questionnaires=desk_of(engine, now),
        mask=mask_by_list(),
        suspects=SqlSuspects(engine),
        layouts=SqlLayouts(engine),
        queues=SqlQueueBook(engine),
        typing=Telling(SqlTellings(engine), now),
        scores=scores_of(engine),
        whatifs=whatifs_of(engine),
        reports=reports,
        live=Live(),
        renderer=Renderer(load_words(), assets),
        phones=PhonePages(assets),
        now=now,
        public_url=public_url,
    )
    return Site(build_site(parts, routers), parts, engine)
