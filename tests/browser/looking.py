"""What every page must pass on every glass: nothing is cut, and axe finds nothing to mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.parts.chromium import picture

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()

CUT = """() => [...document.querySelectorAll('body *')].filter(element => {
  const style = getComputedStyle(element);
  if (element.closest('.for-ears, .sprite, .scrolls, textarea') || element.closest('svg')) {
    return false;
  }
  if (style.overflow === 'visible' || style.overflow === '') return false;
  return element.scrollWidth > element.clientWidth + 1;
}).map(element => element.tagName + '.' + element.className)"""
"""Elements that hide a part of what is in them; a text field scrolls by itself."""

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

LEAST_BYTES = 10_000
"""Of a picture: a page without anything on it has less."""

LEAST_RULES = 15
"""Axe has about 100, of which a small page is subject to some twenty."""


def wait_until_calm(page: Page) -> None:
    """Until letters and pictures are there."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready")


def assert_whole(page: Page, folder: Path, name: str, least: int = LEAST_BYTES) -> None:
    """Nothing is cut, and a picture in the folder shows it."""
    wait_until_calm(page)
    assert page.evaluate(WIDER) == 0, f"{name} scrolls sideways"
    assert page.evaluate(CUT) == [], name
    assert picture(page, folder, name).stat().st_size > least, name


def assert_fit_for_everybody(page: Page, name: str, scheme: str = "light") -> None:
    """Axe finds nothing; where a dark page differs from the light one by its colours alone, only
    those are judged."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}  # the rest is counted, not told
    if scheme == "dark":
        options["runOnly"] = ["color-contrast"]
    page.evaluate(AXE)
    found = page.evaluate("options => axe.run(options)", options)
    told = [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found["violations"]]
    assert told == [], name
    assert len(found["passes"]) >= (1 if scheme == "dark" else LEAST_RULES), "nothing was judged"
