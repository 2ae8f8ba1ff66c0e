"""The pages Kiosks and Recovery while the broker lets kiosks write as others, on every glass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from hub.adapters.database import writing
from hub.adapters.inspections import SqlInspections
from hub.adapters.tables import inspections
from tests.browser.conftest import Open
from tests.browser.looking import DARK, DESK, NIGHT, PHONE, SMALLEST, assert_fit_on, assert_whole_on
from tests.hub.web.building import NOW, Site

SAID = {
    "en": ("Rights at the broker", "lets kiosks write as others", "not tried since", "all kiosks"),
    "es": (
        "Permisos en el broker",
        "deja que un quiosco escriba como otro",
        "sin probar desde el",
        "todos los quioscos",
    ),
}


@pytest.fixture(autouse=True)
def _opened(site: Site) -> Iterator[None]:
    """Something forbidden arrived when the broker was tried last, and that was long ago."""
    SqlInspections(site.engine).note(26, NOW)
    yield
    with writing(site.engine) as db:
        db.execute(delete(inspections))


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_open_broker_is_told_first_and_whole_on_every_glass(
    open_page: Open, tmp_path: Path, language: str
) -> None:
    page = open_page("administrator", language, "/recovery")
    title, is_open, untried, everybody = SAID[language]
    first = page.locator("table.troubles tbody tr")
    assert title in first.nth(0).inner_text()
    assert is_open in first.nth(0).inner_text()
    assert everybody in first.nth(0).inner_text()
    assert untried in first.nth(1).inner_text()
    assert_whole_on(page, tmp_path, f"recovery-{language}", DESK, DARK, PHONE, NIGHT, SMALLEST)
    assert_fit_on(page, f"recovery-{language}", DESK, DARK, PHONE)
    page.goto("/kiosks")
    warned = page.locator("p.warned")
    assert warned.count() == 2
    assert is_open in warned.nth(0).inner_text()
    assert_whole_on(page, tmp_path, f"kiosks-{language}", DESK, DARK, PHONE, NIGHT, SMALLEST)
    warned.nth(0).get_by_role("link").click()
    page.wait_for_url("**/recovery")
