"""The page Queue in a real browser: it moves by itself, and takes a count."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import delete

from hub.adapters.database import writing
from hub.adapters.tables import notices
from tests.browser.conftest import Open
from tests.hub.web.building import CENTRO, NOW, Site
from tests.hub.web.waits import keep, told

SOON_MS = 15_000
"""A look a second; the rest is for a machine that is busy with other tests."""


def test_a_word_is_on_the_open_page_at_once_and_what_is_typed_stays(
    open_page: Open, site: Site
) -> None:
    page = open_page("manager", at=f"/stores/{CENTRO}/queue")
    now = page.locator("#part-now .big")
    expect(now).to_have_text("2 min")
    expect(page.locator("#live .live-text")).to_have_text("Live")
    page.get_by_label("People waiting now").fill("7")
    keep(site.engine, told(CENTRO, NOW + 500, None, withdrawn="wide"))
    try:
        expect(now).to_have_text("Nothing is told", timeout=SOON_MS)
        expect(page.get_by_text("because the estimate is too wide to be of use")).to_be_visible()
        assert page.get_by_label("People waiting now").input_value() == "7"
        page.get_by_role("button", name="Tell the hub").click()
        expect(page.get_by_text("7 waiting, typed by manager at 19:25")).to_be_visible()
        page.goto(f"/stores/{CENTRO}/today")
        expect(page.locator("#part-queue")).to_contain_text("Nothing is told")
        expect(page.locator("#live .live-text")).to_have_text("Live")
        keep(site.engine, told(CENTRO, NOW + 900, 4))
        expect(page.locator("#part-queue .big")).to_have_text("4 min", timeout=SOON_MS)
    finally:
        with writing(site.engine) as db:
            db.execute(delete(notices).where(notices.c.at > NOW))
