"""Every state and event has its next state, and what stands on a disk says how far it came."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.updating import (
    LONGEST_TRIAL_MS,
    MOST_TRIES,
    STEPS,
    TABLE,
    Confirmed,
    Event,
    Proof,
    Shelf,
    State,
    Trial,
    after,
    outcome_of,
    read_confirmed,
    read_trial,
    trial_of,
    version_to_go_back_to,
    write_kept,
)
from shared.errors import DeviceError

TRIAL = Trial("2", "1", "0", "0123456789abcdef")
SHELF = Shelf("1", "0", {"0": 5, "1": 10, "2": 20}, None, Confirmed("1", 10))


def test_an_update_goes_its_way() -> None:
    state = State.NONE
    way = [Event.DONE] * 5 + [Event.STARTED, Event.PROVED, Event.DONE]
    passed = [state := after(state, event) for event in way]
    assert passed == [
        State.FETCHED, State.VERIFIED, State.INSTALLED, State.PREPARED, State.SWITCHED,
        State.ON_TRIAL, State.CONFIRMED, State.NONE,
    ]  # fmt: skip


@pytest.mark.parametrize("state", [State.SWITCHED, State.ON_TRIAL])
def test_a_version_that_is_given_up_is_left(state: State) -> None:
    failed = after(state, Event.GIVEN_UP)
    assert (failed, after(failed, Event.DONE)) == (State.FAILED, State.ROLLED_BACK)


@pytest.mark.parametrize("state", State)
def test_an_interruption_loses_nothing_but_what_was_verified(state: State) -> None:
    expected = State.FETCHED if state is State.VERIFIED else state
    assert after(state, Event.INTERRUPTED) is expected


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_step_or_waits_for_an_event(state: State) -> None:
    waits = {State.SWITCHED, State.ON_TRIAL}
    assert (state in STEPS) != (state in waits)
    if state in STEPS:
        assert (state, Event.DONE) in TABLE


def test_nothing_that_was_switched_is_refused_and_nothing_else_started() -> None:
    refused = {state for state, event in TABLE if event is Event.REFUSED}
    assert refused <= {State.FETCHED, State.VERIFIED, State.INSTALLED}
    assert after(State.CONFIRMED, Event.GIVEN_UP) is State.CONFIRMED, "it came too late"
    assert after(State.FAILED, Event.PROVED) is State.FAILED, "it came too late"


@pytest.mark.parametrize(
    ("shelf", "state"),
    [
        (SHELF, State.NONE),
        (replace(SHELF, trial=TRIAL), State.PREPARED),
        (replace(SHELF, trial=TRIAL, current="2"), State.SWITCHED),
        (replace(SHELF, trial=replace(TRIAL, tries=1), current="2"), State.ON_TRIAL),
        (replace(SHELF, trial=TRIAL, current="2", confirmed=Confirmed("2", 20)), State.CONFIRMED),
        (replace(SHELF, trial=replace(TRIAL, failed="x"), current="2"), State.FAILED),
        (replace(SHELF, trial=replace(TRIAL, failed="x")), State.ROLLED_BACK),
    ],
)
def test_what_stands_on_the_disk_says_how_far_it_came(shelf: Shelf, state: State) -> None:
    assert shelf.state is state
    assert shelf.kept >= {"1", "0"}


def test_a_trial_has_so_many_starts_and_so_much_time() -> None:
    trial = TRIAL
    for _ in range(MOST_TRIES):
        assert not trial.is_over("b1", 0)
        trial = trial.started("b1", 0)
    assert trial.is_over("b1", 0)
    once = TRIAL.started("b1", 1_000)
    assert not once.is_over("b1", 999 + LONGEST_TRIAL_MS)
    assert once.is_over("b1", 1_000 + LONGEST_TRIAL_MS)
    assert not once.is_over("b2", 1_000 + LONGEST_TRIAL_MS), "another boot has another time"
    assert once.started("b1", 5_000).since == 1_000
    assert once.started("b2", 7).since == 7


def test_the_highest_serial_counts_what_proved_itself_and_the_first_version() -> None:
    assert SHELF.highest == 10
    assert replace(SHELF, confirmed=None).highest == 10
    assert replace(SHELF, confirmed=Confirmed("3", 30)).highest == 30
    assert replace(SHELF, trial=TRIAL, current="2").highest == 10, "it has not proved itself"


def test_one_goes_back_to_the_version_before_and_no_further() -> None:
    assert version_to_go_back_to(SHELF) == "0"
    for shelf in (
        replace(SHELF, previous=None),
        replace(SHELF, previous="1"),
        replace(SHELF, previous="9"),
        replace(SHELF, previous="2"),
    ):
        with pytest.raises(DeviceError, match="no way back"):
            version_to_go_back_to(shelf)


def test_only_what_is_complete_is_tried() -> None:
    assert trial_of("2", SHELF, "x") == Trial("2", "1", "0", "x")
    with pytest.raises(DeviceError, match="not complete"):
        trial_of("3", SHELF)
    with pytest.raises(DeviceError, match="no version is current"):
        trial_of("2", replace(SHELF, current=None))


def test_what_became_of_it_is_a_word() -> None:
    on = replace(SHELF, trial=TRIAL, current="2")
    assert outcome_of(replace(on, confirmed=Confirmed("2", 20))) == "done"
    offline = Confirmed("2", 20, Proof.OFFLINE.value)
    assert outcome_of(replace(on, confirmed=offline)) == "done_offline"
    assert outcome_of(replace(SHELF, trial=replace(TRIAL, failed="x"))) == "rolled_back"


def test_what_was_kept_comes_back() -> None:
    started = TRIAL.started("b1", 5)
    assert read_trial(write_kept(started), "2", "1") == started
    confirmed = Confirmed("2", 20, "offline")
    assert read_confirmed(write_kept(confirmed)) == confirmed
    assert read_trial(None, "1", "0") is None
    assert read_confirmed(None) is None


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200) | st.sampled_from([b"{}", b'{"version":"../x","before":"1"}']))
def test_a_trial_that_cannot_be_read_is_given_up_and_never_switched_to(kept: bytes) -> None:
    trial = read_trial(kept, "2", "1")
    assert trial == Trial("2", "1", failed="unreadable")
    assert read_confirmed(kept) is None
