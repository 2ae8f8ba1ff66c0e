"""Questionnaires in the database, on both: versions, editions, what was sent, who shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine, event, select

from hub.adapters import tables
from hub.adapters.archive import SqlArchive
from hub.adapters.fleet import SqlFleet
from hub.adapters.programmes import SqlProgrammes
from hub.adapters.questionnaires import SqlQuestionnaires
from hub.core.fleet import KioskKey, LastWord
from hub.core.ports import Point, Store
from hub.core.questionnaires import Folder, Version
from hub.questionnaires import Questionnaires
from shared.errors import EditedMeanwhile, NoSuchStore, QuestionnaireRefused
from shared.notices import Presence, Status
from shared.places import KioskId, PointId, StoreId
from tests.shared.questionnaires import EVERY_KIND, both

CENTRO, NORTE = StoreId("centro"), StoreId("norte")
KIOSK = KioskId("k-1")
NOW = 1_800_000_000_000


@pytest.fixture
def book(engine: Engine) -> SqlQuestionnaires:
    archive = SqlArchive(engine)
    for store in (CENTRO, NORTE):
        archive.add_store(Store(store, store.title(), "Europe/Madrid"), 1)
    archive.add_point(Point(CENTRO, PointId("caja-1"), "Caja 1"))
    archive.enrol_kiosk(KIOSK, CENTRO, 1)
    archive.assign(KIOSK, PointId("caja-1"), 1)
    return SqlQuestionnaires(engine)


@pytest.fixture
def programmes(engine: Engine) -> SqlProgrammes:
    return SqlProgrammes(engine)


@pytest.fixture
def desk(book: SqlQuestionnaires, programmes: SqlProgrammes) -> Questionnaires:
    return Questionnaires(book, programmes, lambda: NOW)


@pytest.fixture
def folder(desk: Questionnaires) -> Folder:
    return desk.make(EVERY_KIND, None, "ana")


def again(desk: Questionnaires, name: str = "q") -> Folder:
    found = desk.folder(name)
    assert found is not None
    return found


def send(desk: Questionnaires, folder: Folder, stores: list[StoreId], by: str) -> Version:
    return desk.send(folder, folder.newest, stores, by)


def test_what_is_made_is_there_and_its_name_is_taken(desk: Questionnaires, folder: Folder) -> None:
    assert again(desk) == folder == desk.folders()[0]
    assert folder.draft is not None
    assert folder.sent is None
    with pytest.raises(QuestionnaireRefused, match="id: “q” is taken"):
        desk.make(EVERY_KIND, CENTRO, "eva")
    assert again(desk).store_id is None


def test_a_draft_changes_and_nobody_writes_over_anothers_change(
    desk: Questionnaires, folder: Folder
) -> None:
    changed = desk.change(folder, replace(EVERY_KIND, title=both("New")), 1, "ana")
    assert (changed.edition, changed.questionnaire.version) == (2, 1)
    assert again(desk).newest == changed
    for edition in (1, 2):
        with pytest.raises(EditedMeanwhile):
            desk.change(folder, EVERY_KIND, edition, "eva")
    assert again(desk).newest == changed


def test_what_was_sent_never_changes_and_a_change_makes_the_next_version(
    desk: Questionnaires, folder: Folder, book: SqlQuestionnaires
) -> None:
    sent = send(desk, folder, [CENTRO], "ana")
    assert (sent.sent_at, sent.is_draft) == (NOW, False)
    later = desk.change(again(desk), replace(EVERY_KIND, title=both("New")), 1, "ana")
    assert (later.questionnaire.version, later.edition) == (2, 1)
    assert book.version("q", 1) == EVERY_KIND
    assert [one.is_draft for one in again(desk).versions] == [False, True]
    # … and the page of somebody who still looks at version 1 changes neither of the two
    with pytest.raises(EditedMeanwhile):
        desk.change(folder, replace(EVERY_KIND, title=both("Late")), 1, "eva")
    with pytest.raises(EditedMeanwhile):
        desk.drop(folder, "eva")


def test_a_dropped_draft_is_gone_and_what_was_sent_stays(
    desk: Questionnaires, folder: Folder
) -> None:
    send(desk, folder, [CENTRO], "ana")
    desk.begin(again(desk), "ana")
    assert desk.begin(again(desk), "ana").questionnaire.version == 2, "one draft at most"
    desk.drop(again(desk), "ana")
    assert [one.questionnaire.version for one in again(desk).versions] == [1]
    with pytest.raises(EditedMeanwhile):
        desk.drop(again(desk), "ana")


def test_a_questionnaire_that_was_never_sent_goes_with_its_draft(
    desk: Questionnaires, folder: Folder
) -> None:
    desk.drop(folder, "ana")
    assert desk.folder("q") is None
    assert desk.make(EVERY_KIND, CENTRO, "ana").store_id == CENTRO


def test_a_store_that_was_sent_one_tells_its_kiosks_with_a_higher_serial(
    desk: Questionnaires, folder: Folder, programmes: SqlProgrammes
) -> None:
    before = programmes.change(CENTRO, lambda programme: programme, NOW)
    send(desk, folder, [CENTRO], "ana")
    told = programmes.settings_of(CENTRO)[KIOSK]
    assert told.questionnaire == EVERY_KIND
    assert told.serial > before
    assert (told.keeping.zone, told.keeping.opens, told.keeping.closes) == ("Europe/Madrid", 9, 21)
    assert programmes.settings_of(NORTE) == {}
    desk.take_back(folder, [CENTRO], "ana")
    after = programmes.settings_of(CENTRO)[KIOSK]
    assert after.questionnaire is None
    assert after.serial > told.serial


def test_taking_one_back_leaves_another_one_alone(
    desk: Questionnaires, folder: Folder, programmes: SqlProgrammes
) -> None:
    other = desk.make(replace(EVERY_KIND, id="other"), None, "ana")
    send(desk, other, [CENTRO], "ana")
    desk.take_back(folder, [CENTRO], "ana")
    asked = programmes.settings_of(CENTRO)[KIOSK].questionnaire
    assert asked is not None
    assert asked.id == "other"


def test_who_shows_it_and_which_kiosks_have_it(
    desk: Questionnaires, folder: Folder, engine: Engine, programmes: SqlProgrammes
) -> None:
    assert desk.shown() == []
    send(desk, folder, [CENTRO, NORTE], "ana")
    centro, norte = desk.shown()
    assert (centro.store_id, centro.name, centro.version, centro.since) == (CENTRO, "q", 1, NOW)
    assert (centro.having, centro.lacking) == (frozenset(), frozenset({KIOSK}))
    assert (norte.having, norte.lacking) == (frozenset(), frozenset())
    status = Status("0" * 16, 1, Presence.ONLINE, "1", NOW, settings_serial=NOW)
    SqlFleet(engine).remember({KioskKey(CENTRO, KIOSK): LastWord(status, NOW)})
    assert desk.shown([CENTRO])[0].having == {KIOSK}
    programmes.change(CENTRO, lambda programme: programme, NOW)
    assert desk.shown([CENTRO])[0].having == {KIOSK}, "another name of the store changes nothing"
    assert desk.shown([]) == []


def test_what_was_read_once_is_read_anew_only_where_it_changed(
    desk: Questionnaires, folder: Folder, book: SqlQuestionnaires
) -> None:
    assert book.version("q", 1) is book.version("q", 1) is again(desk).newest.questionnaire
    desk.change(folder, replace(EVERY_KIND, title=both("New")), 1, "ana")
    changed = book.version("q", 1)
    assert changed is not None
    assert changed.title == both("New")


def test_where_it_is_shown_takes_as_many_queries_for_many_stores_as_for_one(
    desk: Questionnaires, folder: Folder, engine: Engine
) -> None:
    def queries() -> int:
        asked: list[str] = []

        def note(_db: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        desk.shown()
        event.remove(engine, "before_cursor_execute", note)
        return len([one for one in asked if "SELECT" in one])

    send(desk, folder, [CENTRO], "ana")
    of_one = queries()
    send(desk, again(desk), [CENTRO, NORTE], "ana")
    assert len(desk.shown()) == 2
    assert queries() == of_one


def test_nothing_is_sent_that_nobody_could_be_shown(
    desk: Questionnaires, folder: Folder, programmes: SqlProgrammes
) -> None:
    desk.change(folder, replace(EVERY_KIND, title={"es": "Sólo español"}), 1, "ana")
    with pytest.raises(QuestionnaireRefused, match=r"title\.en: is not written"):
        send(desk, again(desk), [CENTRO], "ana")
    assert again(desk).sent is None
    assert programmes.programme(CENTRO) is None


def test_what_is_over_everywhere_is_sent_nowhere(
    book: SqlQuestionnaires, programmes: SqlProgrammes
) -> None:
    def desk(at: str) -> Questionnaires:
        moment = datetime.fromisoformat(at).timestamp()
        return Questionnaires(book, programmes, lambda: int(moment * 1_000))

    last = replace(EVERY_KIND, last_day="2026-12-24")
    made = desk("2026-12-25T11:59Z").make(last, None, "ana")
    with pytest.raises(QuestionnaireRefused, match="last_day: is over already"):
        send(desk("2026-12-25T12:00Z"), made, [CENTRO], "ana")
    assert send(desk("2026-12-25T11:59Z"), made, [CENTRO], "ana").sent_at is not None


def test_what_is_sent_is_what_the_sender_looked_at(desk: Questionnaires, folder: Folder) -> None:
    desk.change(folder, replace(EVERY_KIND, title=both("New")), 1, "eva")
    with pytest.raises(EditedMeanwhile):
        send(desk, folder, [CENTRO], "ana")
    assert again(desk).sent is None


def test_one_store_that_is_not_there_and_nothing_is_sent(
    desk: Questionnaires, folder: Folder, programmes: SqlProgrammes
) -> None:
    with pytest.raises(NoSuchStore):
        send(desk, folder, [CENTRO, StoreId("zzz")], "ana")
    assert again(desk).sent is None
    assert programmes.programme(CENTRO) is None


def test_a_version_can_be_sent_to_further_stores(
    desk: Questionnaires, folder: Folder, programmes: SqlProgrammes
) -> None:
    send(desk, folder, [CENTRO], "ana")
    later = Questionnaires(SqlQuestionnaires(programmes._engine), programmes, lambda: NOW + 1)
    assert send(later, again(desk), [NORTE], "eva").sent_at == NOW
    assert [one.store_id for one in desk.shown()] == [CENTRO, NORTE]


def test_every_change_stands_in_the_audit_log(
    desk: Questionnaires, folder: Folder, engine: Engine
) -> None:
    desk.change(folder, EVERY_KIND, 1, "ana")
    send(desk, again(desk), [CENTRO], "eva")
    desk.begin(again(desk), "ana")
    desk.drop(again(desk), "ana")
    desk.take_back(again(desk), [CENTRO], "ana")
    with engine.connect() as db:
        c = tables.audit.c
        rows = db.execute(select(c.user, c.action, c.target, c.detail).order_by(c.entry)).all()
    assert [tuple(row) for row in rows] == [
        ("ana", "questionnaire made", "q", "of all stores"),
        ("ana", "questionnaire changed", "q 1", ""),
        ("eva", "questionnaire sent", "q 1", "to centro"),
        ("ana", "questionnaire version begun", "q 2", ""),
        ("ana", "questionnaire draft dropped", "q 2", ""),
        ("ana", "questionnaire taken back", "q", "from centro"),
    ]


@pytest.mark.parametrize("number", [0, -1, 2, 2**31, 10**30])
def test_a_version_that_nobody_made_is_not_there(
    book: SqlQuestionnaires, folder: Folder, number: int
) -> None:
    assert book.version("q", number) is None
    assert book.folder("nobody") is None
    assert set(book.known()) == {("q", 1)}
