"""The page of a device that is no kiosk yet: every fault can be read, on every glass."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.core.unready import Obstacle, Unready
from kiosk.screen.words import sentences
from kiosk.screen.words.faults import in_words
from kiosk.screen.words.unready import refusals
from tests.screen.panel_samples import LANGUAGES, SIZES
from tests.screen.rig import Rig
from tests.screen.test_panel import inside, letterings

pytestmark = pytest.mark.screen

MOST_ROWS = 10

FAULTS = (
    Obstacle("stor: nobody knows this key; did you mean “store”?", line=1),
    Obstacle(
        "point: is no name. Use 1 to 32 of the characters a–z, 0–9 and “-”, beginning with a "
        "letter or digit.",
        line=2,
    ),
    Obstacle("hub: 'http://hub' is none: it begins with https://", line=4),
    Obstacle("join_code: the join code is not written as it was given.", line=16),
    Obstacle("[netwrk]: nobody knows this table; did you mean [network]?", line=118),
    Obstacle("store: is missing"),
    Obstacle("till.port: is missing"),
)
LATER = Obstacle(
    "nobody here knows the name hub.example",
    "The store's network does not know the name: give the hub's address instead of its name, or "
    "let the network tell a DNS server. The device tries again by itself.",
    "later",
)


def pages(language: str) -> list[Unready]:
    codes = tuple(refusals(sentences(language)))
    return [
        Unready(language, "semblante.toml", FAULTS, foot="Semblante 1.4.0"),
        Unready(language, "semblante.toml", (LATER,), trying=True, foot="Semblante 1.4.0"),
        *(Unready(language, "semblante.toml", (Obstacle("x", "y", code),)) for code in codes),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_text_is_cut_or_too_small(rig: Rig, size: tuple[int, int], language: str) -> None:
    for page in pages(language):
        rig.show(page, size)
        for text in letterings(rig):
            assert text.whole, text.text
            assert inside(text.ink, text.box), text.text
            assert text.size >= 0.5 * text.wished, text.text


def said(rig: Rig) -> list[str]:
    return [text.text for text in letterings(rig)]


def test_every_fault_stands_beside_its_line(rig: Rig) -> None:
    rig.show(pages("es")[0])
    texts = said(rig)
    assert [f"línea {one.line}" for one in FAULTS if one.line] == [
        text for text in texts if text.startswith("línea")
    ]
    assert all(in_words(one.text, sentences("es")) in texts for one in FAULTS)
    assert "stor: nadie conoce esta clave; ¿querías decir «store»?" in texts


def test_a_refusal_is_told_in_the_technicians_language(rig: Rig) -> None:
    rig.show(Unready("es", "semblante.toml", (Obstacle("used", "again", "used"),)))
    assert "Otro aparato ya usó este código de alta." in said(rig)
    rig.show(Unready("es", "semblante.toml", (Obstacle("Never heard of.", "Ask.", "brandnew"),)))
    assert {"Never heard of.", "Ask."} <= set(said(rig))


def test_more_faults_than_anybody_reads_are_counted(rig: Rig) -> None:
    many = tuple(Obstacle(f"key{n}: is missing") for n in range(3 * MOST_ROWS))
    rig.show(Unready("en", "kiosk.toml", many))
    sheet: Any = rig.stage.sheet
    shown = sum(bool(row.what.text) for row in sheet.rows)
    assert shown >= MOST_ROWS - 2
    assert f"… and {len(many) - shown} more" in said(rig)
    rig.show(pages("en")[1])
    assert not any("more" in text for text in said(rig)[3:] if text.startswith("…"))
