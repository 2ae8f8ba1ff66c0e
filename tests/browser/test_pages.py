"""Every page in a real browser: no complaint, nothing cut, for everybody."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import REGISTERS, Open
from tests.hub.web.building import CENTRO
from tests.parts.chromium import picture

PAGES = {
    "today": f"/stores/{CENTRO}/today",
    "yesterday": f"/stores/{CENTRO}/today?day=2026-11-18",
    "hours": f"/stores/{CENTRO}/hours",
    "registers": f"/stores/{CENTRO}/registers?days=7",
    "stores": "/stores?days=7",
    "kiosks": f"/stores/{CENTRO}/kiosks",
    "every-kiosk": "/kiosks",
    "recovery": "/recovery",
    "users": "/users",
    "user": "/users/3",
    "audit": "/audit?check=true",
    "settings": "/settings",
}
AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()

CUT = """() => [...document.querySelectorAll('body *')].filter(element => {
  const style = getComputedStyle(element);
  if (element.closest('.for-ears, .sprite, .scrolls') || element.closest('svg')) return false;
  if (style.overflow === 'visible' || style.overflow === '') return false;
  return element.scrollWidth > element.clientWidth + 1;
}).map(element => element.tagName + '.' + element.className)"""
"""Elements that hide a part of what is in them."""


def wait_until_calm(page: Page) -> None:
    """Until letters and pictures are there."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "look",
    [
        {},
        {"color_scheme": "dark"},
        {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
        {"viewport": {"width": 320, "height": 640}},
    ],
    ids=["desk", "dark", "phone", "smallest"],
)
def test_every_page_is_there_without_complaint_and_nothing_is_cut(
    open_page: Open, tmp_path: Path, language: str, look: dict[str, Any]
) -> None:
    page = open_page("administrator", language, **look)
    for name, path in PAGES.items():
        page.goto(path)
        wait_until_calm(page)
        assert page.locator("html").get_attribute("lang") == language
        assert page.evaluate("document.fonts.check('16px \"Inter Variable\"')")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0, f"{name} scrolls sideways"
        assert page.evaluate(CUT) == [], name
        assert picture(page, tmp_path, name).stat().st_size > 10_000


@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desk"])
def test_which_registers_are_alike_is_told_once_on_every_glass(open_page: Open, width: int) -> None:
    page = open_page("administrator", "en", viewport={"width": width, "height": 844})
    page.goto(PAGES["registers"])
    wait_until_calm(page)
    rows = page.locator("table.registers tbody tr")
    told = [rows.nth(n).locator(".letters:visible").count() for n in range(rows.count())]
    assert told == [1] * len(REGISTERS) + [0], "one of seven has no answers to compare"


def test_axe_finds_nothing_to_mend(open_page: Open) -> None:
    page = open_page("administrator", bypass_csp=True)
    for name, path in PAGES.items():
        page.goto(path)
        wait_until_calm(page)
        for summary in page.locator("main details > summary").all():
            summary.click()
        page.evaluate(AXE)
        found = page.evaluate("axe.run()")
        assert _told(found) == [], name
        assert len(found["passes"]) > 15


def test_axe_can_read_everything_in_the_dark_too(open_page: Open) -> None:
    page = open_page("administrator", color_scheme="dark", bypass_csp=True)
    for name in ("today", "hours", "registers", "kiosks", "users"):
        page.goto(PAGES[name])
        wait_until_calm(page)
        page.evaluate(AXE)
        found = page.evaluate("axe.run({runOnly: ['color-contrast']})")
        assert _told(found) == [], name
        assert len(found["passes"]) == 1


def _told(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found["violations"]]


def test_the_door_is_fit_for_everybody_too(open_page: Open) -> None:
    page = open_page(None, bypass_csp=True)
    for path in ("/sign-in", "/sign-in?language=es"):
        page.goto(path)
        page.evaluate(AXE)
        found = page.evaluate("axe.run()")
        assert [rule["id"] for rule in found["violations"]] == []


def test_on_paper_the_page_stands_alone(open_page: Open, tmp_path: Path) -> None:
    page = open_page("manager", color_scheme="dark")
    for name in ("today", "hours", "kiosks"):
        page.goto(PAGES[name])
        page.emulate_media(media="print")
        for hidden in (".side", ".day-picker", ".ranges", ".live", ".export"):
            assert not any(found.is_visible() for found in page.locator(hidden).all()), hidden
        colour = "getComputedStyle(document.querySelector('.card')).backgroundColor"
        assert page.evaluate(colour) == "rgb(255, 255, 255)"
        paper = page.pdf(format="A4", path=tmp_path / f"{name}.pdf", print_background=True)
        assert paper.startswith(b"%PDF")
        sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
        assert sheets == 1, f"{name} takes {sheets} sheets"
        assert page.locator("main").inner_text().count("Centro · 012") >= 1
        page.emulate_media(media="screen")
