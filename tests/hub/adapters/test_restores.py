from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, insert, select

from hub.adapters.archive import SqlArchive
from hub.adapters.contents import read_contents
from hub.adapters.database import reading, writing
from hub.adapters.fleet import SqlFleet
from hub.adapters.programmes import SqlProgrammes
from hub.adapters.questionnaires import SqlQuestionnaires
from hub.adapters.readings import SqlFigures
from hub.adapters.restores import SqlRestores, note_restore
from hub.adapters.tables import hub, ledgers, losses, sessions, users
from hub.core.fleet import KioskKey, LastWord
from hub.core.ports import Store
from hub.core.responses import PRODUCER
from hub.core.restoring import Contents, Restored, Story
from hub.questionnaires import Questionnaires
from shared.notices import Presence, Status
from shared.places import KioskId, StoreId
from tests.shared.questionnaires import EVERY_KIND

STORE = StoreId("centro")
EPOCH = "ab" * 8


def ledger(engine: Engine, name: str, held: int) -> None:
    SqlArchive(engine).enrol_kiosk(KioskId(name), STORE, 1)
    row = {"store_id": STORE, "kiosk_id": name, "epoch": EPOCH, "ledger": int(name[2:]),
           "held": held, "chain": b"\0" * 16, "first_at": 1, "last_at": 77}  # fmt: skip
    with writing(engine) as db:
        db.execute(insert(ledgers).values(row))


def said(engine: Engine, name: str, again: int, at: int) -> None:
    status = Status(EPOCH, 1, Presence.ONLINE, "1", at, again=again)
    SqlFleet(engine).remember({KioskKey(STORE, KioskId(name)): LastWord(status, at)})


def contents(engine: Engine) -> Contents:
    with reading(engine) as db:
        return read_contents(db)


@pytest.fixture(autouse=True)
def _store(engine: Engine) -> None:
    SqlArchive(engine).add_store(Store(STORE, "Centro", "UTC"), 1)


def test_where_nothing_was_restored_there_is_nothing_to_tell(engine: Engine) -> None:
    assert SqlRestores(engine).story() is None


def test_it_tells_what_came_again_what_is_missing_and_what_may_come(engine: Engine) -> None:
    ledger(engine, "k-1", 100)
    ledger(engine, "k-2", 40)
    now = contents(engine)
    with writing(engine) as db:
        note_restore(db, Restored(now, None), 9, at=500)
        before = db.execute(select(hub.c.generation)).scalar_one()
    restores = SqlRestores(engine)
    assert restores.story() == Story(500, 77, came=0, missing=0, awaited=0, unheard=2)
    said(engine, "k-1", again=160, at=600)
    said(engine, "k-2", again=0, at=600)
    assert restores.story() == Story(500, 77, came=0, missing=0, awaited=60, unheard=0)
    with writing(engine) as db:
        db.execute(ledgers.update().where(ledgers.c.kiosk_id == "k-1").values(held=170, lost=20))
        gap = {"store_id": STORE, "ledger": 1, "first": 101, "last": 120, "found_at": 1}
        db.execute(insert(losses).values(gap))
    assert restores.story() == Story(500, 77, came=40, missing=20, awaited=0, unheard=0)
    assert before == 9


def test_what_the_database_of_before_knew_counts_where_the_kiosk_says_nothing(
    engine: Engine,
) -> None:
    ledger(engine, "k-1", 100)
    backup = contents(engine)
    with writing(engine) as db:
        db.execute(ledgers.update().values(held=130))
    ledger(engine, "k-2", 5)
    present = contents(engine)
    with writing(engine) as db:
        db.execute(ledgers.delete().where(ledgers.c.kiosk_id == "k-2"))
        db.execute(ledgers.update().values(held=100))
        note_restore(db, Restored(backup, present), 9, at=500)
    story = SqlRestores(engine).story()
    assert story is not None
    assert story.awaited == 35


def test_whoever_was_signed_in_is_so_no_more(engine: Engine) -> None:
    with writing(engine) as db:
        db.execute(insert(users).values(user_id=1, name="ana", password="", role="x", made_at=1))
        row = {"token": "t", "user_id": 1, "csrf": "c", "made_at": 1, "seen_at": 1}
        db.execute(insert(sessions).values(row))
    now = contents(engine)
    with writing(engine) as db:
        note_restore(db, Restored(now, None), 2, at=500)
        assert db.execute(select(sessions)).all() == []


def test_the_newest_restore_is_told(engine: Engine) -> None:
    now = contents(engine)
    with writing(engine) as db:
        note_restore(db, Restored(now, None), 2, at=500)
        note_restore(db, Restored(now, None), 3, at=400)
    story = SqlRestores(engine).story()
    assert story is not None
    assert story.at == 400


def test_the_figures_know_when_it_was(engine: Engine) -> None:
    assert SqlFigures(engine).restored_at() == 0
    now = contents(engine)
    for generation, at in ((2, 500), (3, 900)):
        with writing(engine) as db:
            note_restore(db, Restored(now, None), generation, at=at)
    assert SqlFigures(engine).restored_at() == 900


def test_kiosks_are_told_anew_and_no_number_of_a_version_comes_twice(engine: Engine) -> None:
    programmes = SqlProgrammes(engine)
    desk = Questionnaires(SqlQuestionnaires(engine), programmes, lambda: 50)
    folder = desk.make(EVERY_KIND, None, "ana")
    desk.send(folder, folder.newest, [STORE], "ana")
    begun = desk.make(replace(EVERY_KIND, id="begun"), None, "ana")
    before = programmes.programme(STORE)
    with writing(engine) as db:
        note_restore(db, Restored(read_contents(db), None), 3_600, at=7_000)
    after = programmes.programme(STORE)
    assert before is not None
    assert after == replace(before, serial=7_000)
    sent, draft = desk.folder("q"), desk.folder("begun")
    assert sent is not None
    assert draft is not None
    assert sent.newest.questionnaire.version == 1
    assert draft.newest == replace(
        begun.newest, questionnaire=replace(begun.newest.questionnaire, version=3_600)
    )
    assert desk.begin(sent, "ana").questionnaire.version == 3_600
    assert (
        desk.make(replace(EVERY_KIND, id="new"), None, "ana").newest.questionnaire.version == 3_600
    )


def test_what_came_from_phones_after_the_backup_is_missing_and_never_awaited(
    engine: Engine,
) -> None:
    row = {"store_id": STORE, "kiosk_id": PRODUCER, "epoch": EPOCH, "ledger": 1, "held": 7,
           "chain": b"\0" * 16, "first_at": 1, "last_at": 77}  # fmt: skip
    with writing(engine) as db:
        db.execute(insert(ledgers).values(row))
    before = contents(engine)
    with writing(engine) as db:
        db.execute(ledgers.update().values(held=4))
    backup = contents(engine)
    with writing(engine) as db:
        note_restore(db, Restored(backup, before), 9, at=500)
    expected = Story(500, 77, came=0, missing=3, awaited=0, unheard=0)
    assert SqlRestores(engine).story() == expected
