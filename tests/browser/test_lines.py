"""The queue's settings in a real browser: laid out, tried and kept, on every glass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine, delete, insert

from hub.adapters.database import writing
from hub.adapters.layouts import SqlLayouts
from hub.adapters.tables import waits
from tests.browser.conftest import Open
from tests.browser.looking import DARK, DESK, NIGHT, PHONE, assert_fit_on, assert_whole_on
from tests.hub.web.building import CENTRO, NORTE, NOW, Site
from tests.hub.web.waits import LINE, MINUTE
from tests.parts.chromium import Complaints

CENTRO_PATH, NORTE_PATH = (f"/stores/{store}/queue/settings" for store in (CENTRO, NORTE))


@pytest.fixture
def served(engine: Engine) -> Iterator[None]:
    """A hundred shoppers of today who waited three minutes."""
    here = {"store_id": CENTRO, "line_id": LINE, "waited": 3 * MINUTE, "told": 5}
    rows = [{**here, "at": NOW - at * MINUTE} for at in range(100)]
    with writing(engine) as db:
        db.execute(insert(waits), rows)
    yield
    with writing(engine) as db:
        db.execute(delete(waits))


@pytest.mark.usefixtures("served")
def test_terms_are_tried_and_what_is_wrong_is_marked(
    open_page: Open, site: Site, complaints: Complaints, tmp_path: Path
) -> None:
    before = SqlLayouts(site.engine).layout(CENTRO)
    page = open_page("manager", "es", at=CENTRO_PATH)
    page.locator('[name="percentile"]').fill("95")
    page.locator('[name="rounding"]').select_option("5")
    page.get_by_role("button", name="Probarlo con la última semana").click()
    tried = page.locator("#tried")
    expect(tried.get_by_role("columnheader", name="Como lo ha escrito")).to_be_visible()
    expect(tried).to_be_in_viewport()
    expect(page.locator('[name="rounding"]')).to_have_value("5")
    assert_whole_on(page, tmp_path, "tried", DARK, NIGHT, PHONE, DESK)
    assert_fit_on(page, "tried", DARK, DESK)
    page.locator('[name="fine_minutes"]').fill("30")
    page.get_by_role("checkbox", name="Caja 1").first.uncheck()
    page.get_by_role("button", name="Guardar").last.click()
    expect(page.get_by_role("alert")).to_contain_text("Aún no se ha guardado nada")
    field = page.locator('[name="fine_minutes"]')
    expect(field).to_have_accessible_description(
        "debe ser menos que una fila larga "
        "Bastante menos que una fila larga, o la alerta irá y vendrá."
    )
    assert_whole_on(page, tmp_path, "faults", PHONE, DESK)
    assert_fit_on(page, "faults", DARK, DESK)
    assert SqlLayouts(site.engine).layout(CENTRO) == before
    complaints.found.clear()  # the browser says of the form that it was answered 400


def test_a_store_lays_out_its_first_line_and_sees_the_key_once(
    open_page: Open, site: Site, tmp_path: Path
) -> None:
    page = open_page("administrator", "en", at=NORTE_PATH)
    page.get_by_role("button", name="One line for all registers").click()
    expect(page.get_by_role("status")).to_contain_text("not kept yet")
    expect(page.get_by_role("checkbox", name="Caja 1")).to_be_checked()
    page.get_by_label("Name, as shoppers read it").fill("The only line")
    page.get_by_label("Address (may be left out)").fill("https://example.org/alerts")
    page.keyboard.press("Enter")  # the first button of the form keeps it
    shown = page.locator("#key")
    expect(shown).to_be_visible()
    assert shown.text_content() == key_of(site)
    assert_whole_on(page, tmp_path, "key", PHONE, DESK)
    assert_fit_on(page, "key", DESK)
    page.goto(NORTE_PATH)
    expect(page.locator("#key")).to_have_count(0)
    expect(page.get_by_label("Name, as shoppers read it")).to_have_value("The only line")


def key_of(site: Site) -> str:
    layout = SqlLayouts(site.engine).layout(NORTE)
    return layout.hook.key if layout and layout.hook else "no layout"
