"""A questionnaire tried at the desk as on a phone: the same pages and rules; nothing is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import urlencode

import pytest
from httpx import Client, Response
from sqlalchemy import Engine, func, select

from hub.adapters.database import reading
from hub.adapters.tables import metadata
from shared.questions import Condition, Kind, Questionnaire
from tests.hub.web.building import Site
from tests.hub.web.conftest import SignIn
from tests.shared.questionnaires import EVERY_KIND, question, questionnaire

RULED = replace(
    questionnaire(
        replace(question("came", Kind.ONE, "foot", "car"), required=True),
        question("parking", Kind.STARS, shown_if=(Condition("came", ("car",)),)),
        replace(question("more", Kind.TEXT), required=True),
    ),
    id="ruled",
    title={"es": "Su visita", "en": "Your visit"},
    thanks={"es": "Mil gracias", "en": "A thousand thanks"},
)

FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Tried:
    """Somebody at the desk, who sends each page's own form."""

    def __init__(self, browser: Client, name: str) -> None:
        self._browser, self._path, self.text = browser, f"/questionnaires/{name}/phone", ""

    def ask(self, *fields: tuple[str, str]) -> Response:
        answer = self._browser.get(f"{self._path}?{urlencode(fields)}")
        self.text = unescape(answer.text)
        return answer

    def send(self, *answers: str, action: str = "next") -> str:
        """What a browser would send for the form of this page."""
        assert f'<form method="get" action="{self._path}">' in self.text
        given = [("answer", one) for one in answers]
        fields = [(name, unescape(value)) for name, value in FIELD.findall(self.text)]
        assert self.ask(*fields, *given, ("action", action)).status_code == 200
        return self.text


@pytest.fixture(scope="module")
def asked(site: Site) -> list[Questionnaire]:
    """Every kind, rules, and a draft of which nothing is written."""
    desk = site.parts.questionnaires
    empty = replace(EVERY_KIND, id="empty", title={}, languages=(), questions=())
    made = [replace(EVERY_KIND, id="every"), RULED, empty]
    return [desk.make(one, None, "test").newest.questionnaire for one in made]


@pytest.fixture
def browser(sign_in: SignIn, asked: list[Questionnaire]) -> Client:
    return sign_in("analyst")


