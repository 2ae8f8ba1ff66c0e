"""The questionnaire on a phone, by plain HTTP: every kind of question, every way, and bad input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape

import pytest
from httpx import Client
from httpx import Response as Answer
from sqlalchemy import Engine, select

from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading
from hub.adapters.tables import records
from hub.adapters.walks import SqlWalks
from hub.responses import Responses
from hub.web.assets import Assets
from hub.web.pages.phone import phone_router, read_answer
from hub.web.phoning import PhonePages
from shared.errors import ArchiveError
from shared.links import MINUTE_MS, Link, key_of, token
from shared.places import KioskId, PointId
from shared.questionnaires import LONGEST_TEXT, Response
from shared.questions import Condition, Kind
from shared.wire import decode_record
from tests.fakes.reports import HandmadeReports
from tests.fakes.walks import HandedOver
from tests.hub.web.building import CENTRO, NOW, STORES, Clock, Site, make_site
from tests.parts.web import listening, serving
from tests.shared.questionnaires import EVERY_KIND, question, questionnaire

SECRET, KIOSK = bytes(32), KioskId("k-012-01")
RULED = replace(
    questionnaire(
        replace(question("came", Kind.ONE, "foot", "car"), required=True),
        question("parking", Kind.STARS, shown_if=(Condition("came", ("car",)),)),
        replace(question("more", Kind.TEXT), required=True),
    ),
    version=2,
    languages=("es", "ar"),
    title={"es": "Su visita", "ar": "زيارتك"},
    thanks={"es": "Mil gracias"},
)


@dataclass
class Phone:
    """A browser on a phone, with a link."""

    browser: Client
    path: str

    def go(self, at: str = "", status: int = 200) -> str:
        return self._text(self.browser.get(self.path + (f"?at={at}" if at else "")), status)

    def post(self, status: int = 200, **form: object) -> str:
        return self._text(self.browser.post(self.path, data=form), status)

    def _text(self, answer: Answer, status: int) -> str:
        assert answer.status_code == status, answer.text
        return unescape(answer.text)


@pytest.fixture(scope="module")
def site(engine: Engine, clock: Clock) -> Iterator[Site]:
    phones = Responses(
        SqlArchive(engine),
        SqlWalks(engine),
        HandedOver(EVERY_KIND, RULED),
        lambda kiosk: key_of(SECRET, kiosk),
        clock,
    )
    router = phone_router(phones, PhonePages(Assets()))
    with listening() as (listener, url):
        site = make_site(engine, HandmadeReports(STORES), clock, routers=[router], public_url=url)
        with serving(site.app, site.parts.live, listener):
            yield site


NONCES = iter(range(10_000))


@pytest.fixture
def phone(site: Site) -> Iterator[Phone]:
    with opened(site, 1) as found:
        yield found


class opened:  # noqa: N801 - reads as a block
    """A phone that has opened a fresh link to that version."""

    def __init__(
        self, site: Site, version: int, language: str = "es", kiosk: KioskId = KIOSK
    ) -> None:
        made = Link(
            kiosk,
            PointId("caja-1"),
            "q",
            version,
            NOW // MINUTE_MS,
            next(NONCES).to_bytes(6, "big"),
        )
        url = site.parts.public_url
        headers = {"origin": url, "accept-language": language}
        browser = Client(base_url=url, headers=headers, follow_redirects=True)
        self._phone = Phone(browser, f"/q/{token(made, key_of(SECRET, kiosk))}")

    def __enter__(self) -> Phone:
        self._phone.go()
        return self._phone

    def __exit__(self, *_: object) -> None:
        self._phone.browser.close()


def last_response(engine: Engine) -> Response:
    with reading(engine) as db:
        order = records.c.ledger.desc(), records.c.seq.desc()
        body = db.execute(select(records.c.body).order_by(*order).limit(1)).scalar_one()
    found = decode_record(body)
    assert isinstance(found, Response)
    return found


def test_somebody_walks_through_every_kind_of_question(phone: Phone, site: Site) -> None:
    assert "Empezar" in phone.go()
    assert "Pregunta 1 de 7" in phone.post(action="begin", language="es")
    assert "Pregunta 2 de 7" in phone.post(question="mood", answer="happy")
    assert "Pregunta 3 de 7" in phone.post(question="friend", answer="0")
    assert "Pregunta 4 de 7" in phone.post(question="tidy", answer="5")
    assert "Pregunta 5 de 7" in phone.post(question="came", answer="bus")
    assert "Pregunta 6 de 7" in phone.post(question="bought", answer=["bread", "fish"])
    assert "Pregunta 7 de 7" in phone.post(
        question="order", answer=["price:2", "range:1", "service:3"]
    )
    page = phone.go("order")
    assert 'value="range:1" selected' in page
    assert "¡Gracias!" in phone.post(question="more", answer="Muy\r\nbien\x00 👍")
    kept = last_response(site.engine)
    assert kept.answers == {
        "mood": "happy",
        "friend": 0,
        "tidy": 5,
        "came": "bus",
        "bought": ["bread", "fish"],
        "order": ["range", "price", "service"],
        "more": "Muy\nbien 👍",
    }
    assert kept.complete
    assert "Ya está contestado" in phone.go()
    assert "Ya está contestado" in phone.post(question="more", answer="again")


def test_going_back_keeps_what_was_given(phone: Phone) -> None:
    phone.post(action="begin", language="es")
    phone.post(question="mood", answer="sad")
    page = phone.post(action="back", question="friend", answer="7")
    assert 'value="sad" checked' in page
    assert 'value="7" checked' in phone.go("friend")
    assert "Pregunta 1 de 7" in phone.post(action="back", question="mood")


def test_whoever_stops_has_answered_partially(phone: Phone, site: Site) -> None:
    phone.post(action="begin", language="es")
    phone.post(question="mood", answer="sad")
    assert "Hemos recibido" in phone.post(action="leave", question="friend", answer="3")
    kept = last_response(site.engine)
    assert (kept.complete, kept.answers) == (False, {"mood": "sad", "friend": 3})


def test_whoever_stops_without_an_answer_is_told_that_nothing_was_kept(phone: Phone) -> None:
    phone.post(action="begin", language="es")
    assert "No se ha guardado nada" in phone.post(action="leave", question="mood")


def test_what_must_be_answered_is_asked_again_and_rules_are_followed(site: Site) -> None:
    with opened(site, 2) as phone:
        assert "Su visita" in phone.go()
        assert "Pregunta 1 de 2" in phone.post(action="begin", language="es")
        assert 'role="alert"' in phone.post(422, question="came")
        assert "Pregunta 2 de 3" in phone.post(question="came", answer="car")
        assert "Pregunta 3 de 3" in phone.post(question="parking")
        page = phone.post(422, question="more", answer="x" * (LONGEST_TEXT + 1))
        assert "demasiado largo" in page
        assert "Mil gracias" in phone.post(question="more", answer="ok")


def test_nobody_jumps_over_what_must_be_answered(site: Site) -> None:
    with opened(site, 2) as phone:
        phone.post(action="begin", language="es")
        page = phone.post(question="more", answer="ok")
        assert "Pregunta 1 de 2" in page
        assert "Pregunta 2 de 2" in phone.post(question="came", answer="foot")
        assert "Mil gracias" in phone.post(question="more", answer="ok")


def test_whoever_touches_begin_twice_goes_on(phone: Phone) -> None:
    before = dict(phone.browser.cookies)
    phone.browser.post(phone.path, data={"action": "begin"}, follow_redirects=False)
    phone.browser.cookies = before  # the first answer never came
    assert "Pregunta 1 de 7" in phone.post(action="begin")


def test_begin_from_a_page_of_before_answers_nothing(phone: Phone) -> None:
    phone.post(action="begin", language="es")
    phone.post(question="mood", answer="sad")
    assert "Pregunta 2 de 7" in phone.post(action="begin", language="es")
    assert 'value="sad" checked' in phone.go("mood")


def test_an_answer_to_what_is_asked_no_longer_answers_nothing_else(site: Site) -> None:
    with opened(site, 2) as phone:
        phone.post(action="begin", language="es")
        phone.post(question="came", answer="car")
        phone.post(question="came", answer="foot")  # in another tab
        page = phone.post(question="parking", answer="5")
        assert "Pregunta 2 de 2" in page
        assert "5</textarea>" not in page
        assert "Pregunta 2 de 2" in phone.post(action="back", question="parking", answer="5")
        assert "Hemos recibido" in phone.post(action="leave", question="parking", answer="5")
        assert last_response(site.engine).answers == {"came": "foot"}


def test_a_phone_that_takes_no_cookie_is_told_so_and_its_link_stays_good(phone: Phone) -> None:
    phone.browser.cookies.clear()
    assert "Permita una cookie" in phone.post(400, action="begin", language="es")
    assert "Pregunta 1 de 7" in phone.post(action="begin", language="es")


def test_one_phone_goes_on_with_two_links(phone: Phone, site: Site) -> None:
    phone.post(action="begin", language="es")
    with opened(site, 2) as other:
        phone.browser.get(other.path)
        here = Phone(phone.browser, other.path)
        assert "Pregunta 1 de 2" in here.post(action="begin", language="es")
    assert "Pregunta 1 de 7" in phone.go()


def test_whoever_answers_at_a_kiosk_that_is_gone_is_not_told_that_it_was_kept(site: Site) -> None:
    archive = SqlArchive(site.engine)
    archive.enrol_kiosk(KioskId("k-012-99"), CENTRO, 0)
    with opened(site, 1, kiosk=KioskId("k-012-99")) as phone:
        phone.post(action="begin", language="es")
        phone.post(question="mood", answer="sad")
        archive.retire_kiosk(KioskId("k-012-99"), NOW)
        assert "No se ha guardado nada" in phone.post(action="leave", question="friend")


def test_arabic_reads_from_right_to_left(site: Site) -> None:
    with opened(site, 2, "ar-MA,ar;q=0.9,fr;q=0.5") as phone:
        page = phone.go()
        assert '<html lang="ar" dir="rtl">' in page
        assert "زيارتك" in page
        page = phone.post(action="begin", language="ar")
        assert "السؤال 1 من 2" in page
        assert 'dir="rtl"' in page


def test_the_language_can_be_chosen_before_it_begins(phone: Phone) -> None:
    page = unescape(phone.browser.get(f"{phone.path}?language=en").text)
    assert '<html lang="en" dir="ltr">' in page
    assert "Begin" in page
    assert '<html lang="en"' in phone.post(action="begin", language="en")
    assert '<html lang="en"' in phone.go()


def test_another_phone_is_led_away_kindly(phone: Phone, site: Site) -> None:
    phone.post(action="begin", language="es")
    with Client(base_url=site.parts.public_url, headers={"accept-language": "es"}) as other:
        answer = other.get(phone.path)
    assert answer.status_code == 409
    assert "abierto en otro sitio" in answer.text


@pytest.mark.parametrize("path", ["nothing", "a.b.c.1.d", "k-012-01.caja-1.q.1." + "A" * 30, "ñ"])
def test_a_link_that_is_none_gets_a_kind_page(site: Site, path: str) -> None:
    with Client(base_url=site.parts.public_url, headers={"accept-language": "pt"}) as browser:
        answer = browser.get(f"/q/{path}")
    assert answer.status_code == 404
    assert "Esta ligação não funciona" in answer.text


def test_an_old_link_gets_a_kind_page(phone: Phone, clock: Clock) -> None:
    clock.ms += 2 * 86_400_000
    try:
        assert "ha caducado" in phone.go(status=410)
    finally:
        clock.ms -= 2 * 86_400_000


@pytest.mark.parametrize(
    "form",
    [
        {"question": "friend", "answer": "11"},
        {"question": "friend", "answer": "-1"},
        {"question": "friend", "answer": "²"},
        {"question": "friend", "answer": ["1", "2"]},
        {"question": "mood", "answer": "<script>"},
        {"question": "bought", "answer": ["bread", "bread"]},
        {"question": "order", "answer": ["price:1", "range:1", "service:2"]},
        {"question": "order", "answer": ["price:1"]},
        {"question": "order", "answer": ["price:1", "range:2", "service:9"]},
        {"question": "came", "answer": "x" * 5_000},
    ],
    ids=str,
)
def test_what_is_no_answer_is_asked_again_and_nothing_is_kept(
    phone: Phone, form: dict[str, object]
) -> None:
    phone.post(action="begin", language="es")
    page = phone.post(422, **form)
    assert 'role="alert"' in page
    assert "<script>" not in page
    assert " checked" not in phone.go(str(form["question"]))


def assert_to_a_shopper(answer: Answer, status: int, said: str) -> None:
    """A plain page in the shopper's language, of which nothing leads to the dashboard."""
    assert answer.status_code == status
    assert said in unescape(answer.text)
    assert '<body class="phone">' in answer.text
    assert 'href="/"' not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def endless() -> Iterator[bytes]:
    yield b"question=more&answer="
    for _ in range(3):
        yield b"x" * 40_000


