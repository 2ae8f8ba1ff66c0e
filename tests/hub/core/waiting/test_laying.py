"""A layout as a form: written out and read again, each fault at its field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.ports import Point
from hub.core.waiting.alarming import Limits
from hub.core.waiting.arranging import Arrangement, arranged
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.laying import (
    EMPTY,
    LONGEST_NAME,
    NUMBERS,
    ROUNDINGS,
    changes,
    fields_of,
    keyed,
    laid_fields,
    read,
)
from hub.core.waiting.layout import MOST_LINES, Hook, Layout
from hub.core.waiting.noticing import Terms
from shared.errors import LayoutRefused
from shared.notices import Wording
from shared.places import PointId, StoreId

STORE = StoreId("centro-012")
POINTS = [Point(STORE, PointId(f"caja-{n}"), f"Caja {n}", position=n) for n in range(1, 7)]
DOOR = Point(STORE, PointId("entrada"), "Entrada", "entrance")
ONE, TWO = LineId("fila-unica"), LineId("rapida")
HOOK = Hook("https://example.org/alerts", "ab" * 32)
WHOLE = Layout(
    3,
    (Line(ONE, (PointId("caja-1"), PointId("caja-2"))), Line(TWO, (PointId("caja-3"),), True)),
    names={ONE: "Fila única", TWO: "Rápida"},
    lanes=frozenset({TWO}),
    usual_ms=70_000,
    terms=Terms(percentile=0.65, rounding=2, wording=Wording.UP_TO, slack=0.02),
    limits=Limits(long_minutes=9.0, fine_minutes=3.0),
    hook=HOOK,
)
NAMES = {False: "Cajas", True: "Autopago"}


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Anything that a form can say."""
    number = {name: draw(st.integers(offered[0], offered[-1])) for name, offered in NUMBERS.items()}
    long = max(2, number["long_minutes"])
    order = draw(st.permutations([point.point_id for point in POINTS]))
    cuts = sorted(draw(st.sets(st.integers(1, 5), max_size=3)))
    parts = [order[a:b] for a, b in zip([0, *cuts], [*cuts, 6], strict=True)]
    lines = tuple(
        Line(LineId(f"line-{at}"), tuple(sorted(part)), draw(st.booleans()))
        for at, part in enumerate(parts)
    )
    return Layout(
        1,
        lines,
        names={line.line_id: f"Fila {line.line_id}" for line in lines},
        lanes=frozenset(line.line_id for line in lines if draw(st.booleans())),
        usual_ms=1_000 * number["usual_seconds"],
        terms=Terms(
            percentile=number["percentile"] / 100,
            fresh_seconds=number["fresh_seconds"],
            widest_minutes=float(number["widest_minutes"]),
            widest_share=number["widest_percent"] / 100,
            silent_seconds=number["silent_seconds"],
            wording=draw(st.sampled_from(Wording)),
            rounding=draw(st.sampled_from(ROUNDINGS)),
        ),
        limits=Limits(
            float(long),
            float(min(number["fine_minutes"], long - 1)),
            1_000 * number["raised_after"],
            1_000 * number["cleared_after"],
            float(number["look_ahead"]),
        ),
        hook=draw(st.sampled_from([None, HOOK])),
    )


@given(layouts())
@settings(deadline=None)
def test_what_is_written_out_is_read_again(layout: Layout) -> None:
    assert read(fields_of(layout), layout, POINTS) == layout


def test_what_no_form_shows_stays() -> None:
    assert read(fields_of(WHOLE), WHOLE, POINTS).terms.slack == 0.02
    assert read(fields_of(WHOLE), WHOLE, POINTS).serial == 3


def faults_of(**change: Any) -> dict[str, str]:
    with pytest.raises(LayoutRefused) as refused:
        read({**fields_of(WHOLE), **change}, WHOLE, [*POINTS, DOOR])
    return {fault.place: fault.reason for fault in refused.value.faults}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("typed", ["", "x", "-1", "1.5", "99999", "１", "1e3", " 5"])
def test_what_is_no_number_is_told_at_its_field(name: str, typed: str) -> None:
    offered = NUMBERS[name]
    expected = f"is no number from {offered[0]} to {offered[-1]}"
    assert faults_of(**{name: typed})[name] == expected


@pytest.mark.parametrize("name", NUMBERS)
def test_the_ends_are_in_and_what_is_beyond_is_out(name: str) -> None:
    for typed in (NUMBERS[name][0] - 1, NUMBERS[name][-1] + 1):
        assert name in faults_of(**{name: str(typed)})


