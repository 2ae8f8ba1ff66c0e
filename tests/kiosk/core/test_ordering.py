"""Each command is carried out once, in time, and answered for."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.ordering import (
    BEGUN,
    DONE,
    FAILED,
    LATE,
    MOST_KNOWN,
    Ordering,
    Verdict,
    recalled,
)
from shared.commands import Answer, Command, Order
from shared.health import MOST_ANSWERS

COMMAND = Command("0123456789abcdef", Order.RESTART, 1_000)


def numbered(number: int) -> Answer:
    return Answer(f"{number:016x}", DONE)


def test_a_command_in_time_is_carried_out() -> None:
    assert Ordering().judged(COMMAND, 1_000) is Verdict.CARRY_OUT


def test_a_command_that_is_late_is_answered_and_not_carried_out() -> None:
    assert Ordering().judged(COMMAND, 1_001) is Verdict.ANSWER
    late = Ordering().answered(Answer(COMMAND.id, LATE))
    assert late.judged(COMMAND, 1_000) is Verdict.ANSWER, "also when a clock goes back"


def test_a_command_waits_for_a_true_time() -> None:
    assert Ordering().judged(COMMAND, None) is Verdict.WAIT


def test_a_restart_that_was_ordered_is_not_carried_out_again_after_it() -> None:
    kept = Ordering().answered(Answer(COMMAND.id, BEGUN)).kept()
    after = recalled(kept)
    assert after.judged(COMMAND, 900) is Verdict.ANSWER
    assert after.ended(DONE).answer_to(COMMAND.id) == Answer(COMMAND.id, DONE)


def test_what_became_of_a_command_replaces_what_was_said_before() -> None:
    ordering = Ordering().answered(Answer(COMMAND.id, BEGUN)).answered(Answer(COMMAND.id, DONE))
    assert ordering.known == (Answer(COMMAND.id, DONE),)


def test_only_so_many_are_known_and_the_last_of_them_told() -> None:
    ordering = Ordering()
    for number in range(MOST_KNOWN + 5):
        ordering = ordering.answered(numbered(number))
    assert len(ordering.known) == MOST_KNOWN
    assert ordering.answers == ordering.known[-MOST_ANSWERS:]
    assert ordering.answers[-1] == numbered(MOST_KNOWN + 4)


def test_what_was_remembered_comes_back() -> None:
    ordering = Ordering().answered(numbered(1)).answered(Answer(COMMAND.id, "no_space"))
    assert recalled(ordering.kept()) == ordering
    assert recalled(None) == Ordering()


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300))
def test_a_spoiled_memory_is_passed_over(kept: bytes) -> None:
    assert len(recalled(kept).known) <= MOST_KNOWN


def test_what_was_cut_off_is_given_up_and_what_somebody_has_in_hand_is_not() -> None:
    begun = [Answer(f"{number:016x}", BEGUN) for number in range(3)]
    ordering = Ordering((*begun, numbered(3)))
    assert ordering.begun == {one.id for one in begun}
    after = ordering.given_up({begun[1].id, "elsewhere"})
    assert [one.outcome for one in after.known] == [FAILED, BEGUN, FAILED, DONE]
    assert after.given_up({begun[1].id}) == after
    assert after.judged(Command(begun[0].id, Order.COLLECT, 1_000), 1) is Verdict.ANSWER, "once"