def test_a_body_that_is_too_large_is_refused(phone: Phone) -> None:
    phone.post(action="begin", language="es")
    answer = phone.browser.post(phone.path, data={"question": "more", "answer": "x" * 100_000})
    assert_to_a_shopper(answer, 413, "Este texto es demasiado largo.")
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = phone.browser.post(phone.path, content=endless(), headers=form)
    assert_to_a_shopper(answer, 413, "Este texto es demasiado largo.")
    assert "Pregunta 1 de" in phone.go()


def test_no_form_is_taken_from_another_site(phone: Phone) -> None:
    phone.post(action="begin", language="es")
    elsewhere = {"origin": "http://elsewhere.example"}
    answer = phone.browser.post(phone.path, data={"question": "mood"}, headers=elsewhere)
    assert_to_a_shopper(answer, 403, "Vuelva atrás e inténtelo otra vez.")


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "no se ha podido leer"), ("pt", "não pôde ser lido"), ("ar", "تعذرت قراءة هذا")],
)
def test_what_cannot_be_read_is_told_in_the_shoppers_language(
    site: Site, language: str, said: str
) -> None:
    with opened(site, 1, language) as phone:
        answer = phone.browser.post(phone.path, data={"action": "x" * 65})
        assert_to_a_shopper(answer, 400, said)
        assert_to_a_shopper(phone.browser.get(f"/q/{'x' * 400}"), 400, said)
        assert_to_a_shopper(phone.browser.put(phone.path), 405, said)


