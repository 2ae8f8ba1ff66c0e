"""The words of the pages for phones: every one in every language, with the same places."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from hub.web.assets import Assets
from hub.web.pages import phone
from hub.web.phoning import DOMAIN, PhonePages, chosen
from hub.web.renderer import FOLDER
from hub.web.wording import CATALOGUES, LANGUAGES
from kiosk.screen import words as kiosk_words
from shared.texts import in_language
from tests.shared.questionnaires import EVERY_KIND

SAID = re.compile(r'say\(\s*"([^"]+)"')
FAULT = re.compile(r'return "([A-Z][^"]+\.)"')
PLACE = re.compile(r"%\((\w+)\)")


def sentences() -> set[str]:
    templates = (FOLDER / "phone").glob("*.html")
    texts = [path.read_text() for path in templates]
    code = Path(phone.__file__).read_text()
    return {one for text in texts for one in SAID.findall(text)} | set(FAULT.findall(code))


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / f"LC_MESSAGES/{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_worded_and_none_is_left_over(language: str) -> None:
    known = {str(one.id): str(one.string) for one in catalogue(language) if one.id}
    assert set(known) == sentences()
    assert len(known) > 30
    for sentence, worded in known.items():
        assert worded.strip()
        assert sorted(PLACE.findall(worded)) == sorted(PLACE.findall(sentence))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    with (CATALOGUES / language / f"LC_MESSAGES/{DOMAIN}.mo").open("rb") as file:
        compiled = {one.id: one.string for one in read_mo(file) if one.id}
    assert compiled == {one.id: one.string for one in catalogue(language) if one.id}


def test_the_language_is_the_one_asked_for_or_liked_or_the_first() -> None:
    assert chosen(EVERY_KIND, "en", "es") == "en"
    assert chosen(EVERY_KIND, "ar", "en-GB,es;q=0.5") == "en"
    assert chosen(EVERY_KIND, "", "ar") == "es"
    assert chosen(None, "", "ar") == "ar"


def test_a_sentence_that_is_missing_is_said_in_another_language() -> None:
    assert in_language({"es": "Hola", "en": ""}, "en") == "Hola"
    assert in_language({}, "en") == ""


def test_a_language_that_the_pages_do_not_speak_gets_english_around_it() -> None:
    page = PhonePages(Assets()).render("ca", "refused.html", why="busy")
    assert '<html lang="ca" dir="ltr">' in page
    assert "Too many at once" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_face_has_the_same_word_as_on_the_kiosk(language: str) -> None:
    known = {str(one.id): str(one.string) for one in catalogue(language)}
    for face in ("Bad", "Fair", "Good"):
        assert known[face] == kiosk_words.sentences(language)(face)
