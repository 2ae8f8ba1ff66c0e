"""By day and by night words stand out 4.5 to 1 from what is behind them, and shapes 3 to 1."""

from __future__ import annotations

import pytest

from kiosk.screen import theme
from kiosk.screen.theme import Colour, by

WORDS = {
    "ink on paper": (theme.INK, theme.PAPER),
    "ink on a tile": (theme.INK, theme.WHITE),
    "ink on a touched tile": (theme.INK, theme.SHADE),
    "words on what is ink": (theme.WHITE, theme.INK),
    "words on touched ink": (theme.WHITE, theme.INK_TOUCHED),
    "second-rank words on paper": (theme.SOFT, theme.PAPER),
    "the way to the questionnaire on a tile": (theme.GREEN, theme.WHITE),
    "the same under a finger": (theme.GREEN, theme.SHADE),
    "words on the panel": (theme.ON_PANEL, theme.PANEL),
    "second-rank words on the panel": (theme.INK_SOFT, theme.PANEL),
    "second-rank words on a panel on it": (theme.INK_SOFT, theme.PANEL_INNER),
    "the quickest register": (theme.MINT, theme.PANEL_INNER),
}
SHAPES = {
    "the outline of a tile on paper": (theme.EDGE, theme.PAPER),
    "the outline of a tile on the tile": (theme.EDGE, theme.WHITE),
    "what the buttons have come to, on paper": (theme.FOCUS, theme.PAPER),
    "what the buttons have come to, on a tile": (theme.FOCUS, theme.WHITE),
    "the ring on paper": (theme.SOFT, theme.PAPER),
    "a sign on paper": (theme.INK, theme.PAPER),
    "a sign's strokes": (theme.PAPER, theme.INK),
    "a chosen tile beside one that is not": (theme.INK, theme.WHITE),
}
FACES = {"sad": theme.SAD, "neutral": theme.NEUTRAL, "happy": theme.HAPPY}
NIGHTS = pytest.mark.parametrize("night", [False, True], ids=["day", "night"])


def luminance(shade: Colour) -> float:
    """WCAG's relative luminance."""
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in shade)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour, night: bool) -> float:
    """WCAG's contrast ratio, from 1 to 21."""
    dark, light = sorted(luminance(by(night, shade)) for shade in (one, other))
    return (light + 0.05) / (dark + 0.05)


@NIGHTS
@pytest.mark.parametrize("what", WORDS)
def test_words_stand_out(what: str, night: bool) -> None:
    assert contrast(*WORDS[what], night) >= 4.5


@NIGHTS
@pytest.mark.parametrize("what", SHAPES)
def test_shapes_stand_out(what: str, night: bool) -> None:
    assert contrast(*SHAPES[what], night) >= 3


@NIGHTS
@pytest.mark.parametrize("face", FACES)
def test_a_face_stands_out_by_its_rim_or_by_its_disc(face: str, night: bool) -> None:
    """By day the neutral disc alone is 2.2 to 1 on paper: the rim of ink gives it its edge."""
    rim = contrast(theme.FEATURE, theme.PAPER, night)
    disc = contrast(FACES[face], theme.PAPER, night)
    assert max(rim, disc) >= 3


@pytest.mark.parametrize("face", FACES)
def test_brows_eyes_and_mouth_stand_out_from_the_face(face: str) -> None:
    assert contrast(theme.FEATURE, FACES[face], night=False) >= 3


def test_the_neutral_disc_alone_would_not_do_by_day() -> None:
    assert contrast(theme.NEUTRAL, theme.PAPER, night=False) == pytest.approx(2.2, abs=0.05)


def test_a_colour_of_the_day_is_an_ordinary_colour() -> None:
    assert theme.colour("#17212B") == theme.INK
    assert by(False, theme.INK) == theme.INK
    assert by(True, theme.SAD) == theme.SAD, "faces keep their colours"
