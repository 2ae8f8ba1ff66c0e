"""Patterns from a settings file: none can stall a kiosk, and accents do not matter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.documents import DEFAULT_RULES
from kiosk.core.headings import TOTALS
from kiosk.core.patterns import check_pattern, closed_up, compiled, fold


@pytest.mark.parametrize(
    "pattern",
    [
        r"total",
        r"^TOTAL\s+\d+[.,]\d\d$",
        r"(?:total|suma):? \d+",
        r"(?=abc)def(?!ghi)(?<=x)y(?<!z)",
        r"[]a-z(+*?{}|]+",
        r"[^]x]*\]",
        r"\(+\)*\d{1,200}",
        r"a{2,9}b{3}c?d{,5}",
        r"x{y}z{",
        r"(?:abc\s*)?$",
        r"devolución",
    ],
)
def test_an_ordinary_pattern_is_safe(pattern: str) -> None:
    assert check_pattern(pattern) == pattern


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(a*)*",
        r"(?:a|aa)+$",
        r"(?:x(?:a|b))*",
        r"((a?)){2,}",
        r"(\w+\s?)*!",
        r"(?:a{1,3}){1,40}",
    ],
)
def test_a_repeat_of_what_repeats_or_chooses_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="for ever"):
        check_pattern(pattern)


def test_too_many_open_repeats_are_refused() -> None:
    check_pattern(r".*a.*b.*c")
    with pytest.raises(ValueError, match="open repeats"):
        check_pattern(r".*a.*b.*c.*d")


@pytest.mark.parametrize(
    "pattern", ["(", "[", "*", "a{2,1}", "\\", "(?P<x", "a" * 201, "", "(?z)", "[[a]", "[a--b]"]
)
def test_what_is_no_pattern_is_refused_in_words(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"pattern|expression"):
        check_pattern(pattern)


@pytest.mark.parametrize("pattern", [r"(a)\1", r"(?P<a>b)", r"(?i)a", r"(?#note)a", r"(?>a)"])
def test_what_no_receipt_needs_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"group|expression"):
        check_pattern(pattern)


def test_our_own_patterns_obey_our_own_rules() -> None:
    for rule in DEFAULT_RULES:
        for pattern in (*rule.patterns, *rule.unless):
            assert check_pattern(pattern) == pattern
    assert [check_pattern(pattern) for pattern in TOTALS] == list(TOTALS)


@settings(deadline=None)
@given(st.text(alphabet="ab()[]|*+?{},1?:=!<\\^$.- ", max_size=30))
def test_any_text_is_either_safe_or_refused(pattern: str) -> None:
    try:
        check_pattern(pattern)
    except ValueError:
        return
    compiled((pattern,)).search("a" * 40 + "b")


def test_accents_and_case_do_not_matter() -> None:
    assert compiled(["devolución"]).search(fold("DEVOLUCION"))
    assert compiled(["DEVOLUCION"]).search(fold("devolución"))
    assert fold("plain") == "plain"


def test_no_patterns_match_nothing() -> None:
    assert compiled([]).search("") is None


@pytest.mark.parametrize(
    ("spaced", "together"),
    [
        ("T O T A L  12,00", "TOTAL  12,00"),
        ("*** C O P I A ***", "*** COPIA ***"),
        ("D U P L I C A D O", "DUPLICADO"),
        ("PAN DE MOLDE", "PAN DE MOLDE"),
        ("2 x 3", "2x3"),
    ],
)
def test_letters_that_were_spaced_out_are_drawn_together(spaced: str, together: str) -> None:
    assert closed_up(spaced) == together