def rows(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with reading(engine) as db:
        counts = {t.name: select(func.count()).select_from(t) for t in metadata.sorted_tables}
        return {name: db.execute(count).scalar_one() for name, count in counts.items()}


def test_every_kind_is_walked_through_and_nothing_is_kept(site: Site, browser: Client) -> None:
    before = rows(site.engine)
    phone = Tried(browser, "every")
    phone.ask(("language", "es"))
    assert "Empezar" in phone.text
    assert "Pregunta 1 de 7" in phone.send(action="begin")
    assert "Pregunta 2 de 7" in phone.send("happy")
    assert "Pregunta 3 de 7" in phone.send("0")
    assert "Pregunta 4 de 7" in phone.send("5")
    assert "Pregunta 5 de 7" in phone.send("bus")
    assert "Pregunta 6 de 7" in phone.send("bread", "fish")
    assert "Pregunta 7 de 7" in phone.send("price:2", "range:1", "service:3")
    assert 'value="range:1" selected' in phone.send("Muy bien", action="back")
    phone.send("price:2", "range:1", "service:3")
    assert ">Muy bien</textarea>" in phone.text
    phone.send("Muy bien")
    assert "¡Gracias!" in phone.text
    assert "No se ha guardado nada" in phone.text
    assert rows(site.engine) == before
    assert "set-cookie" not in phone.ask().headers


def test_rules_are_followed_and_what_must_be_answered_is_asked_again(browser: Client) -> None:
    phone = Tried(browser, "ruled")
    phone.ask(("language", "en"), ("action", "begin"))
    assert "Question 1 of 2" in phone.text
    assert 'role="alert"' in phone.send()
    assert 'role="alert"' in phone.send("balloon")
    assert "Question 2 of 3" in phone.send("car")
    assert 'value="car" checked' in phone.send(action="back")
    assert "Question 2 of 2" in phone.send("foot")
    assert "too long" in phone.send("x" * 1_001)
    assert "A thousand thanks" in phone.send("ok")


def test_whoever_stops_is_told_that_nothing_was_kept(browser: Client) -> None:
    phone = Tried(browser, "ruled")
    phone.ask(("language", "en"), ("action", "begin"))
    page = phone.send("car", action="leave")
    assert "Nothing was kept" in page
    assert "A thousand thanks" not in page


def test_a_question_is_shown_by_itself_whatever_its_conditions(browser: Client) -> None:
    phone = Tried(browser, "ruled")
    phone.ask(("language", "en"), ("at", "parking"))
    assert "Question 2 of 3" in phone.text
    assert "Question 2 of 2" in phone.send("4")  # the one after it, as things stand


def test_a_draft_of_which_nothing_is_written_is_shown_too(browser: Client) -> None:
    phone = Tried(browser, "empty")
    assert phone.ask().status_code == 200
    assert phone.ask(("at", "nothing")).status_code == 200
    assert phone.ask(("action", "begin")).status_code == 200
    assert phone.ask(("question", "mood"), ("answer", "sad")).status_code == 200


def test_it_says_that_it_is_not_real_unless_the_page_around_it_does(browser: Client) -> None:
    phone = Tried(browser, "every")
    phone.ask(("language", "en"))
    assert "Only to look at" in phone.text
    phone.ask(("language", "en"), ("framed", "yes"))
    assert "Only to look at" not in phone.text
    assert ("framed", "yes") in FIELD.findall(phone.text)


def test_our_own_pages_alone_may_frame_it_and_it_runs_no_script(browser: Client) -> None:
    headers = Tried(browser, "every").ask().headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "script-src 'none'" in policy
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "<script" not in Tried(browser, "every").ask().text
    others = browser.get("/questionnaires/every").headers
    assert "frame-ancestors 'none'" in others["content-security-policy"]
    assert others["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "fields",
    [
        [("given.mood", '"><script>alert(1)</script>')],
        [("given.mood", "sad"), ("given.mood", "happy"), ("given.tidy", "9" * 60)],
        [("given.order", "range:1"), ("given.bought", "x"), ("given.nobody", "x")],
        [("given.bought", "bread")] * 500,
        [("question", "more"), ("answer", "<img src=x onerror=alert(1)>" * 500)],
        [("question", "mood"), ("answer", "sad"), ("answer", "happy")],
        [("question", "mood"), ("action", "back")],
        [("question", "nobody"), ("answer", "x")],
        [("at", "'><b>"), ("language", "xx"), ("version", "999999999999")],
        [("question", "x" * 65)],
        [("answer", "x")] * 61,
        [("framed", "perhaps")],
        [("version", "one")],
    ],
)
def test_no_address_does_harm(browser: Client, fields: list[tuple[str, str]]) -> None:
    answer = Tried(browser, "every").ask(*fields)
    assert answer.status_code in {200, 400, 404}
    for harm in ("<script>", "<img", "'><b>"):
        assert harm not in answer.text


def test_a_form_that_is_sent_there_is_refused(browser: Client) -> None:
    assert browser.post("/questionnaires/every/phone", data={"answer": "sad"}).status_code == 405


@pytest.fixture
def pages(browser: Client) -> list[str]:
    paths = ("/questionnaires/every", "/questionnaires/every/questions/tidy")
    return [unescape(browser.get(path).text) for path in paths]


def test_the_builder_frames_it_and_says_where_the_kiosk_cannot_be_drawn(pages: list[str]) -> None:
    for page, at in zip(pages, ("mood", "tidy"), strict=True):
        assert "No picture of the kiosk can be drawn here" in page
        source = f"/questionnaires/every/phone?version=1&language=en&framed=yes&at={at}"
        assert f'<iframe class="handset" src="{source}"' in page
        assert 'sandbox="allow-forms allow-same-origin"' in page
