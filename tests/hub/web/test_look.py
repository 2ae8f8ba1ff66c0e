"""Colours: what is written can be read, on light and on dark (WCAG 2.2 AA)."""

from __future__ import annotations

import re

import pytest

from hub.web.assets import FOLDER

TEXT, MARK = 4.5, 3.0

PAIRS = [
    ("ink", "card", TEXT),
    ("ink", "ground", TEXT),
    ("soft", "card", TEXT),
    ("soft", "ground", TEXT),
    ("link", "card", TEXT),
    ("good", "card", TEXT),
    ("bad", "card", TEXT),
    ("bad", "ground", TEXT),
    ("bad", "bad-ground", TEXT),
    ("good", "good-ground", TEXT),
    ("card", "ink", TEXT),
    ("side-ink", "side", TEXT),
    ("side-ink", "side-here", TEXT),
    ("side-strong", "side-here", TEXT),
    ("side-soft", "side", TEXT),
    ("side-soft", "side-here", TEXT),
    ("ink", "field", TEXT),
    ("field-edge", "field", MARK),
    ("field-edge", "card", MARK),
    ("focus", "card", MARK),
    ("focus", "ground", MARK),
    ("sad", "card", MARK),
    ("happy", "card", MARK),
    ("mark", "card", MARK),
    ("bar-other", "card", MARK),
    ("ink", "band", TEXT),
]


def colours(scheme: str) -> dict[str, str]:
    """The named colours of a scheme; dark changes some of light's."""
    text = (FOLDER / "look.css").read_text()
    light, dark = text.split("@media (prefers-color-scheme: dark)")[:2]
    read = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
    found = dict(read.findall(light.split(":root")[1]))
    return found if scheme == "light" else found | dict(read.findall(dark.split("* {")[0]))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_what_stands_on_what_can_be_told_apart(
    scheme: str, front: str, back: str, least: float
) -> None:
    known = colours(scheme)
    assert contrast(known[front], known[back]) >= least


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("shade", range(7))
def test_every_shade_of_the_heat_map_can_be_read(shade: int, place: int) -> None:
    rule = rf"\.heat\.h{shade} {{ background: (#[0-9a-f]{{6}}); color: (#[0-9a-f]{{6}}); }}"
    background, ink = re.findall(rule, (FOLDER / "pages.css").read_text())[place]
    assert contrast(background, ink) >= TEXT


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in FOLDER.glob("*.*"):
        text = path.read_text() if path.suffix in {".css", ".js"} else ""
        assert "//" not in re.sub(r"^\s*//.*|\s// .*", "", text, flags=re.M).replace("*/", "")
