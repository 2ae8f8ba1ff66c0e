"""The words of the store display: every one in every language, with the same places."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from hub.web.assets import FOLDER, Assets
from hub.web.displaying import DOMAIN, SENTENCES, DisplayPages
from hub.web.wording import CATALOGUES, LANGUAGES
from kiosk.screen import words as kiosk_words

PLACE = re.compile(r"\{\w+\}|[\[\]]")


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / f"LC_MESSAGES/{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_worded_and_none_is_left_over(language: str) -> None:
    known = {str(one.id): str(one.string) for one in catalogue(language) if one.id}
    assert set(known) == set(SENTENCES.values())
    for sentence, worded in known.items():
        assert worded.strip()
        assert PLACE.findall(worded) == PLACE.findall(sentence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    with (CATALOGUES / language / f"LC_MESSAGES/{DOMAIN}.mo").open("rb") as file:
        compiled = {one.id: one.string for one in read_mo(file) if one.id}
    assert compiled == {one.id: one.string for one in catalogue(language) if one.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_kiosk_says_too_is_said_alike(language: str) -> None:
    words, kiosk = DisplayPages(Assets()).words[language], kiosk_words.sentences(language)
    assert words["quickest"] == kiosk("Quickest now")
    assert words["seconds"] == kiosk("{seconds} s ago")
    assert words["minutes"] == kiosk("{minutes} min ago")
    assert kiosk("{minutes} min") in words["about"]


def test_the_script_says_nothing_that_has_no_words() -> None:
    script = (FOLDER / "display.js").read_text()
    used = set(re.findall(r"\bsaid\.(\w+)|words\[\w+\]\.(\w+)", script))
    named = {one or other for one, other in used}
    assert named <= set(SENTENCES) | {"replace"}
    assert set(SENTENCES) - named <= {"up_to"}  # by the name of the store's wording
