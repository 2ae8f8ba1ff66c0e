"""What sensors tell: bounded in type and length, and nonsense is still a word."""

from __future__ import annotations

import pytest

from shared.errors import WordError
from shared.sensing import LARGEST, Count, Passing, Step, Ticket, Way


@pytest.mark.parametrize("number", [-1, 0, 10**6, -LARGEST, LARGEST])
def test_a_number_that_no_line_can_have_is_a_word(number: int) -> None:
    assert Count("line-1", number).number == number


@pytest.mark.parametrize("at", [-5, 0, 1, 1_763_812_800, LARGEST])
def test_a_time_that_no_clock_should_tell_is_a_word(at: int) -> None:
    assert Passing("line-1", Way.LEFT, at).at == at


@pytest.mark.parametrize("size", [LARGEST + 1, -LARGEST - 1, 10**400])
def test_a_number_without_measure_is_none(size: int) -> None:
    with pytest.raises(WordError):
        Count("line-1", size)
    with pytest.raises(WordError):
        Passing("line-1", Way.ENTERED, size)


@pytest.mark.parametrize("line", ["", "Line", "a/b", "a+b", "x" * 33, "línea"])
def test_a_line_has_a_name(line: str) -> None:
    with pytest.raises(WordError):
        Count(line, 1)
    with pytest.raises(WordError):
        Passing(line, Way.LEFT)
    with pytest.raises(WordError):
        Ticket(line, "A1", Step.DREW)


@pytest.mark.parametrize("ticket", ["", "A" * 33, "A\n1", "\x00", "a\u202eb"])
def test_a_ticket_can_be_printed(ticket: str) -> None:
    with pytest.raises(WordError):
        Ticket("line-1", ticket, Step.CALLED)
    assert Ticket("line-1", "Ñ-12 ب", Step.CALLED).ticket == "Ñ-12 ب"
