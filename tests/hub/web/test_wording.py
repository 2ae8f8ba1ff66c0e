"""Words: nothing missing in any language; numbers, dates and durations as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from hub.web.wording import CATALOGUES, LOCALES, best_language, load_words

WEB = CATALOGUES.parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"encoding": "utf-8", "newstyle_gettext": "true"}}
PLACE = re.compile(r"%\((\w+)\)")


@pytest.fixture(scope="module")
def sentences() -> set[str]:
    """Every sentence that code and templates ask for."""
    found = extract_from_dir(WEB, METHODS, OPTIONS)
    ids = {message[2] for message in found}
    return {one if isinstance(one, str) else one[0] for one in ids}


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


@pytest.mark.parametrize("language", LOCALES)
def test_every_sentence_is_there_and_none_is_left_over(sentences: set[str], language: str) -> None:
    known = {ids(message)[0] for message in catalogue(language) if message.id}
    assert len(sentences) > 100
    assert known == sentences


@pytest.mark.parametrize("language", LOCALES)
def test_every_sentence_is_worded_with_the_same_places_for_values(language: str) -> None:
    for message in catalogue(language):
        assert not message.fuzzy
        assert all(texts(message)), message.id
        if message.id:
            wanted = [set(PLACE.findall(one)) for one in ids(message)]
            given = [set(PLACE.findall(text)) for text in texts(message)]
            assert given == wanted, message.id


def test_spanish_is_spanish() -> None:
    same = {ids(m)[0] for m in catalogue("es") if m.id and texts(m)[0] == ids(m)[0]}
    assert same == set()


@pytest.mark.parametrize("language", LOCALES)
def test_the_compiled_words_are_those_of_the_readable_file(language: str) -> None:
    with (CATALOGUES / language / "LC_MESSAGES/messages.mo").open("rb") as file:
        compiled = {ids(message): texts(message) for message in read_mo(file) if message.id}
    readable = {ids(message): texts(message) for message in catalogue(language) if message.id}
    assert compiled == readable


def test_numbers_and_shares_are_written_as_their_readers_do() -> None:
    english, spanish = load_words()["en"], load_words()["es"]
    assert (english.number(78.5, 1), spanish.number(78.5, 1)) == ("78.5", "78,5")
    assert (english.number(12840), spanish.number(12840)) == ("12,840", "12.840")
    assert english.number(-3.2, 1) == "−3.2"
    assert (english.percent(0.31), spanish.percent(0.31)) == ("31%", "31\N{NO-BREAK SPACE}%")


def test_dates_are_written_as_their_readers_do() -> None:
    english, spanish = load_words()["en"], load_words()["es"]
    day = date(2026, 11, 19)
    assert english.long_day(day) == "Thursday 19 November"
    assert spanish.long_day(day) == "jueves, 19 de noviembre"
    assert (english.short_day(day), spanish.short_day(day)) == ("Thu 19 Nov", "jue 19 nov")
    assert spanish.full_date(day) == "19 de noviembre de 2026"
    assert english.span(day, day) == "19 November 2026"
    assert "2026" in english.span(date(2026, 10, 22), day)
    assert english.moment(datetime(2026, 11, 19, 18, 2)) == "19 Nov 2026, 18:02"  # noqa: DTZ001
    assert [spanish.weekday(0), spanish.short_weekday(6)] == ["lunes", "dom"]
    assert english.listed(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 s"), (59.9, "59 s"), (60, "1 min"), (7199, "1 h"), (86_400 * 1200, "1,200 d")],
)
def test_a_duration_is_told_in_the_largest_unit_that_fits(seconds: float, text: str) -> None:
    assert load_words()["en"].duration(seconds) == text


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de,es;q=0.3,en;q=0.2", "es"),
        ("en;q=0.1,es;q=0.2", "es"),
        ("xx;q=nan,es;q=inf", "en"),
        (";;;,,q=,es;q=", "en"),
        ("es;q=0", "en"),
        ("," * 100_000, "en"),
    ],
)
def test_a_browser_gets_the_language_that_it_likes_best(accepts: str, language: str) -> None:
    assert best_language(accepts) == language


def test_a_number_of_things_has_its_own_words() -> None:
    words = load_words()["es"]
    one, many = "%(num)s record unsent", "%(num)s records unsent"
    told = [words.ngettext(one, many, n) for n in (1, 2)]
    assert told == ["%(num)s registro sin enviar", "%(num)s registros sin enviar"]
