"""The page “On the kiosks”: what a store's kiosks show beside the questionnaire."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from httpx import Client, Response

from hub.core.pictures import Glass
from shared.notices import KioskSettings, Look
from shared.places import KioskId
from shared.programme import default_programme
from tests.hub.web.building import CENTRO, NOW, Site
from tests.hub.web.conftest import SignIn, csrf_of
from tests.shared.questionnaires import EVERY_KIND

PATH = f"/stores/{CENTRO}/programme"

FORM: dict[str, Any] = {
    "first": "es",
    "languages": ["es", "ar"],
    "question.es": "¿Qué tal  en caja?",
    "question.ar": "كيف كانت تجربتك؟",
    "reasons.0.id": "wait",
    "reasons.0.text.es": "La fila",
    "reasons.0.text.ar": "الطابور",
    "reasons.2.text.es": "El aparcamiento",
    "reasons.2.text.ar": "موقف السيارات",
    "said.es": "Faltaba pan por la tarde",
    "done.es": "Horneamos  otra vez\n a las 17:00",
    "look": "auto",
    "brightness": "90",
    "brightness_night": "30",
    "volume": "0",
    "calm": "yes",
    "opens": "8",
    "closes": "22",
    "ask_seconds": "30",
    "thanks_seconds": "6",
    "change_seconds": "5",
    "lockout_seconds": "10",
}

SEEN = re.compile(r'name="seen" value="(\w+)"')


@pytest.fixture
def browser(sign_in: SignIn) -> Client:
    return sign_in("manager")


@pytest.fixture(autouse=True)
def before(site: Site) -> None:
    """What ships, and the hours of every new store."""
    site.parts.programmes.change(CENTRO, lambda it: default_programme(1), NOW, hours=(9, 21))


def told(site: Site) -> KioskSettings:
    return site.parts.programmes.settings_of(CENTRO)[KioskId("k-012-03")]


def post(browser: Client, **change: object) -> Response:
    page = browser.get(PATH).text
    seen = SEEN.search(page)
    assert seen is not None
    form = {**FORM, "seen": seen[1], "csrf": csrf_of(page), **change}
    return browser.post(PATH, data={name: each for name, each in form.items() if each is not None})


def send(browser: Client, **change: object) -> int:
    return post(browser, **change).status_code


def test_what_is_kept_is_told_to_the_kiosks(site: Site, browser: Client) -> None:
    before = told(site)
    assert send(browser) == 303
    now = told(site)
    assert now.serial > before.serial
    assert now.languages == ("es", "ar")
    assert now.deed is not None
    assert now.deed.said == {"es": "Faltaba pan por la tarde"}
    assert now.deed.done == {"es": "Horneamos otra vez a las 17:00"}
    kept = now.keeping
    assert (kept.look, kept.brightness, kept.brightness_night) == (Look.AUTO, 90, 30)
    assert (kept.volume, kept.calm, kept.zone) == (0, True, "Europe/Madrid")
    assert (kept.opens, kept.closes) == (8, 22)
    assert (now.ask_seconds, now.thanks_seconds) == (30, 6)
    assert (now.change_seconds, now.lockout_seconds) == (5, 10)
    assert now.question == {"es": "¿Qué tal en caja?", "ar": "كيف كانت تجربتك؟"}
    assert [(one.id, one.text["es"]) for one in now.reasons] == [
        ("wait", "La fila"),
        ("el-aparcamiento", "El aparcamiento"),
    ]
    assert (now.question_version, now.reasons_version) == (before.question_version + 1, 2)
    page = browser.get(f"{PATH}?done=kept").text
    assert "Kept." in page
    assert "Horneamos otra vez" in page


def test_the_log_says_who_changed_what(site: Site, browser: Client) -> None:
    shipped = fields(browser)
    assert send(browser, **{**shipped, "volume": "80", "closes": "20"}) == 303
    note = site.parts.accounts.audit(1)[0].note
    assert (note.user, note.action, note.target) == ("manager", "programme changed", CENTRO)
    assert note.detail == "volume 60 → 80, closes 21 → 20"


def test_what_stays_as_it_was_is_not_told_again(site: Site, browser: Client) -> None:
    before, entries = told(site), len(site.parts.accounts.audit(500))
    assert send(browser, **fields(browser)) == 303
    assert told(site) == before
    assert len(site.parts.accounts.audit(500)) == entries


def fields(browser: Client) -> dict[str, Any]:
    """The form as the page has it; nothing of FORM."""
    page = browser.get(PATH).text
    found: dict[str, Any] = dict.fromkeys(FORM)
    found |= {name: unescape(text) for name, text in INPUT.findall(page) if name != "csrf"}
    found |= {name: unescape(text) for name, text in AREA.findall(page)}
    found["languages"] = re.findall(r'name="languages" value="(\w+)" checked', page)
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', page):
        found[name] = re.findall(r'value="(\w+)"[^>]* selected', options)[0]
    return found | {"calm": None}


INPUT = re.compile(r'<input (?:type="(?:hidden|number)" )?name="([\w.]+)"[^>]* value="([^"]*)"')
AREA = re.compile(r'<textarea name="([\w.]+)"[^>]*>([^<]*)</textarea>')


def test_the_language_at_rest_comes_first_also_where_it_was_not_ticked(
    site: Site, browser: Client
) -> None:
    shipped = {**fields(browser), "languages": ["en", "es", "pt"]}
    assert send(browser, **{**shipped, "first": "pt"}) == 303
    assert told(site).languages == ("pt", "es", "en")
    assert told(site).question["pt"]
    assert send(browser, **{**shipped, "seen": "0" * 16, "first": "en"}) == 409
    shipped = {**fields(browser), "languages": []}
    assert send(browser, **{**shipped, "first": "en"}) == 303
    assert told(site).languages == ("en",)


def test_half_a_deed_is_asked_for_and_a_fault_stands_at_its_field(
    site: Site, browser: Client
) -> None:
    before = told(site)
    answer = post(browser, **{"done.es": " ", "volume": "101"})
    assert answer.status_code == 400
    page = unescape(answer.text)
    assert "Nothing was kept yet" in page
    assert re.search(r'name="done.es"[^>]* aria-describedby="fault-done-es"', page)
    assert '<p class="field-fault" id="fault-volume">is no number from 0 to 100</p>' in page
    assert "Faltaba pan por la tarde" in page  # nothing of what was typed is lost
    assert 'value="La fila"' in page
    assert told(site) == before
    assert send(browser, **{"done.es": "", "said.es": ""}) == 303
    assert told(site).deed is None


def test_reasons_are_moved_and_emptied_before_anybody_is_told(site: Site, browser: Client) -> None:
    before = told(site)
    shipped = fields(browser)
    answer = post(browser, **{**shipped, "do": "lower.0"})
    assert (answer.status_code, told(site)) == (200, before)
    assert "not kept yet" in answer.text
    names = re.findall(r'name="reasons.\d.id" value="([\w-]*)"', answer.text)
    assert names[:3] == ["service", "wait", "products"]
    answer = post(browser, **{**shipped, "do": "empty.1"})
    assert 'name="reasons.1.id" value=""' in answer.text
    for act in ("raise.0", "lower.5", "empty.9", "lower.x", "lower", "raise.-1"):
        assert post(browser, **{**shipped, "do": act}).status_code in {200, 303}
    assert told(site) == before


def test_a_reason_that_reads_like_a_name_is_kept_and_pointed_at(
    site: Site, browser: Client
) -> None:
    caution = "reads like a name: nobody who works there may be named"
    assert caution not in browser.get(PATH).text
    assert send(browser, **{"reasons.0.text.es": "La cajera Marta"}) == 303
    assert told(site).reasons[0].text["es"] == "La cajera Marta"  # brands read like names, too
    assert browser.get(PATH).text.count(caution) == 1


def test_somebody_elses_change_is_not_written_over(site: Site, browser: Client) -> None:
    stale = SEEN.findall(browser.get(PATH).text)[0]
    assert send(browser, volume="10") == 303
    answer = post(browser, seen=stale, volume="90")
    assert answer.status_code == 409
    assert "Somebody else changed it meanwhile" in answer.text
    assert told(site).keeping.volume == 10
    desk = site.parts.questionnaires
    folder = desk.make(replace(EVERY_KIND, id="meanwhile"), None, "test")
    fresh = SEEN.findall(browser.get(PATH).text)[0]
    desk.send(folder, folder.newest, [CENTRO], "test")  # which this form is not about
    assert send(browser, seen=fresh, volume="20") == 303
    asked = told(site).questionnaire
    assert asked is not None
    assert asked.id == "meanwhile"


@pytest.mark.parametrize(
    "change",
    [
        {"first": "xx"},
        {"first": ""},
        {"look": "dusk"},
        {"brightness": "0"},
        {"brightness": "101"},
        {"volume": "-1"},
        {"volume": "٣"},
        {"brightness_night": ""},
        {"change_seconds": "61"},
        {"lockout_seconds": "9" * 30},
        {"said.es": "x" * 121},
        {"said.es": "a\x00b"},
        {"question.ar": ""},
        {"question.es": "x" * 121},
        {"reasons.0.text.ar": ""},
        {"reasons.2.text.es": "La fila"},
        {"ask_seconds": "2"},
        {"opens": "22"},
        {"closes": "25"},
    ],
    ids=str,
)
def test_what_the_form_does_not_offer_changes_nothing(
    site: Site, browser: Client, change: dict[str, str]
) -> None:
    before = told(site)
    assert send(browser, **change) == 400
    assert told(site) == before


def test_a_questionnaire_stays_when_the_rest_changes(site: Site, browser: Client) -> None:
    desk = site.parts.questionnaires
    folder = desk.make(EVERY_KIND, None, "test")
    desk.send(folder, folder.newest, [CENTRO], "test")
    assert send(browser) == 303
    assert told(site).questionnaire == EVERY_KIND
    assert "Title" in browser.get(PATH).text


class Painter:
    """Draws what it was asked for."""

    available = True

    def __init__(self) -> None:
        self.asked: list[tuple[KioskSettings, str, Glass]] = []

    def page(self, settings: KioskSettings, page: str, glass: Glass) -> bytes | None:
        self.asked.append((settings, page, glass))
        return None if page == "thanks" else b"PNG"


def test_what_the_kiosks_show_now_is_drawn_as_the_first_of_them_is_told(
    site: Site, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No picture of the kiosk can be drawn here" in browser.get(PATH).text
    painter = Painter()
    monkeypatch.setattr(type(site.parts.pictures), "available", property(lambda _: True))
    monkeypatch.setattr(site.parts.pictures, "page", painter.page)
    page = unescape(browser.get(f"{PATH}?language=es&size=480x800&night=night").text)
    address = f"{PATH}/pictures/asking?glass=es.480x800.night"
    assert f'src="{address}"' in page
    drawn = browser.get(address)
    assert (drawn.status_code, drawn.content) == (200, b"PNG")
    ((told_it, asked, glass),) = painter.asked
    assert (told_it.store_name, told_it.point_name, asked) == ("Centro · 012", "Caja 1", "asking")
    assert glass == Glass("es", "480x800", night=True)
    assert browser.get(f"{PATH}/pictures/thanks").status_code == 503
    assert browser.get(f"{PATH}/pictures/panel").status_code == 404
    nowhere = "/stores/puerto-003/programme/pictures/asking"
    assert browser.get(nowhere).status_code == 404


def test_a_store_without_points_is_drawn_all_the_same(
    site: Site, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter = Painter()
    monkeypatch.setattr(site.parts.pictures, "page", painter.page)
    answer = sign_in("administrator").get("/stores/puerto-003/programme/pictures/resting")
    assert answer.status_code == 200
    assert painter.asked[0][0].store_name == "Puerto · 003"
