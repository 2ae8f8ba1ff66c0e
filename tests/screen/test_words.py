"""Every sentence exists in both languages, compiled as written, and every letter can be drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from kiosk.screen.theme import BOLD, REGULAR, SEMIBOLD
from kiosk.screen.words import in_language, sentences
from tests.screen.samples import LANGUAGES

SCREEN = Path(__file__).parents[2] / "kiosk" / "screen"
NEEDED = "áéíóúüñÁÉÍÓÚÜÑ¿¡«»“”‘’–—…€·0123456789%?!.,:;()+-/&"


def used() -> set[str]:
    """The sentences that the code says."""
    found = extract_from_dir(SCREEN, keywords={"say": None})
    return {str(sentence) for _, _, sentence, _, _ in found}


def catalogue(language: str) -> Catalog:
    with (SCREEN / "words" / language / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        return read_po(file)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_code_is_there_and_no_other(language: str) -> None:
    assert {str(message.id) for message in catalogue(language) if message.id} == used()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_or_in_doubt(language: str) -> None:
    for message in catalogue(language):
        assert str(message.string).strip(), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_program_reads_is_what_was_written(language: str) -> None:
    with (SCREEN / "words" / language / "LC_MESSAGES" / "kiosk.mo").open("rb") as file:
        compiled = {message.id: message.string for message in read_mo(file) if message.id}
    written = {message.id: message.string for message in catalogue(language) if message.id}
    assert compiled == written, "compile again: pybabel compile -D kiosk -d kiosk/screen/words"


def test_spanish_is_spanish_and_english_english() -> None:
    assert sentences("es")("Not now") == "Ahora no"
    assert sentences("en")("Not now") == "Not now"


def test_a_language_without_a_catalogue_falls_back_to_english() -> None:
    assert sentences("xx")("Not now") == "Not now"


def test_texts_are_taken_in_the_language_of_the_page_else_in_the_first_of_its_others() -> None:
    texts = {"pt": "Olá", "es": "Hola", "en": " "}
    assert in_language(texts, "es", ("pt",)) == "Hola"
    assert in_language(texts, "en", ("es", "pt")) == "Hola"
    assert in_language(texts, "fr") == "Olá"
    assert in_language({}, "es", ("en",)) == ""


@pytest.mark.parametrize("font", [REGULAR, SEMIBOLD, BOLD], ids=lambda font: Path(font).stem)
def test_the_font_has_every_letter_that_the_sentences_need(font: str) -> None:
    letters = {chr(code) for code in TTFont(font).getBestCmap()}
    said = {
        letter for language in LANGUAGES for m in catalogue(language) for letter in str(m.string)
    }
    assert set(NEEDED) | (said - {"\n"}) <= letters


def test_the_licence_of_the_fonts_stands_beside_them() -> None:
    text = (SCREEN / "fonts" / "OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Atkinson Hyperlegible Next Project Authors" in text
