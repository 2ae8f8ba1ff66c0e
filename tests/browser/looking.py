"""What every page must pass on every glass: nothing is cut, and axe finds nothing to mend."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

from tests.parts.chromium import picture

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()

SEEN = """async () => {
  await document.fonts.ready;
  const cut = [...document.querySelectorAll('body *')].filter(element => {
    const style = getComputedStyle(element);
    if (style.overflow === 'visible' || style.overflow === '') return false;
    if (element.closest('.for-ears, .sprite, .scrolls, textarea') || element.closest('svg')) {
      return false;
    }
    return element.scrollWidth > element.clientWidth + 1;
  }).map(element => element.tagName + '.' + element.className);
  const whole = document.documentElement;
  return {glass: innerWidth, wider: whole.scrollWidth - whole.clientWidth, cut};
}"""
"""How wide the glass is, how much wider the page, and the elements that hide a part of what is in
them; a text field scrolls by itself."""

LEAST_BYTES = 10_000
"""Of a picture: a page without anything on it has less."""

LEAST_RULES = 15
"""Axe has about 100, of which a small page is subject to some twenty."""


@dataclass(frozen=True, slots=True)
class Look:
    """A glass and its light. No script of ours asks for either, so a page that is open is turned
    from one to the next: it need not be loaded for each."""

    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"

    def at(self, page: Page) -> None:
        """Look at the page so."""
        page.set_viewport_size({"width": self.width, "height": self.height})
        page.emulate_media(color_scheme=self.scheme, reduced_motion="reduce")


DESK, DARK = Look(1440, 1010), Look(1440, 1010, "dark")
PHONE, NIGHT = Look(390, 844), Look(390, 844, "dark")
SMALLEST = Look(320, 640)


def wait_until_calm(page: Page) -> None:
    """Until letters and pictures are there."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready")


def assert_whole_on(
    page: Page, folder: Path, name: str, *looks: Look, least: int = LEAST_BYTES
) -> None:
    """Nothing is cut on any of these glasses; the last one stays."""
    for look in looks:
        look.at(page)
        assert_whole(page, folder, f"{name}-{look.width}-{look.scheme}", least)


def assert_whole(page: Page, folder: Path, name: str, least: int = LEAST_BYTES) -> None:
    """Nothing is cut, and a picture in the folder shows it."""
    page.wait_for_load_state()
    seen = page.evaluate(SEEN)
    assert page.viewport_size is not None
    assert seen["glass"] == page.viewport_size["width"], f"{name} is not on its glass yet"
    assert seen["wider"] == 0, f"{name} scrolls sideways"
    assert seen["cut"] == [], name
    assert picture(page, folder, name).stat().st_size > least, name


def assert_fit_on(page: Page, name: str, *looks: Look) -> None:
    """Axe finds nothing on any of these glasses; the last one stays."""
    for look in looks:
        look.at(page)
        assert_fit_for_everybody(page, name, look.scheme)


def assert_fit_for_everybody(page: Page, name: str, scheme: str = "light") -> None:
    """Axe finds nothing; where a dark page differs from the light one by its colours alone, only
    those are judged."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}  # the rest is counted, not told
    if scheme == "dark":
        options["runOnly"] = ["color-contrast"]
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(options)", options)
    told = [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found["violations"]]
    assert told == [], name
    assert len(found["passes"]) >= (1 if scheme == "dark" else LEAST_RULES), "nothing was judged"
