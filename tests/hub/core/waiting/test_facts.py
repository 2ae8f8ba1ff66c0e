"""Facts: plain values that can be compared."""

from __future__ import annotations

import pytest

from hub.core.waiting.facts import MOST_REGISTERS, Counted, Line, LineId, Sold, Source
from shared.errors import WordError
from shared.places import PointId


def test_a_fact_is_the_same_as_one_with_the_same_words() -> None:
    assert Counted(1, LineId("line-1"), 3) == Counted(1, LineId("line-1"), 3, Source.COUNTER)
    assert Sold(1, PointId("caja-1")) != Sold(2, PointId("caja-1"))


def test_a_counter_sees_who_waits_unless_it_is_said_otherwise() -> None:
    assert not Line(LineId("line-1"), (PointId("caja-1"),)).counts_served


@pytest.mark.parametrize("count", [0, MOST_REGISTERS + 1])
def test_a_line_has_registers_and_not_too_many(count: int) -> None:
    with pytest.raises(WordError):
        Line(LineId("line-1"), tuple(PointId(f"caja-{number}") for number in range(count)))


def test_a_register_stands_once_in_its_line() -> None:
    with pytest.raises(WordError):
        Line(LineId("line-1"), (PointId("caja-1"), PointId("caja-1")))
