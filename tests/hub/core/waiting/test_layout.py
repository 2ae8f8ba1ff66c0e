"""A layout: what cannot stand in a store is refused."""

from __future__ import annotations

import pytest

from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import MOST_LINES, Layout
from shared.errors import PlaceError, WordError
from shared.places import PointId

ONE, TWO = LineId("line-1"), LineId("line-2")
FIRST, SECOND = PointId("caja-1"), PointId("caja-2")


def test_a_register_leads_to_its_line() -> None:
    layout = Layout(1, (Line(ONE, (FIRST,)), Line(TWO, (SECOND,))))
    assert layout.line_at(SECOND) == TWO
    assert layout.line_at(PointId("caja-3")) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"serial": 0},
        {"lines": (Line(ONE, (FIRST,)), Line(ONE, (SECOND,)))},
        {"lines": (Line(ONE, (FIRST,)), Line(TWO, (FIRST,)))},
        {
            "lines": tuple(
                Line(LineId(f"l-{n}"), (PointId(f"p-{n}"),)) for n in range(MOST_LINES + 1)
            )
        },
        {"lanes": frozenset({TWO})},
        {"names": {TWO: "two"}},
        {"usual_ms": 1},
    ],
)
def test_what_cannot_stand_in_a_store_is_refused(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {"serial": 1, "lines": (Line(ONE, (FIRST,)),)}
    Layout(**right)  # type: ignore[arg-type]
    with pytest.raises(WordError):
        Layout(**{**right, **wrong})  # type: ignore[arg-type]


def test_a_line_needs_a_name_that_can_travel() -> None:
    with pytest.raises(PlaceError):
        Layout(1, (Line(LineId("a/b"), (FIRST,)),))
