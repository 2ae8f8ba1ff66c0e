"""How long pauses and sessions last, and what an audit entry's hash covers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.accounts import (
    FIRST_HASH,
    IDLE_MS,
    LONGEST_MS,
    LONGEST_PAUSE_MS,
    Note,
    Session,
    entry_hash,
    pause,
    seconds_to_wait,
)

NOTE = Note(1, "ana", "signed in", "ana", "192.0.2.1")


def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    assert [pause(n, 3) for n in range(6)] == [0, 0, 0, 1000, 2000, 4000]
    assert pause(10**9, 3) == LONGEST_PAUSE_MS


@settings(deadline=None)
@given(st.integers(0, 100), st.integers(0, 2**42), st.integers(0, 2**42))
def test_nobody_waits_longer_than_the_longest_pause(failures: int, last: int, now: int) -> None:
    wait = seconds_to_wait(failures, last, 5, now)
    assert 0 <= wait <= LONGEST_PAUSE_MS // 1000
    assert wait == 0 or failures >= 5


@pytest.mark.parametrize(
    ("now", "over"),
    [(IDLE_MS - 1, False), (IDLE_MS, True)],
)
def test_an_idle_session_is_over_after_half_an_hour(now: int, over: bool) -> None:
    assert Session("t", 1, "c", made_at=0, seen_at=0).over(now) is over


def test_an_old_session_is_over_however_busy() -> None:
    assert Session("t", 1, "c", made_at=0, seen_at=LONGEST_MS).over(LONGEST_MS)


@pytest.mark.parametrize(
    "changed",
    [
        replace(NOTE, at=2),
        replace(NOTE, user="eva"),
        replace(NOTE, action="signed out"),
        replace(NOTE, target="eva"),
        replace(NOTE, detail=""),
        replace(NOTE, user="an", action="asigned in"),  # moved across a border
    ],
)
def test_a_hash_covers_every_word_and_where_each_ends(changed: Note) -> None:
    assert entry_hash(FIRST_HASH, 1, changed) != entry_hash(FIRST_HASH, 1, NOTE)


def test_a_hash_covers_the_place_and_all_that_came_before() -> None:
    first = entry_hash(FIRST_HASH, 1, NOTE)
    assert entry_hash(FIRST_HASH, 2, NOTE) != first
    assert entry_hash(first, 1, NOTE) != first