def line(**change: Any) -> dict[str, Any]:
    return {"id": "", "name": "A", "points": ["caja-1"], "served": False, "lane": False, **change}


def test_all_faults_are_told_together() -> None:
    lines = [line(name=""), line(points=["caja-1", "entrada", "caja-9"]), line(points=[])]
    found = faults_of(lines=lines, rounding="4", wording="so", hook="x", fine_minutes="9")
    assert found == {
        "lines.0.name": "is not written",
        "lines.1.points": "there is no register “caja-9”",
        "lines.2.name": "“A” stands there 2 times",
        "lines.2.points": "needs a register",
        "rounding": "4 is none of 1, 2, 5",
        "wording": "so is none of about, up_to",
        "hook": "is no address like https://example.org/alerts",
        "fine_minutes": "must be less than what is long",
    }


def test_there_are_only_so_many_lines_and_names_only_so_long() -> None:
    assert faults_of(lines=[line()] * (MOST_LINES + 1)) == {"lines": "are 61; at most 60"}
    longest = line(name="x" * LONGEST_NAME)
    assert read({**fields_of(WHOLE), "lines": [longest]}, WHOLE, POINTS).lines
    assert "lines.0.name" in faults_of(lines=[line(name="x" * (LONGEST_NAME + 1))])


def test_of_registers_that_nobody_has_only_so_many_are_told_of() -> None:
    flood = [f"caja-{number}" for number in range(9_000)]
    assert faults_of(lines=[line(points=flood)]) == {"lines.0.points": "are 9000; at most 60"}


def test_a_line_goes_on_under_its_name_and_a_new_one_gets_one() -> None:
    lines = [line(id="rapida", name="Caja rápida"), line(id="forged", points=["caja-2"], name="B")]
    found = read({**fields_of(WHOLE), "lines": lines}, WHOLE, POINTS)
    assert [one.line_id for one in found.lines] == ["rapida", "b"]
    strange = [line(name="!!"), line(name="Fila única", points=["caja-2"])]
    found = read({**fields_of(WHOLE), "lines": strange}, WHOLE, POINTS)
    assert [one.line_id for one in found.lines] == ["line-1", "fila-unica-2"]  # the old one is gone


def test_twice_the_same_line_is_two() -> None:
    lines = [line(id="rapida"), line(id="rapida", name="B", points=["caja-2"])]
    found = read({**fields_of(WHOLE), "lines": lines}, WHOLE, POINTS)
    assert len({one.line_id for one in found.lines}) == 2


def test_lines_that_are_laid_out_go_on_as_those_with_the_same_registers() -> None:
    before = fields_of(WHOLE)["lines"]
    found = laid_fields(arranged(Arrangement.LANES, POINTS), NAMES, before)
    assert [one["id"] for one in found] == ["", "", "rapida", "", "", ""]
    assert [one["name"] for one in found[1:4]] == ["Caja 2", "Rápida", "Caja 4"]
    assert found[2]["served"]
    assert all(one["lane"] for one in found)
    [whole] = laid_fields(arranged(Arrangement.ONE_LINE, POINTS), NAMES, before)
    assert (whole["id"], whole["name"], whole["lane"]) == ("", "Cajas", False)


@pytest.mark.parametrize("how", Arrangement)
def test_what_is_laid_out_can_be_kept(how: Arrangement) -> None:
    lines = laid_fields(arranged(how, POINTS), NAMES, [])
    assert read({**fields_of(EMPTY), "lines": lines}, EMPTY, POINTS).lines


def test_a_receiver_keeps_its_key_until_there_is_another() -> None:
    assert keyed(WHOLE, HOOK, "cd" * 32) == WHOLE
    anew = keyed(WHOLE, HOOK, "cd" * 32, anew=True)
    assert anew.hook == Hook(HOOK.address, "cd" * 32)
    moved = replace(WHOLE, hook=Hook("https://example.org/other", HOOK.key))
    assert keyed(moved, HOOK, "cd" * 32).hook == Hook("https://example.org/other", "cd" * 32)
    assert keyed(EMPTY, HOOK, "cd" * 32).hook is None


def test_the_audit_log_says_what_is_otherwise() -> None:
    before = fields_of(WHOLE)
    after = {**before, "percentile": "80", "lines": []}
    assert changes(before, after) == "lines, percentile 65 → 80"
    assert changes(before, before) == ""