def test_a_fault_in_the_hub_is_told_to_a_shopper_without_a_word_about_it(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise ArchiveError("the secret name of the database")

    phone.post(action="begin", language="es")
    with monkeypatch.context() as broken:
        broken.setattr(Responses, "open", fault)
        answer = phone.browser.get(phone.path)
    assert_to_a_shopper(answer, 500, "Lo que envió antes está guardado")
    assert "secret" not in answer.text
    with Client(base_url=phone.browser.base_url, cookies=phone.browser.cookies) as anew:
        assert "Pregunta 1 de" in unescape(anew.get(phone.path).text)


def test_elsewhere_the_dashboards_own_pages_tell_what_went_wrong(site: Site) -> None:
    with Client(base_url=site.parts.public_url) as browser:
        page = browser.get("/qq/x").text
    assert '<body class="phone">' not in page


def test_its_pages_run_no_scripts_and_have_the_same_guard(phone: Phone) -> None:
    answer = phone.browser.get(phone.path)
    assert "<script" not in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    phone.browser.cookies.clear()
    first = phone.browser.get(phone.path)
    assert re.search(r"semblante-walk=\S+; HttpOnly; Path=/; SameSite=lax", str(first.headers))


def test_a_text_loses_what_no_keyboard_writes() -> None:
    text = question("more", Kind.TEXT)
    assert read_answer(text, ["a\x00b\x1b[31m\r\nc\ud800"]) == "ab[31m\nc"
    assert read_answer(text, [" \r\n "]) is None
