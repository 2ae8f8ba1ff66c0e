"""What a kiosk can draw of a text."""

from __future__ import annotations

import pytest

from shared.letters import undrawn


@pytest.mark.parametrize(
    "text",
    ["", "¿Qué tal, señora? 5 € ½ ‰", "Žluťoučký kůň", "Πώς ήταν;", "Как всё прошло?",
     "كيف كانت زيارتك؟ 5€ (Wi-Fi)", "super\u00admarket", "«Très bien» … – “ja”"],
)  # fmt: skip
def test_what_the_fonts_have_can_be_drawn(text: str) -> None:
    assert undrawn(text) == ""


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("您好吗", "您"),
        ("¿Bien? 😀", "😀"),
        ("5 ★", "★"),
        ("→", "→"),
        ("שלום", "ש"),
        ("كيف Ж", "Ж"),
    ],
)
def test_the_first_letter_that_they_lack_is_named(text: str, letter: str) -> None:
    assert undrawn(text) == letter
