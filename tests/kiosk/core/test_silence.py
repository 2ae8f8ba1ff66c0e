"""A till is silent when nothing comes, and also when its driver only asks for the state."""

from __future__ import annotations

from kiosk.core.silence import PAUSE_MS, SILENCE_MS, Silence


def test_before_the_first_byte_there_was_silence() -> None:
    assert Silence().before(1, 0)


def test_a_gap_is_a_silence_and_a_pause_is_none() -> None:
    silence = Silence()
    silence.before(1_000, 0)
    assert not silence.before(1_000, SILENCE_MS)
    assert silence.before(1_000, 2 * SILENCE_MS + 1)


def test_asking_in_between_does_not_break_a_silence() -> None:
    silence = Silence()
    silence.before(1_000, 0)
    assert [silence.before(0, at) for at in range(100, 3_000, 100)].count(True) == 9
    assert silence.before(10, 3_000)


def test_status_requests_every_second_are_a_silence_too() -> None:
    silence = Silence()
    silence.before(1_000, 0)
    told = [silence.before(3, at) for at in range(1_000, 8_000, 1_000)]
    assert any(told)


def test_slow_printing_is_no_silence() -> None:
    silence = Silence()
    silence.before(3, 0)  # a status request, and two seconds later the slowest printer there is
    told = [silence.before(12, at) for at in range(1_950, 12_000, 100)]
    assert not any(told)


def test_a_burst_that_begins_late_is_not_judged_by_what_came_before() -> None:
    silence = Silence()
    silence.before(3, 0)
    assert not silence.before(5, SILENCE_MS - 10)
    assert not silence.before(5, SILENCE_MS - 10 + PAUSE_MS)
