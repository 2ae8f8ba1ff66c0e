"""Questionnaires and their versions in the hub's database."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    delete,
    insert,
    select,
    update,
)

from hub.adapters import audit
from hub.adapters.database import inserting, reading, writing
from hub.adapters.programmes import change_programme, newest_serials, stands_now
from hub.adapters.tables import (
    assignments,
    hub,
    kiosks,
    programmes,
    questionnaire_versions,
    statuses,
)
from hub.adapters.tables import questionnaires as folders
from hub.core.accounts import Note
from hub.core.defining import fields_of, read
from hub.core.programme import Change
from hub.core.questionnaires import Folder, Shown, Version, next_version
from shared.notices import Status
from shared.places import KioskId, StoreId
from shared.questions import Questionnaire
from shared.wire import decode

versions = questionnaire_versions

KEPT = 64
"""Definitions that stay read: each step on a phone needs one, and to read it takes about 5 ms."""

Reader = Callable[[str, int], Questionnaire]


class SqlQuestionnaires:
    """The questionnaires in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._read: Reader = lru_cache(KEPT)(_read)

    def folders(self) -> Sequence[Folder]:
        """All questionnaires, by name."""
        with reading(self._engine) as db:
            return list(_folders(db.execute(_rows()), self._read))

    def folder(self, name: str) -> Folder | None:
        """One of them."""
        with reading(self._engine) as db:
            rows = db.execute(_rows().where(folders.c.questionnaire_id == name))
            return next(_folders(rows, self._read), None)

    def version(self, name: str, number: int) -> Questionnaire | None:
        """One version, whether sent or not."""
        if not 0 < number < 2**31:
            return None
        with reading(self._engine) as db:
            body = db.execute(select(versions.c.body).where(_of(name, number))).scalar()
        return None if body is None else self._read(body, number)

    def known(self) -> Collection[tuple[str, int]]:
        """Name and number of every version there is."""
        c = versions.c
        with reading(self._engine) as db:
            rows = db.execute(select(c.questionnaire_id, c.version))
            return frozenset((name, number) for name, number in rows)

    def generation(self) -> int:
        """How often this hub was made or restored."""
        with reading(self._engine) as db:
            return int(db.execute(select(hub.c.generation)).scalar_one())

    def add(self, folder: Folder, note: Note) -> bool:
        """Keep a new one; False where the name is taken."""
        row = {
            "questionnaire_id": folder.name,
            "store_id": folder.store_id,
            "made_at": note.at,
            "made_by": note.user,
        }
        into = inserting(self._engine, folders).values(row).on_conflict_do_nothing()
        with writing(self._engine) as db:
            if db.execute(into.returning(folders.c.made_at)).scalar() is None:
                return False
            for version in folder.versions:
                db.execute(insert(versions).values(_row(folder.name, version)))
            audit.append(db, note)
        return True

    def begin(self, name: str, version: Version, note: Note) -> bool:
        """Keep a further version as a draft; False where it is there already."""
        row = _row(name, version)
        into = inserting(self._engine, versions).values(row).on_conflict_do_nothing()
        with writing(self._engine) as db:
            if db.execute(into.returning(versions.c.version)).scalar() is None:
                return False
            audit.append(db, note)
        return True

    def keep(self, name: str, version: Version, note: Note) -> bool:
        """Keep a draft's next edition; False where that is not what would follow."""
        with writing(self._engine) as db:
            return _keep(db, name, version, version.edition - 1, note)

    def drop(self, name: str, number: int, note: Note) -> bool:
        """Forget a draft, and with the only version the questionnaire; False where none is."""
        with writing(self._engine) as db:
            draft = _of(name, number) & versions.c.sent_at.is_(None)
            if not db.execute(delete(versions).where(draft)).rowcount:
                return False
            left = select(versions.c.version).where(versions.c.questionnaire_id == name)
            if db.execute(left).first() is None:
                db.execute(delete(folders).where(folders.c.questionnaire_id == name))
            audit.append(db, note)
        return True

    def send(
        self, name: str, version: Version, programmes: Mapping[StoreId, Change], note: Note
    ) -> bool:
        """Seal this edition, and let these programmes change; False where it moved on."""
        with writing(self._engine) as db:
            if not _keep(db, name, version, version.edition, note):
                return False
            for store_id in sorted(programmes):  # always in this order: two never wait in a ring
                change_programme(db, store_id, programmes[store_id], note.at)
        return True

    def shown(self, stores: Collection[StoreId] | None = None) -> Sequence[Shown]:
        """What these stores show (None: all); a store without a questionnaire is left out."""
        with reading(self._engine) as db:
            rows = db.execute(_showing(stores)).all()
            serials = _kiosk_serials(db, {StoreId(row.store_id) for row in rows})
        by_store = groupby(rows, lambda row: StoreId(row.store_id))
        return [_shown(store, list(held), serials.get(store, {})) for store, held in by_store]


