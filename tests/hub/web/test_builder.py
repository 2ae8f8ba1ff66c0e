"""The pages about questionnaires, by the forms that a browser without scripts would send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from html import unescape
from typing import Any

import pytest
from httpx import Client, Response

from hub.core.questionnaires import Folder
from hub.core.roles import Role
from hub.questionnaires import to_yaml
from shared.places import KioskId
from shared.questions import Condition, Kind, Question
from tests.hub.core.test_notation import HOSTILE
from tests.hub.web.building import CENTRO, NORTE, NOW, SECRET, Site
from tests.hub.web.conftest import SignIn, csrf_of, signed_in_browser
from tests.shared.questionnaires import EVERY_KIND

TEXT = {"es": "¿Qué tal?", "en": "How was it?"}
TEXTS = {"text.es": "¿Qué tal?", "text.en": "How was it?"}


@pytest.fixture
def browser(sign_in: SignIn) -> Client:
    return sign_in("administrator")


@pytest.fixture
def folder(site: Site) -> Folder:
    """A draft with every kind of question, of the whole chain."""
    desk = site.parts.questionnaires
    name = f"q{len(desk.folders())}"
    return desk.make(replace(EVERY_KIND, id=name), None, "test")


def now(site: Site, folder: Folder) -> Folder:
    found = site.parts.questionnaires.folder(folder.name)
    assert found is not None
    return found


def post(browser: Client, path: str, **form: Any) -> Response:
    csrf = csrf_of(browser.get("/settings").text)
    return browser.post(path, data={"csrf": csrf, **form})


def edit(browser: Client, site: Site, folder: Folder, path: str = "", **form: Any) -> Response:
    edition = now(site, folder).newest.edition
    return post(browser, f"/questionnaires/{folder.name}{path}", edition=edition, **form)


def question_form(text: str = "x", kind: str = "one", **more: Any) -> dict[str, Any]:
    return {"text.es": text, "text.en": text, "kind": kind, "do": "keep", **more}


# ── making ───────────────────────────────────────────────────────────────────────────────────────


def test_from_a_title_to_a_kiosk_without_a_script(browser: Client, site: Site) -> None:
    form = {"languages": ["es", "en"], "title.es": "Su visita", "title.en": "Your visit"}
    made = post(browser, "/questionnaires", **form)
    assert made.headers["location"] == "/questionnaires/su-visita"
    desk = site.parts.questionnaires
    folder = desk.folder("su-visita")
    assert folder is not None
    added = edit(browser, site, folder, "/questions", kind="faces", **TEXTS)
    assert added.headers["location"] == "/questionnaires/su-visita/questions/que-tal"
    page = browser.get("/questionnaires/su-visita").text
    assert "Nobody could be shown it yet" not in page
    sent = edit(browser, site, folder, "/send", version=1, stores=[CENTRO])
    assert sent.headers["location"] == "/questionnaires/su-visita?done=sent"
    told = site.parts.programmes.settings_of(CENTRO)[KioskId("k-012-01")]
    assert told.questionnaire is not None
    assert told.questionnaire.questions[0].text == {"es": "¿Qué tal?", "en": "How was it?"}
    assert told.serial > 1
    page = browser.get("/questionnaires/su-visita?done=sent").text
    assert "Sent. The kiosks have it within seconds." in page
    assert "on 0 of 6 kiosks" in page
    assert 'name="text.es"' not in page, "what was sent has no form"
    back = post(browser, "/questionnaires/su-visita/recall", stores=[CENTRO])
    assert back.headers["location"].endswith("done=recalled")
    assert site.parts.programmes.settings_of(CENTRO)[KioskId("k-012-01")].questionnaire is None


def test_one_without_title_or_language_is_not_made_and_the_field_says_so(
    browser: Client, site: Site
) -> None:
    before = len(site.parts.questionnaires.folders())
    answer = post(browser, "/questionnaires", languages=["pt", "ar"], **{"title.es": "x"})
    assert answer.status_code == 400
    assert re.search(r'name="title.pt"[^>]* aria-describedby="fault-title-pt"', answer.text)
    assert '<p class="field-fault" id="fault-title-pt">is not written</p>' in answer.text
    ticked = re.findall(r'name="languages" value="(\w+)" checked', answer.text)
    assert ticked == ["pt", "ar"]
    answer = post(browser, "/questionnaires", **{"title.es": "x"})
    assert '<p class="field-fault" id="fault-languages">needs one</p>' in answer.text
    answer = post(browser, "/questionnaires", languages=["ar"], **{"title.ar": "\u0007"})
    assert (answer.status_code, 'id="fault-title-ar"' in answer.text) == (400, True)
    assert len(site.parts.questionnaires.folders()) == before


def test_a_new_one_begins_in_the_languages_of_the_store(browser: Client, site: Site) -> None:
    def spoken(*languages: str) -> None:
        change = partial(replace, languages=languages)
        site.parts.programmes.change(CENTRO, change, NOW)

    browser.get(f"/stores/{CENTRO}/programme")
    spoken("ar", "es", "pt")
    page = browser.get("/questionnaires").text
    spoken("es", "en")
    assert re.findall(r'name="languages" value="(\w+)" checked', page) == ["es", "pt", "ar"]
    assert re.search(r'name="title.ar"[^>]* dir="rtl"', page)
    form = {"languages": ["es", "ar"], "title.es": "Hola", "title.ar": "أهلا"}
    name = post(browser, "/questionnaires", **form).headers["location"].rpartition("/")[2]
    made = site.parts.questionnaires.folder(name)
    assert made is not None
    assert made.newest.questionnaire.title == {"es": "Hola", "ar": "أهلا"}


def test_a_title_that_is_taken_gets_a_number(browser: Client, folder: Folder) -> None:
    for _ in range(2):
        made = post(browser, "/questionnaires", languages=["es"], **{"title.es": folder.name})
        assert re.fullmatch(rf"/questionnaires/{folder.name}-\d", made.headers["location"])


# ── changing ─────────────────────────────────────────────────────────────────────────────────────


def test_what_is_missing_is_told_beside_the_very_field(
    browser: Client, site: Site, folder: Folder
) -> None:
    edit(browser, site, folder, "/questions/mood", **question_form("", "faces", **{"text.es": "a"}))
    page = browser.get(f"/questionnaires/{folder.name}/questions/mood").text
    field = re.search(r'<textarea name="text.en"[^>]*>', page)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    named = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert named is not None
    assert f'id="{named[1]}">is not written</p>' in page
    whole = browser.get(f"/questionnaires/{folder.name}").text
    assert "Question 1 · English" in whole
    assert "1 thing to mend" in whole


def test_choices_are_added_changed_moved_and_taken_away(
    browser: Client, site: Site, folder: Folder
) -> None:
    def ids() -> list[str]:
        return [one.id for one in now(site, folder).newest.questionnaire.questions[3].choices]

    def form(do: str, **more: Any) -> dict[str, Any]:
        names = [
            f"choice.{n}.text.{language}" for n in range(len(ids())) for language in ("es", "en")
        ]
        return question_form(do=do) | dict.fromkeys(names, "word") | more

    path = "/questions/came"
    assert ids() == ["foot", "car", "bus"]
    edit(browser, site, folder, path, **form("add-choice", **{"new.es": "En tren"}))
    assert ids() == ["foot", "car", "bus", "en-tren"]
    edit(browser, site, folder, path, **form("raise-choice.3"))
    assert ids() == ["foot", "car", "en-tren", "bus"]
    edit(browser, site, folder, path, **form("lower-choice.0"))
    assert ids() == ["car", "foot", "en-tren", "bus"]
    edit(browser, site, folder, path, **form("remove-choice.1", **{"choice.3.fixed": "yes"}))
    assert ids() == ["car", "en-tren", "bus"]
    last = now(site, folder).newest.questionnaire.questions[3].choices[2]
    assert (last.fixed, last.text) == (True, {"es": "word", "en": "word"})
    for hostile in ("remove-choice.99", "remove-choice.-1", "raise-choice.x", "remove-choice."):
        edit(browser, site, folder, path, **form(hostile))
    assert ids() == ["car", "en-tren", "bus"]


def test_a_condition_is_a_sentence_with_answers_to_tick(
    browser: Client, site: Site, folder: Folder
) -> None:
    path = "/questions/more"
    edit(browser, site, folder, path, **question_form(kind="text", **{"new-rule": "came"}))
    page = unescape(browser.get(f"/questionnaires/{folder.name}{path}").text)
    assert "Only if “came” is one of" in page.replace("&nbsp;", " ")
    assert 'name="rule.0.among" value="foot" checked' in page
    ticked = question_form(kind="text") | {"rule.0.among": ["car", "bus"]}
    edit(browser, site, folder, path, **ticked, **{"new-rule": "friend"})
    rules = now(site, folder).newest.questionnaire.questions[6].shown_if
    assert [(rule.question, rule.among) for rule in rules] == [
        ("came", ("car", "bus")),
        ("friend", (0,)),
    ]
    none = edit(browser, site, folder, path, **question_form(kind="text"))
    assert (none.status_code, "needs one answer" in none.text) == (400, True)
    away = question_form(kind="text") | {"rule.1.among": ["9", "10"], "rule.0.among": ["car"]}
    edit(browser, site, folder, path, **away | {"do": "remove-rule.0"})
    rules = now(site, folder).newest.questionnaire.questions[6].shown_if
    assert [(rule.question, rule.among) for rule in rules] == [("friend", (9, 10))]


def test_questions_move_and_go(browser: Client, site: Site, folder: Folder) -> None:
    edit(browser, site, folder, "/questions/tidy/move", do="up")
    edit(browser, site, folder, "/questions/mood/move", do="down")
    edit(browser, site, folder, "/questions/order/move", do="remove")
    names = [one.id for one in now(site, folder).newest.questionnaire.questions]
    assert names == ["tidy", "mood", "friend", "came", "bought", "more"]


def test_the_whole_has_days_hours_and_languages(
    browser: Client, site: Site, folder: Folder
) -> None:
    form: dict[str, Any] = {
        "title.es": "Uno",
        "title.en": "One",
        "languages": ["en", "es", "ar", "xx"],
    }
    days = {"first_day": "2026-11-22", "last_day": "2026-11-01", "opens": "9", "closes": "20"}
    edit(browser, site, folder, **form, **days)
    it = now(site, folder).newest.questionnaire
    assert (it.title, it.languages) == ({"es": "Uno", "en": "One"}, ("es", "en", "ar"))
    assert (it.first_day, it.last_day, it.opens, it.closes) == ("2026-11-22", "2026-11-01", 9, 20)
    page = browser.get(f"/questionnaires/{folder.name}").text
    assert "lies before first_day" in page
    assert 'lang="ar" dir="rtl"' in page
    # … and a language that goes and comes back has lost nothing
    for languages in (["es"], ["es", "en"]):
        again: dict[str, Any] = {"title.es": "Dos", "languages": languages}
        edit(browser, site, folder, **again)
    assert now(site, folder).newest.questionnaire.questions == it.questions


def test_nobody_writes_over_what_somebody_else_has_just_changed(
    browser: Client, site: Site, folder: Folder
) -> None:
    edit(browser, site, folder, "/questions/mood", **question_form("first", "faces"))
    path = f"/questionnaires/{folder.name}"
    late = post(browser, f"{path}/questions/mood", edition=1, **question_form("late", "faces"))
    assert (late.status_code, "Somebody else changed it meanwhile" in late.text) == (409, True)
    assert "late" in late.text, "what was typed is not lost"
    whole = post(browser, path, edition=1, **{"title.es": "late", "languages": ["es"]})
    assert whole.status_code == 409
    for act, form in (("drop", {}), ("send", {"version": 1, "stores": [CENTRO]})):
        assert post(browser, f"{path}/{act}", edition=1, **form).status_code == 409
    moved = post(browser, f"{path}/questions/mood/move", edition=1, do="remove")
    assert "done=moved" in moved.headers["location"]
    it = now(site, folder).newest
    assert (it.edition, it.questionnaire.questions[0].text["es"], it.is_draft) == (2, "first", True)


def test_what_was_sent_takes_no_form(browser: Client, site: Site, folder: Folder) -> None:
    edit(browser, site, folder, "/send", version=1, stores=[NORTE])
    for path, form in (
        ("", {"title.es": "x", "languages": ["es"]}),
        ("/questions", {"kind": "text"}),
        ("/questions/mood", question_form("x", "faces")),
        ("/questions/mood/move", {"do": "up"}),
        ("/file", {"yaml": to_yaml(EVERY_KIND)}),
    ):
        assert edit(browser, site, folder, path, **form).status_code == 400
    assert edit(browser, site, folder, "/drop").status_code == 409
    assert edit(browser, site, folder, "/draft").headers["location"].endswith("done=begun")
    assert [one.is_draft for one in now(site, folder).versions] == [False, True]
    assert edit(browser, site, folder, "/drop").status_code == 303
    assert [one.is_draft for one in now(site, folder).versions] == [False]


def test_what_would_make_somebody_known_is_said_before_it_is_sent(
    browser: Client, site: Site
) -> None:
    mood, why = Question("mood", Kind.FACES, TEXT), Question("why", Kind.TEXT, TEXT)
    why = replace(why, shown_if=(Condition("mood", ("sad",)),))
    draft = replace(EVERY_KIND, id="careless", questions=(mood, why))
    folder = site.parts.questionnaires.make(draft, None, "test")
    page = browser.get("/questionnaires/careless").text
    assert "To be thought about first:" in page
    assert "is asked after one face alone" in page
    assert edit(browser, site, folder, "/send", version=1, stores=[CENTRO]).status_code == 303
    edit(browser, site, folder, "/recall", version=1, stores=[CENTRO])


def test_sending_nowhere_says_so(browser: Client, site: Site, folder: Folder) -> None:
    for stores in ([], ["elsewhere"], ["../../etc"]):
        answer = edit(browser, site, folder, "/send", version=1, stores=stores)
        assert "Tick a store first." in answer.text
    assert now(site, folder).sent is None


# ── files ────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_goes_out_and_comes_back(browser: Client, site: Site, folder: Folder) -> None:
    path = f"/questionnaires/{folder.name}"
    taken = browser.get(f"{path}/download")
    assert taken.headers["content-disposition"] == f'attachment; filename="{folder.name}-1.yaml"'
    changed = taken.text.replace("es: Title", "es: Otro")
    csrf = csrf_of(browser.get("/settings").text)
    files = {"file": ("q.yaml", b"\xef\xbb\xbf" + changed.encode(), "application/yaml")}
    data = {"csrf": csrf, "edition": "1", "yaml": "ignored"}
    answer = browser.post(f"{path}/file", data=data, files=files)
    assert answer.headers["location"].endswith("done=kept")
    assert now(site, folder).newest.questionnaire.title["es"] == "Otro"
    files = {"file": ("q.yaml", b"\xff\xfe\x00", "application/yaml")}
    assert (
        browser.post(f"{path}/file", data=data | {"edition": "2"}, files=files).status_code == 400
    )


def test_faults_of_a_text_are_told_with_lines_and_nothing_typed_is_lost(
    browser: Client, site: Site, folder: Folder
) -> None:
    text = to_yaml(now(site, folder).newest.questionnaire).replace("kind: stars", "kind: rating")
    answer = edit(browser, site, folder, "/file", yaml=text)
    assert answer.status_code == 400
    assert re.search(r"line \d+ · <code>questions.tidy.kind</code>", answer.text)
    assert "kind: rating" in answer.text
    other = text.replace("kind: rating", "kind: stars").replace(f"id: {folder.name}", "id: other")
    answer = edit(browser, site, folder, "/file", yaml=other)
    assert (answer.status_code, "must stay" in answer.text) == (400, True)
    made = post(browser, "/questionnaires", yaml=text)
    assert (made.status_code, "kind: rating" in made.text) == (400, True)
    taken = post(browser, "/questionnaires", yaml=text.replace("kind: rating", "kind: stars"))
    assert (taken.status_code, "is taken" in taken.text) == (400, True)


@pytest.mark.parametrize("text", [*HOSTILE.values(), "<script>alert(1)</script>"])
def test_a_hostile_text_is_refused_and_told_without_harm(
    browser: Client, site: Site, folder: Folder, text: str
) -> None:
    sent = text.encode("utf-8", "replace").decode()
    answer = edit(browser, site, folder, "/file", yaml=sent)
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert now(site, folder).newest.edition == 1


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "rating"},
        {"kind": "text", "edition": "x"},
        {"kind": "text", "edition": "-1"},
        {"kind": "text", "edition": "9" * 40},
        {"kind": ["text", "faces"], "edition": "٣"},
        {},
    ],
    ids=str,
)
def test_a_forged_form_is_refused(browser: Client, folder: Folder, form: dict[str, Any]) -> None:
    path = f"/questionnaires/{folder.name}/questions"
    assert post(browser, path, **form).status_code == 400


@pytest.mark.parametrize("text", ["<b>x</b>", "{{ 7 * 7 }}", "%(num)s", "' OR 1=1 --", "\u202eabc"])
def test_a_text_is_shown_as_it_was_typed(
    browser: Client, site: Site, folder: Folder, text: str
) -> None:
    edit(browser, site, folder, "/questions/mood", **question_form(text, "faces"))
    page = browser.get(f"/questionnaires/{folder.name}").text
    assert text in unescape(page)
    assert "<b>x</b>" not in page


# ── who may ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def norte(site: Site) -> Iterator[Client]:
    """The manager of another store."""
    site.parts.accounts.add_user("norte", SECRET, Role.STORE_MANAGER, stores=[NORTE])
    with closing(signed_in_browser(site, "norte")) as browser:
        yield browser


def test_what_a_manager_makes_is_the_stores_own(site: Site, sign_in: SignIn, norte: Client) -> None:
    browser = sign_in("manager")
    made = post(browser, "/questionnaires", languages=["es"], **{"title.es": "Nuestro pan"})
    path = made.headers["location"]
    folder = site.parts.questionnaires.folder("nuestro-pan")
    assert folder is not None
    assert folder.store_id == CENTRO
    assert browser.get(path).status_code == 200
    assert norte.get(path).status_code == 404
    assert "Nuestro pan" not in norte.get("/questionnaires").text
    assert edit(norte, site, folder, "/questions", kind="text").status_code == 404
    assert sign_in("analyst").get(path).status_code == 200
    assert edit(sign_in("analyst"), site, folder, "/questions", kind="text").status_code == 403
    assert sign_in("technician").get(path).status_code == 403


def test_a_manager_sends_the_chains_and_changes_nothing_of_it(
    site: Site, sign_in: SignIn, folder: Folder
) -> None:
    manager = sign_in("manager")
    path = f"/questionnaires/{folder.name}"
    assert edit(manager, site, folder, "/send", version=1, stores=[CENTRO]).status_code == 403
    edit(sign_in("administrator"), site, folder, "/send", version=1, stores=[NORTE])
    assert edit(manager, site, folder, "/draft").status_code == 403
    edit(sign_in("administrator"), site, folder, "/draft")
    assert "Send version 1" in manager.get(path).text
    sent = post(manager, f"{path}/send", edition=1, version=1, stores=[CENTRO, NORTE])
    assert sent.headers["location"].endswith("done=sent")
    shown = {one.store_id: one for one in site.parts.questionnaires.shown()}
    assert shown[CENTRO].name == folder.name
    assert post(manager, f"{path}/recall", stores=[NORTE]).headers["location"].endswith("nowhere")
    assert NORTE in {one.store_id for one in site.parts.questionnaires.shown()}


def test_what_ones_store_shows_one_may_see(site: Site, norte: Client) -> None:
    desk = site.parts.questionnaires
    folder = desk.make(replace(EVERY_KIND, id="of-centro"), CENTRO, "test")
    assert norte.get("/questionnaires/of-centro").status_code == 404
    desk.send(folder, folder.newest, [NORTE], "test")
    assert norte.get("/questionnaires/of-centro").status_code == 200
    assert edit(norte, site, folder, "/draft").status_code == 403


def test_an_older_version_is_looked_at_question_by_question(
    browser: Client, site: Site, folder: Folder
) -> None:
    edit(browser, site, folder, "/send", version=1, stores=[NORTE])
    edit(browser, site, folder, "/draft")
    edit(browser, site, folder, "/questions/mood", **question_form("newer", "faces"))
    whole = browser.get(f"/questionnaires/{folder.name}?version=1").text
    assert f"/questionnaires/{folder.name}/questions/mood?version=1" in whole
    page = browser.get(f"/questionnaires/{folder.name}/questions/mood?version=1").text
    assert "newer" not in page
    assert 'value="keep">Keep' not in page
    assert f"/questionnaires/{folder.name}/questions/friend?version=1" in page
    assert "newer" in browser.get(f"/questionnaires/{folder.name}/questions/mood").text


@pytest.mark.parametrize("path", ["", "/file", "/download", "/questions/mood"])
def test_an_earlier_version_is_there_and_one_that_is_not_is_not(
    browser: Client, folder: Folder, path: str
) -> None:
    url = f"/questionnaires/{folder.name}{path}"
    assert browser.get(f"{url}?version=1").status_code == 200
    if path:
        assert browser.get(f"{url}?version=7").status_code == 404
    assert browser.get("/questionnaires/nobody" + path).status_code == 404
    assert browser.get(f"/questionnaires/{folder.name}/questions/nobody").status_code == 404
