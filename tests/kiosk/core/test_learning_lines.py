"""Lines without their figures, and the safe patterns that find them again."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kiosk.core.documents import Judge, Rule, Rules
from kiosk.core.learning_lines import (
    Document,
    heading_pattern,
    label,
    label_pattern,
    pattern_of,
    shape,
    telling,
    total_label,
    value,
)
from kiosk.core.patterns import check_pattern, compiled, fold

SIGNS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x24F), max_size=60)
WORDS = st.text(st.sampled_from("abcXYZñßÉøжЯגم货退"), min_size=3, max_size=12)
LINES = st.builds(lambda before, word, behind: f"{before} {word}{behind}", SIGNS, WORDS, SIGNS)


def paper(*lines: str) -> Document:
    return Document(tuple(map(fold, lines)), True, "sale")


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_a_pattern_is_safe_and_finds_its_own_line(text: str) -> None:
    line = fold(text).strip()
    assume(not re.search(r"\d{10}|\s{10}", line))
    pattern = check_pattern(pattern_of(shape(line)))
    assert compiled((pattern,)).search(line)


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_a_heading_without_a_price_is_found_by_the_kiosks_own_judge(text: str) -> None:
    assume(not any(map(str.isdigit, text)))
    judge = Judge(Rules(ordered=(Rule("own", (heading_pattern(shape(fold(text).strip())),)),)))
    judge.line(text)
    assert judge.end() == (False, "own")


def test_a_number_is_any_number_and_a_price_no_heading() -> None:
    pattern = compiled((heading_pattern(shape("** OPIS c. 12 **")),))
    assert pattern.search("* opis c. 7 *")
    assert not pattern.search("OPIS c. 12 3,50")
    assert not pattern.search("OPIS VECI c. 12")


def test_headings_stand_in_these_and_in_no_others() -> None:
    sales = [paper("SHOP", "BREAD 1,00"), paper("SHOP", "MILK 2,00")]
    copy = paper("SHOP", "Served by: Ann", "12.11.2026 10:31", "MILK 2,00", "NEVYDANO", "= OPIS =")
    assert telling([copy], sales) == ["= opis =", "nevydano"]
    assert telling([copy, paper("SHOP", "= OPIS =")], sales) == ["= opis ="]
    assert telling([sales[0]], sales) == []


@pytest.mark.parametrize(
    ("line", "words", "amount"),
    [
        ("CELKEM Kc       50,00", "celkem kc", 5_000),
        ("** TOTAL EUR  -1.234,50 **", "total eur", 123_450),
        ("SUMA: 990 Kc", "suma", 990),
        ("2 x PAN 1,65", None, 165),
        ("GRACIAS", None, 0),
    ],
)
def test_an_amount_and_the_words_before_it(line: str, words: str | None, amount: int) -> None:
    assert label(line) == words
    assert value(line) == amount


def test_the_total_is_the_amount_that_the_others_make() -> None:
    one = paper("HLEB 10,00", "SOK 5,00", "UKUPNO 15,00", "GOTOVINA 20,00")
    two = paper("HLEB 10,00", "KAFA 7,00", "UKUPNO 17,00", "GOTOVINA 17,00")
    assert total_label([one, two]) == "ukupno"
    assert total_label([paper("HLEB 10,00"), paper("SOK 5,00")]) is None


@settings(max_examples=100, deadline=None)
@given(WORDS, SIGNS)
def test_the_words_of_a_label_make_a_safe_pattern(word: str, more: str) -> None:
    words = label(f"{fold(word + more)} 1,00")
    assert words is not None
    assert check_pattern(label_pattern(words))
