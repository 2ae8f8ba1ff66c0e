"""Layouts in YAML: what is written is read again, and what is wrong is told with its line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.notation import write_yaml
from hub.core.ports import Point
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.laying import EMPTY
from hub.core.waiting.layout import Hook, Layout
from hub.core.waiting.noticing import Terms
from hub.core.waiting.written import from_yaml, to_yaml
from shared.errors import LayoutRefused
from shared.notices import Wording
from shared.places import PointId, StoreId

STORE = StoreId("centro-012")
POINTS = [Point(STORE, PointId(f"caja-{n}"), f"Caja {n}", position=n) for n in range(1, 5)]
ONE, TWO = LineId("fila-unica"), LineId("rapida")
WHOLE = Layout(
    3,
    (Line(ONE, (PointId("caja-1"), PointId("caja-2"))), Line(TWO, (PointId("caja-3"),), True)),
    names={ONE: "Fila única", TWO: "no"},  # a word that YAML would take for false
    lanes=frozenset({TWO}),
    terms=Terms(percentile=0.65, rounding=2, wording=Wording.UP_TO),
    hook=Hook("https://example.org/alerts", "ab" * 32),
)


def faults_of(text: str) -> list[str]:
    with pytest.raises(LayoutRefused) as refused:
        from_yaml(text, EMPTY, POINTS)
    return list(refused.value.told())


def test_what_is_written_is_read_again() -> None:
    text = to_yaml(WHOLE)
    assert from_yaml(text, WHOLE, POINTS) == WHOLE
    assert "ab" * 32 not in text


def test_what_is_not_named_stays() -> None:
    assert from_yaml("percentile: 70\n", WHOLE, POINTS) == replace(
        WHOLE, terms=replace(WHOLE.terms, percentile=0.7)
    )
    assert from_yaml("{}", WHOLE, POINTS) == WHOLE


def test_lines_that_are_named_are_all_there_are() -> None:
    text = "lines:\n- name: Caja rápida\n  points: [caja-4]\n  lane: true\n"
    found = from_yaml(text, WHOLE, POINTS)
    line = LineId("caja-rapida")
    assert found.lines == (Line(line, (PointId("caja-4"),)),)
    assert (dict(found.names), set(found.lanes)) == ({line: "Caja rápida"}, {line})
    assert from_yaml("lines: []", WHOLE, POINTS).lines == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("percentile: 99", "line 1: percentile: is no number from 50 to 95"),
        ("\nrounding: 3", "line 2: rounding: 3 is none of 1, 2, 5"),
        ("percentile: true", "line 1: percentile: must be a text"),
        ("colour: red", "line 1: colour: nobody knows this field"),
        ("lines: 5", "line 1: lines: must be a list"),
        ("lines:\n- 5", "line 2: lines.0: must have fields with names"),
        ("lines:\n- name: A\n  lanes: true", "line 3: lines.0.lanes: nobody knows this field"),
        ("lines:\n- name: A\n  lane: 1", "line 3: lines.0.lane: must be true or false"),
        ("lines:\n- name: A\n  points: caja-1", "line 3: lines.0.points: must be a list"),
        (
            "lines:\n- name: A\n  points: [caja-9]",
            "line 3: lines.0.points: there is no register “caja-9”",
        ),
        ("- 1", "line 1: lines: must have fields with names"),
        ("a: *b", "line 1: lines: holds an anchor or an alias (& or *): write it out"),
        ("percentile: 80\npercentile: 81", "line 2: lines: has the field “percentile” twice"),
        ("hook: http//x", "line 1: hook: is no address like https://example.org/alerts"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    assert told in faults_of(text)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_no_text_is_too_strange(text: str) -> None:
    try:
        layout = from_yaml(text, EMPTY, POINTS)
    except LayoutRefused:
        return
    assert from_yaml(to_yaml(layout), layout, POINTS) == layout


names = st.sampled_from(["lines", "name", "points", "lane", "percentile", "hook", "wording", "x"])
scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
values = st.recursive(
    scalars, lambda it: st.lists(it, max_size=3) | st.dictionaries(names, it, max_size=3)
)


@given(st.dictionaries(names, values, max_size=5))
@settings(deadline=None, max_examples=60)
def test_nothing_of_another_kind_gets_through(said: dict[str, object]) -> None:
    try:
        layout = from_yaml(write_yaml(said), EMPTY, POINTS)
    except LayoutRefused:
        return
    assert 0.5 <= layout.terms.percentile <= 0.95
