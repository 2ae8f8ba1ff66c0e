"""YAML: what is read, with which line; what is refused, however it comes."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.notation import DEEPEST, LONGEST, MOST_NODES, read_yaml, write_yaml
from shared.errors import QuestionnaireRefused

LAUGHS = "a: &a [x,x]\n" + "".join(
    f"{name}: &{name} [*{before},*{before}]\n"
    for before, name in zip("abcdefghijklmnop", "bcdefghijklmnopq", strict=True)
)

HOSTILE = {
    "billion laughs": LAUGHS,
    "an alias alone": "a: *x",
    "an anchor alone": "a: &x 1",
    "a list that holds itself": "&x [*x]",
    "a tag": "!!python/object/apply:os.system [id]",
    "a tag inside": "a: !!binary aGVsbG8=",
    "two documents": "a: 1\n---\nb: 2",
    "a field twice": "a: 1\nb: 2\na: 3",
    "a field that is a list": "? [a]\n: 1",
    "a field that is a mapping": "? {a: 1}\n: 1",
    "too deep": "[" * 1_000 + "]" * 1_000,
    "just too deep": "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
    "too deep in blocks": "\n".join(" " * n + "a:" for n in range(200)),
    "too long": "a: " + "x" * LONGEST,
    "too many parts": "[" + "1," * MOST_NODES + "1]",
    "an open list": "a: [1,",
    "an open text": 'a: "x',
    "tabs": "a:\n\t- b",
    "nothing but a zero byte": "\x00",
    "half of a character": "a: \ud800",
    "a merge": "a: &x {b: 1}\nc:\n  <<: *x",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_hostile_or_broken_is_refused_with_a_line(text: str) -> None:
    with pytest.raises(QuestionnaireRefused) as refused:
        read_yaml(text)
    assert refused.value.lines[0] >= 1
    assert str(refused.value).startswith("line ")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2026-11-22", "2026-11-22"),
        ("12:30", "12:30"),
        ("1.5", "1.5"),
        ("0x1F", "0x1F"),
        ("5", 5),
        ("-3", -3),
        ("'5'", "5"),
        ('"true"', "true"),
        ("true", True),
        ("~", None),
        ("", None),
        ("<<", "<<"),
        ("9999999999999999999999", "9999999999999999999999"),
    ],
)
def test_a_word_means_what_it_looks_like(text: str, value: object) -> None:
    assert read_yaml(f"a: {text}").fields == {"a": value}


def test_every_part_has_its_line() -> None:
    document = read_yaml(
        "id: a\nquestions:\n- id: why\n  text:\n    es: Hola\n- id: x\n  shown_if:\n"
        "  - question: why\n    among: [1, 2]\n"
    )
    places = {
        "id": 1, "questions": 2, "questions.why": 3, "questions.why.text.es": 5,
        "questions.why.text.en": 4, "questions.x.shown_if.0": 8,
        "questions.x.shown_if.0.among": 9, "questions.x.shown_if.7": 7, "questions.1": 6,
        "questions.nobody.text": 2, "title": 1, "": 1, "id.text": 1,
    }  # fmt: skip
    assert {place: document.line_of(place) for place in places} == places


plain = st.none() | st.booleans() | st.integers(-999_999_999, 999_999_999)
text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
trees = st.recursive(
    plain | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner),
    max_leaves=12,
)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(text, trees, max_size=4))
def test_what_is_written_reads_the_same(fields: dict[str, object]) -> None:
    assert read_yaml(write_yaml(fields)).fields == fields


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60) | st.text("-:[]{}&*!|>'\"#?,% \n\tab1", max_size=60))
def test_any_text_is_read_or_refused(given_text: str) -> None:
    with suppress(QuestionnaireRefused):
        assert read_yaml(given_text).lines
