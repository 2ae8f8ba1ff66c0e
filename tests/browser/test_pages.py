"""Every page in a real browser: no complaint, nothing cut, for everybody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser.conftest import REGISTERS, Open
from tests.browser.looking import (
    DARK,
    DESK,
    PHONE,
    SMALLEST,
    assert_fit_for_everybody,
    assert_fit_on,
    assert_whole_on,
    wait_until_calm,
)
from tests.hub.web.building import CENTRO, NORTE

PAGES = {
    "today": f"/stores/{CENTRO}/today",
    "yesterday": f"/stores/{CENTRO}/today?day=2026-11-18",
    "hours": f"/stores/{CENTRO}/hours",
    "registers": f"/stores/{CENTRO}/registers?days=7",
    "stores": "/stores?days=7",
    "queue": f"/stores/{CENTRO}/queue",
    "no-lines": f"/stores/{NORTE}/queue",
    "kiosks": f"/stores/{CENTRO}/kiosks",
    "every-kiosk": "/kiosks?sort=heat",
    "rollouts": f"/rollouts?store={CENTRO}",
    "kiosk": f"/stores/{CENTRO}/kiosks/k-012-04",
    "codes": f"/stores/{CENTRO}/codes",
    "recovery": "/recovery",
    "users": "/users",
    "user": "/users/3",
    "audit": "/audit?check=true",
    "settings": "/settings",
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_is_whole_and_fit_for_everybody(
    open_page: Open, tmp_path: Path, language: str
) -> None:
    page = open_page("administrator", language, at=None)
    for name, path in PAGES.items():
        page.goto(path)
        assert_whole_on(page, tmp_path, name, SMALLEST, PHONE, DARK, DESK)
        assert page.locator("html").get_attribute("lang") == language
        assert page.evaluate("document.fonts.check('16px \"Inter Variable\"')")
        if language == "en":
            for summary in page.locator("main details > summary").all():
                summary.click()
            assert_fit_on(page, name, DESK, DARK)


@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desk"])
def test_which_registers_are_alike_is_told_once_on_every_glass(open_page: Open, width: int) -> None:
    glass = {"width": width, "height": 844}
    page = open_page("administrator", at=PAGES["registers"], viewport=glass)
    wait_until_calm(page)
    rows = page.locator("table.registers tbody tr")
    told = [rows.nth(n).locator(".letters:visible").count() for n in range(rows.count())]
    assert told == [1] * len(REGISTERS) + [0], "one of seven has no answers to compare"


def test_the_door_is_fit_for_everybody_too(open_page: Open) -> None:
    page = open_page(None)
    for path in ("/sign-in", "/sign-in?language=es"):
        page.goto(path)
        assert_fit_for_everybody(page, path)


def test_on_paper_the_page_stands_alone(open_page: Open, tmp_path: Path) -> None:
    page = open_page("manager", at=None, color_scheme="dark")
    for name in ("today", "hours", "queue", "kiosks"):
        page.goto(PAGES[name])
        page.emulate_media(media="print")
        for hidden in (".side", ".day-picker", ".ranges", ".live", ".export"):
            assert not any(found.is_visible() for found in page.locator(hidden).all()), hidden
        colour = "getComputedStyle(document.querySelector('.card')).backgroundColor"
        assert page.evaluate(colour) == "rgb(255, 255, 255)"
        paper = page.pdf(format="A4", path=tmp_path / f"{name}.pdf", print_background=True)
        assert paper.startswith(b"%PDF")
        sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
        most = 2 if name == "queue" else 1
        assert 1 <= sheets <= most, f"{name} takes {sheets} sheets"
        assert page.locator("main").inner_text().count("Centro · 012") >= 1
        page.emulate_media(media="screen")
