"""A PIN is kept as a hash that says nothing, and every wrong one costs a longer wait."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.passcode import (
    FIRST_WAIT_MS,
    LONGEST_WAIT_MS,
    Throttle,
    hashed,
    is_hash,
    is_pin,
    opens,
)

SALT, OTHER = b"salt" * 4, b"tlas" * 4


def test_the_right_pin_opens_and_another_does_not() -> None:
    kept = hashed("2580", SALT)
    assert opens(kept, "2580")
    assert not opens(kept, "2581")
    assert not opens(kept, "")


def test_what_is_kept_holds_no_digit_of_the_pin_in_a_row_and_differs_by_salt() -> None:
    kept = hashed("258013579", SALT)
    assert "258013579" not in kept
    assert kept != hashed("258013579", OTHER)
    assert is_hash(kept)


@pytest.mark.parametrize("typed", ["", "123", "1234567890123", "12a4", "１２３４", "-123", "1 23"])
def test_what_is_no_pin_is_neither_hashed_nor_opens(typed: str) -> None:
    assert not is_pin(typed)
    with pytest.raises(ValueError, match="4 to 12 digits"):
        hashed(typed, SALT)


def test_a_salt_has_its_length() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        hashed("2580", b"short")


@pytest.mark.parametrize("kept", ["", "2580", "scrypt$", "scrypt$00$00", "md5$" + "0" * 97])
def test_what_was_not_hashed_here_opens_for_nobody(kept: str) -> None:
    assert not is_hash(kept)
    assert not opens(kept, "2580")


@settings(deadline=None, max_examples=8)
@given(pin=st.from_regex("[0-9]{4,12}", fullmatch=True), salt=st.binary(min_size=16, max_size=16))
def test_every_pin_opens_what_was_made_of_it(pin: str, salt: bytes) -> None:
    assert opens(hashed(pin, salt), pin)


def test_waits_double_up_to_ten_minutes() -> None:
    throttle, at, waits = Throttle(), 1_000, []
    for _ in range(40):
        throttle = throttle.failed(at)
        waits.append(throttle.wait_ms(at))
        at += waits[-1]
    assert waits[:4] == [FIRST_WAIT_MS, 2 * FIRST_WAIT_MS, 4 * FIRST_WAIT_MS, 8 * FIRST_WAIT_MS]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT_MS


def test_a_wait_is_over_when_its_time_has_come() -> None:
    throttle = Throttle().failed(1_000)
    assert throttle.wait_ms(1_000 + FIRST_WAIT_MS - 1) == 1
    assert throttle.wait_ms(1_000 + FIRST_WAIT_MS) == 0


def test_after_a_restart_the_last_wait_begins_anew_and_the_next_is_longer() -> None:
    before = Throttle().failed(1_000).failed(5_000).failed(20_000)
    after = Throttle.resumed(before.failures, 77)
    assert after.failures == before.failures
    assert after.wait_ms(77) == before.wait_ms(20_000) == 4 * FIRST_WAIT_MS
    assert after.failed(90_000).wait_ms(90_000) == 8 * FIRST_WAIT_MS
    assert Throttle.resumed(0, 77) == Throttle()
    assert Throttle.resumed(10**9, 0).wait_ms(0) == LONGEST_WAIT_MS
