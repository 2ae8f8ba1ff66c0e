"""Every sentence exists in every language, compiled as written, and every letter can be drawn."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from kiosk.screen.scripts import raqm_font
from kiosk.screen.theme import BOLD, REGULAR, SEMIBOLD
from kiosk.screen.words import sentences
from shared.programme import default_programme
from shared.texts import in_language
from tests.screen.samples import LANGUAGES

SCREEN = Path(__file__).parents[2] / "kiosk" / "screen"
LATIN = ("es", "en", "pt")
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


def said(languages: tuple[str, ...]) -> set[str]:
    """Every letter of the sentences, and of what the default programme asks."""
    programme = default_programme(1)
    texts = [programme.question, *(reason.text for reason in programme.reasons)]
    asked = [text[language] for language in languages for text in texts]
    sentences = [str(m.string) for language in languages for m in catalogue(language) if m.id]
    return {letter for text in (*asked, *sentences) for letter in text}


def letters(font: str) -> set[str]:
    return {chr(code) for code in TTFont(font).getBestCmap()}


@pytest.mark.parametrize("font", [REGULAR, SEMIBOLD, BOLD], ids=lambda font: Path(font).stem)
def test_the_font_has_every_letter_that_the_sentences_need(font: str) -> None:
    assert set(NEEDED) | said(LATIN) <= letters(font)


@pytest.mark.parametrize("font", [REGULAR, SEMIBOLD, BOLD], ids=lambda font: Path(font).stem)
def test_the_arabic_font_has_the_latin_letters_too(font: str) -> None:
    assert set(NEEDED) | said(LANGUAGES) <= letters(raqm_font(font))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_loses_what_is_filled_in(language: str) -> None:
    for message in catalogue(language):
        wanted, found = (
            Counter(re.findall(r"{\w+}", str(t))) for t in (message.id, message.string)
        )
        assert wanted == found, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_question_and_reasons_ship_in_every_language(language: str) -> None:
    programme = default_programme(1)
    for text in (programme.question, *(reason.text for reason in programme.reasons)):
        assert text[language].strip()


def test_the_licence_of_the_fonts_stands_beside_them() -> None:
    text = (SCREEN / "fonts" / "OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Atkinson Hyperlegible Next Project Authors" in text
    arabic = (SCREEN / "fonts" / "OFL-NotoSansArabic.txt").read_text()
    assert "The Noto Project Authors" in arabic
    assert "SIL OPEN FONT LICENSE Version 1.1" in arabic
