"""The questionnaire on a shopper's phone, in a real browser: by touch, by keys, without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, select

from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading
from hub.adapters.tables import responses
from hub.adapters.walks import SqlWalks
from hub.responses import Responses
from hub.web.assets import Assets
from hub.web.pages.phone import phone_router
from hub.web.phoning import PhonePages
from shared.links import MINUTE_MS, Link, key_of, token
from shared.places import KioskId, PointId
from shared.questions import Choice, Kind, Question, Questionnaire
from shared.texts import Texts
from tests.browser.looking import NIGHT, PHONE, SMALLEST, assert_fit_on, assert_whole_on
from tests.fakes.reports import HandmadeReports
from tests.fakes.walks import HandedOver
from tests.hub.web.building import NOW, STORES, Clock, Site, make_site
from tests.parts.chromium import Complaints, window
from tests.parts.web import listening, serving

KIOSK = KioskId("k-012-02")
NONCES = count(1)
A_PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}

FIT_ON = {"es": (PHONE, NIGHT), "ar": (PHONE,)}
"""In the dark contrast alone is new; axe sees none in Arabic letters, whose colours are these."""


def said(es: str, ar: str) -> Texts:
    return {"es": es, "ar": ar}


def choice(name: str, es: str, ar: str) -> Choice:
    return Choice(name, said(es, ar))


QUESTIONS = (
    Question("mood", Kind.FACES, said("¿Cómo ha ido su compra de hoy?", "كيف كان تسوقك اليوم؟")),
    Question(
        "friend",
        Kind.SCALE,
        said("¿Nos recomendaría a un amigo?", "هل توصي صديقًا بنا؟"),
        low=said("Nada probable", "غير محتمل"),
        high=said("Muy probable", "محتمل جدًا"),
    ),
    Question("tidy", Kind.STARS, said("¿Qué tal la limpieza?", "ما رأيك في النظافة؟")),
    Question(
        "came",
        Kind.ONE,
        said("¿Cómo ha venido?", "كيف أتيت؟"),
        (choice("foot", "A pie", "سيرًا"), choice("car", "En coche", "بالسيارة")),
        required=True,
    ),
    Question(
        "bought",
        Kind.MANY,
        said("¿Qué ha comprado?", "ماذا اشتريت؟"),
        (
            choice("bread", "Pan y bollería", "الخبز والمعجنات"),
            choice("fruit", "Fruta y verdura de temporada", "الفواكه والخضروات الموسمية"),
            choice("fish", "Pescado", "السمك"),
        ),
    ),
    Question(
        "order",
        Kind.RANKING,
        said("¿Qué le importa más?", "ما الأهم بالنسبة إليك؟"),
        (
            choice("price", "El precio", "السعر"),
            choice("range", "La variedad", "التنوع"),
            choice("service", "El servicio", "الخدمة"),
        ),
    ),
    Question("more", Kind.TEXT, said("¿Algo más que quiera decirnos?", "هل تريد إضافة شيء؟")),
)
ASKED = Questionnaire("q", 1, said("Su visita", "زيارتك"), ("es", "ar"), QUESTIONS)

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def phones(engine: Engine, clock: Clock) -> Iterator[Site]:
    service = Responses(
        SqlArchive(engine),
        SqlWalks(engine),
        HandedOver(ASKED),
        lambda kiosk: key_of(bytes(32), kiosk),
        clock,
    )
    router = phone_router(service, PhonePages(Assets()))
    with listening() as (listener, url):
        site = make_site(engine, HandmadeReports(STORES), clock, routers=[router], public_url=url)
        with serving(site.app, site.parts.live, listener):
            yield site


@pytest.fixture
def open_phone(browser: Browser, phones: Site, complaints: Complaints) -> Iterator[Open]:
    """Opens a fresh link on a phone that reads some language."""
    with ExitStack() as stack:

        def opened(language: str = "es", **options: Any) -> Page:
            options = {**A_PHONE, "has_touch": True, "locale": language, **options}
            with_page = window(browser, base_url=phones.parts.public_url, **options)
            _, page, here = stack.enter_context(with_page)
            here.found = complaints.found
            nonce = next(NONCES).to_bytes(6, "big")
            made = Link(KIOSK, PointId("caja-2"), "q", 1, NOW // MINUTE_MS, nonce)
            page.goto(f"/q/{token(made, key_of(bytes(32), KIOSK))}")
            return page

        yield opened
    assert complaints.found == []


def go_on(page: Page) -> None:
    page.locator("button.go").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("language", ["es", "ar"])
def test_every_page_is_whole_and_fit_for_everybody(
    open_phone: Open, tmp_path: Path, language: str
) -> None:
    page = open_phone(language)
    for number in range(len(QUESTIONS) + 1):
        direction = "rtl" if language == "ar" else "ltr"
        assert page.locator("html").get_attribute("dir") == direction
        # the first one has few words
        assert_whole_on(page, tmp_path, f"page-{number}", SMALLEST, NIGHT, PHONE, least=5_000)
        assert_fit_on(page, f"page {number}", *FIT_ON[language])
        if page.locator("input[value=foot]").count():
            page.locator("input[value=foot]").check()
        go_on(page)
    expect(page.locator("progress")).to_have_count(0)


def test_what_a_finger_must_hit_is_large_enough(open_phone: Open) -> None:
    page = open_phone()
    for _ in QUESTIONS:
        go_on(page) if page.locator("progress").count() == 0 else None
        for target in page.locator("button, fieldset label, textarea, .languages a").all():
            box = target.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44, target.inner_html()[:80]
        if page.locator("input[value=foot]").count():
            page.locator("input[value=foot]").check()
        go_on(page)


def test_somebody_answers_by_touch_without_any_script(open_phone: Open, engine: Engine) -> None:
    page = open_phone("es", java_script_enabled=False)
    go_on(page)
    page.get_by_text("Buena").tap()
    go_on(page)
    page.locator("label", has_text="10").tap()
    go_on(page)
    page.get_by_role("button", name="Atrás").tap()
    expect(page.locator("input[value='10']")).to_be_checked()
    go_on(page)
    page.locator("label", has_text="4").tap()
    go_on(page)
    page.get_by_text("En coche").tap()
    go_on(page)
    page.get_by_text("Pescado").tap()
    go_on(page)
    for place, name in enumerate(("La variedad", "El precio", "El servicio"), 1):
        page.get_by_label(name).select_option(str(place))
    go_on(page)
    page.locator("textarea").fill("Todo bien")
    go_on(page)
    expect(page.get_by_role("heading")).to_have_text("¡Gracias!")
    page.goto(page.url)
    expect(page.get_by_role("heading")).to_have_text("Ya está contestado, ¡gracias!")
    with reading(engine) as db:
        found = db.execute(select(responses).order_by(responses.c.seq.desc()).limit(1)).one()
    assert (found.input, found.complete, found.point_id) == ("web", True, "caja-2")


def test_somebody_answers_by_keys_alone(open_phone: Open) -> None:
    page = open_phone("es", viewport={"width": 800, "height": 900})
    page.keyboard.press("Tab")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[value=neutral]")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("¿Nos recomendaría a un amigo?")


def test_one_language_needs_no_choice() -> None:
    alone = replace(ASKED, languages=("es",))
    page = PhonePages(Assets()).render(
        "es", "start.html", title="x", count=1, languages=alone.languages, path="/q/x"
    )
    assert "<nav" not in page
