"""How long a page stands: what it tells before it goes, and how often it can be asked to stay."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from kiosk.core.effects import Wake
from kiosk.core.pages import State
from kiosk.core.patience import MOST_TIMES, WARN_MS, Patience
from tests.kiosk.samples import moment, settings

AT = moment(100_000)


def asked(seconds: int = 45, *, always_on: bool = False) -> Patience:
    patience = Patience()
    patience.begin(AT, State.ASKING, replace(settings(always_on=always_on), ask_seconds=seconds))
    return patience


def test_without_a_beginning_a_page_stands_for_ever() -> None:
    patience = Patience()
    assert patience.wake == Wake(None)
    assert not patience.is_over(moment(10**12))
    assert not patience.warns(moment(10**12))


@pytest.mark.parametrize("state", [State.RESTING, State.KEEPING, State.THANKING, State.SORRY])
def test_only_the_question_warns(state: State) -> None:
    patience = Patience()
    wake = patience.begin(AT, state, settings())
    assert wake.boot is not None
    assert not patience.warns(moment(wake.boot - 1))
    assert patience.is_over(moment(wake.boot))


def test_where_the_question_stands_for_ever_none_of_its_pages_warns() -> None:
    assert asked(always_on=True).wake == Wake(145_000)


def test_it_tells_twenty_seconds_before_once_and_goes_then() -> None:
    patience = asked()
    assert patience.wake == Wake(145_000 - WARN_MS)
    assert not patience.warns(moment(124_999))
    assert patience.warns(moment(125_000))
    assert patience.is_warning
    assert not patience.warns(moment(125_001))
    assert patience.wake == Wake(145_000)
    assert not patience.is_over(moment(144_999))
    assert patience.is_over(moment(145_000))


def test_what_stands_for_a_short_time_warns_in_its_second_half() -> None:
    assert asked(6).wake == Wake(103_000)


def test_whoever_is_there_has_as_long_again_so_many_times() -> None:
    patience = asked()
    for again in range(1, MOST_TIMES + 1):
        assert patience.may_stay
        at = 100_000 + again * 40_000
        assert patience.warns(moment(at))
        wake = patience.stay(moment(at), State.ASKING, settings())
        assert wake == Wake(at + 45_000 - WARN_MS)
        assert not patience.is_warning
    assert not patience.may_stay
    late = moment(100_000 + 40_000 * MOST_TIMES + 30_000)
    assert patience.warns(late)
    assert patience.stay(late, State.ASKING, settings()) == Wake(late.boot + 15_000)
    assert patience.is_warning


def test_while_it_is_read_to_somebody_it_stands_and_for_as_long_again() -> None:
    patience = asked()
    assert patience.listened(130_000)
    assert patience.wake == Wake(175_000 - WARN_MS)
    assert not patience.listened(120_000), "that is over before"
    assert patience.warns(moment(155_000))
    assert not patience.listened(200_000), "who hears that it goes has to say something"
    assert not Patience().listened(130_000)


@given(seconds=st.integers(3, 600), touches=st.lists(st.integers(0, 700_000), max_size=30))
@tuned(deadline=None, max_examples=100)
def test_it_always_ends_and_warns_first(seconds: int, touches: list[int]) -> None:
    asked_for = replace(settings(), ask_seconds=seconds)
    patience = Patience()
    wake, now, warned = patience.begin(AT, State.ASKING, asked_for), AT.boot, False
    while not patience.is_over(moment(now)):
        due = wake.boot or now
        touched = now + touches.pop() if touches else due
        if touched < due:
            now, wake = touched, patience.stay(moment(touched), State.ASKING, asked_for)
        else:
            now = due
            patience.warns(moment(now))
            wake = patience.wake
        warned = patience.is_warning
    assert warned
    assert now <= AT.boot + (MOST_TIMES + 1) * seconds * 1_000
