"""The page “On the kiosks”: what a store's kiosks show beside the questionnaire."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import Client

from shared.notices import KioskSettings, Look
from shared.places import KioskId
from tests.hub.web.building import CENTRO, Site
from tests.hub.web.conftest import SignIn, csrf_of
from tests.shared.questionnaires import EVERY_KIND

PATH = f"/stores/{CENTRO}/programme"

FORM: dict[str, Any] = {
    "first": "es",
    "languages": ["es", "ar"],
    "said.es": "Faltaba pan por la tarde",
    "done.es": "Horneamos  otra vez\n a las 17:00",
    "look": "auto",
    "brightness": "90",
    "brightness_night": "30",
    "volume": "0",
    "calm": "yes",
    "change_seconds": "5",
    "lockout_seconds": "10",
}


@pytest.fixture
def browser(sign_in: SignIn) -> Client:
    return sign_in("manager")


def told(site: Site) -> KioskSettings:
    return site.parts.programmes.settings_of(CENTRO)[KioskId("k-012-03")]


def send(browser: Client, **change: object) -> int:
    form = {**FORM, **change, "csrf": csrf_of(browser.get("/settings").text)}
    return browser.post(PATH, data=form).status_code


def test_what_is_kept_is_told_to_the_kiosks(site: Site, browser: Client) -> None:
    before = told(site).serial
    assert send(browser) == 303
    now = told(site)
    assert now.serial > before
    assert now.languages == ("es", "ar")
    assert now.deed is not None
    assert now.deed.said == {"es": "Faltaba pan por la tarde"}
    assert now.deed.done == {"es": "Horneamos otra vez a las 17:00"}
    kept = now.keeping
    assert (kept.look, kept.brightness, kept.brightness_night) == (Look.AUTO, 90, 30)
    assert (kept.volume, kept.calm, kept.zone, kept.opens) == (0, True, "Europe/Madrid", 9)
    assert (now.change_seconds, now.lockout_seconds) == (5, 10)
    assert now.question["ar"]
    assert all(reason.text["ar"] for reason in now.reasons)
    page = browser.get(f"{PATH}?done=kept").text
    assert "Kept." in page
    assert "Horneamos otra vez" in page


def test_the_language_at_rest_comes_first_also_where_it_was_not_ticked(
    site: Site, browser: Client
) -> None:
    assert send(browser, first="pt", languages=["en", "es", "pt"]) == 303
    assert told(site).languages == ("pt", "es", "en")
    assert send(browser, first="en", languages=[]) == 303
    assert told(site).languages == ("en",)


def test_half_a_deed_is_none(site: Site, browser: Client) -> None:
    assert send(browser, **{"done.es": " "}) == 303
    assert told(site).deed is None


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