def renumber_drafts(db: Connection, generation: int) -> None:
    """After a restore: a draft may have been sent since the backup, so it takes another number."""
    query = select(versions.c.questionnaire_id, versions.c.version)
    for name, number in db.execute(query.where(versions.c.sent_at.is_(None))).all():
        another = next_version(number, generation)
        db.execute(update(versions).where(_of(name, number)).values(version=another))


def _keep(db: Connection, name: str, version: Version, before: int, note: Note) -> bool:
    """Write a version over its own draft of that edition; what was sent stays as it is.

    To send what was sent already is to send it to further stores: nothing of it changes.
    """
    here = _of(name, version.questionnaire.version) & (versions.c.edition == before)
    if version.sent_at is not None and version.edition == before:
        sealed = select(versions.c.version).where(here & versions.c.sent_at.is_not(None))
        if db.execute(sealed).first() is not None:
            audit.append(db, note)
            return True
    draft = here & versions.c.sent_at.is_(None)
    if not db.execute(update(versions).where(draft).values(_row(name, version))).rowcount:
        return False
    audit.append(db, note)
    return True


def _row(name: str, it: Version) -> dict[str, Any]:
    return {
        "questionnaire_id": name,
        "version": it.questionnaire.version,
        "body": json.dumps(fields_of(it.questionnaire), ensure_ascii=False),
        "edition": it.edition,
        "changed_at": it.changed_at,
        "changed_by": it.changed_by,
        "sent_at": it.sent_at,
    }


def _read(body: str, number: int) -> Questionnaire:
    return read(json.loads(body), number)


def _of(name: str, number: int) -> ColumnElement[bool]:
    return (versions.c.questionnaire_id == name) & (versions.c.version == number)


def _rows() -> Select[Any]:
    joined = folders.join(versions, versions.c.questionnaire_id == folders.c.questionnaire_id)
    query = select(folders.c.store_id, versions).select_from(joined)
    return query.order_by(versions.c.questionnaire_id, versions.c.version)


def _folders(rows: Iterable[Row[Any]], reader: Reader) -> Iterator[Folder]:
    for name, group in groupby(rows, lambda row: str(row.questionnaire_id)):
        found = list(group)
        place = found[0].store_id
        yield Folder(name, place and StoreId(place), tuple(_version(row, reader) for row in found))


def _version(row: Row[Any], reader: Reader) -> Version:
    asked = reader(row.body, row.version)
    return Version(asked, row.edition, row.changed_at, row.changed_by, row.sent_at)


def _showing(stores: Collection[StoreId] | None) -> Select[Any]:
    """Every programme with what its store shows now, whenever it was made; by store and serial."""
    newest = newest_serials().subquery()
    now, c = programmes.alias("now"), programmes.c
    same = (now.c.store_id == c.store_id) & (now.c.questionnaire == c.questionnaire)
    query = (
        select(c.store_id, c.serial, c.made_at, c.questionnaire, c.questionnaire_version)
        .join(now, same & (now.c.questionnaire_version == c.questionnaire_version))
        .join(newest, (newest.c.store_id == now.c.store_id) & (newest.c.serial == now.c.serial))
        .order_by(c.store_id, c.serial)
    )
    return query if stores is None else query.where(c.store_id.in_(list(stores)))


def _kiosk_serials(
    db: Connection, stores: Collection[StoreId]
) -> dict[StoreId, dict[KioskId, int]]:
    """Which settings each kiosk that stands somewhere says it has; 0 where it never spoke."""
    same = (statuses.c.store_id == kiosks.c.store_id) & (statuses.c.kiosk_id == kiosks.c.kiosk_id)
    query = (
        select(kiosks.c.store_id, kiosks.c.kiosk_id, statuses.c.body)
        .join(assignments, stands_now())
        .outerjoin(statuses, same)
        .where(kiosks.c.retired_at.is_(None), kiosks.c.store_id.in_(list(stores)))
    )
    found: dict[StoreId, dict[KioskId, int]] = {}
    for store, kiosk, body in db.execute(query):
        serial = 0 if body is None else decode(Status, body.encode()).settings_serial
        found.setdefault(StoreId(store), {})[KioskId(kiosk)] = serial
    return found


def _shown(store: StoreId, held: Sequence[Row[Any]], serials: Mapping[KioskId, int]) -> Shown:
    """`held` are the programmes with it; whoever has the serial of one has it, too."""
    with_it = {row.serial for row in held}
    having = frozenset(kiosk for kiosk, serial in serials.items() if serial in with_it)
    return Shown(
        store,
        held[0].questionnaire,
        held[0].questionnaire_version,
        min(row.made_at for row in held),
        having,
        frozenset(serials) - having,
    )
