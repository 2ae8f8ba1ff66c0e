"""From a sensor's word to a fact, and from a fact to a row and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from hub.core.sensing import fact_of, from_body, to_body
from hub.core.waiting.facts import Called, Counted, Drew, Entered, Left, LineId, Source
from shared.errors import WordError
from shared.sensing import LARGEST, Count, Passing, Sensed, Step, Ticket, Way

LINE = LineId("line-1")

numbers = some.integers(-LARGEST, LARGEST)
lines = some.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True)
tickets = some.text(some.characters(categories=["L", "N", "P"]), min_size=1, max_size=32)
words: some.SearchStrategy[Sensed] = some.one_of(
    some.builds(Count, lines, numbers, numbers),
    some.builds(Passing, lines, some.sampled_from(Way), numbers),
    some.builds(Ticket, lines, tickets, some.sampled_from(Step), numbers),
)


def test_each_word_is_a_fact_of_its_own_time() -> None:
    assert fact_of(Count("line-1", 7, 5), 9) == Counted(5, LINE, 7, Source.COUNTER)
    assert fact_of(Passing("line-1", Way.ENTERED, 5), 9) == Entered(5, LINE)
    assert fact_of(Passing("line-1", Way.LEFT, 5), 9) == Left(5, LINE)
    assert fact_of(Ticket("line-1", "A7", Step.DREW, 5), 9) == Drew(5, LINE, "A7")
    assert fact_of(Ticket("line-1", "A7", Step.CALLED, 5), 9) == Called(5, LINE, "A7")


def test_a_word_without_a_time_is_of_when_it_was_received() -> None:
    assert fact_of(Count("line-1", 7), 9) == Counted(9, LINE, 7)


def test_what_was_typed_stays_typed() -> None:
    typed = Counted(5, LINE, 7, Source.TYPED)
    assert from_body(to_body(typed)) == typed


@given(words, some.integers(0, LARGEST))
@settings(deadline=None)
def test_what_is_written_is_what_is_read(word: Sensed, at: int) -> None:
    fact = fact_of(word, at)
    again = from_body(to_body(fact))
    assert (again, type(again)) == (fact, type(fact))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "NaN",
        "{}",
        "[" * 100_000,
        '{"kind": "sold", "at": 1, "point_id": "caja-1"}',
        '{"kind": "counted", "at": 1, "line_id": "line-1", "number": 1.5, "source": "typed"}',
        '{"kind": "counted", "at": 1, "line_id": "line-1", "number": 1, "source": "hearsay"}',
        '{"kind": "counted", "at": 1, "line_id": "line-1", "number": 1, "source": ["typed"]}',
        '{"kind": "entered", "at": "1", "line_id": "line-1"}',
        '{"kind": "drew", "at": 1, "line_id": "line-1", "ticket": null}',
        json.dumps({"kind": "left", "at": 1}),
    ],
)
def test_a_spoiled_row_is_told_and_no_crash(body: str) -> None:
    with pytest.raises(WordError):
        from_body(body)
