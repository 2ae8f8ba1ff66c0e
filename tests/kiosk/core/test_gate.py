"""The pad before the panel: typed, rubbed out, refused, and not fooled by leaving."""

from __future__ import annotations

from kiosk.core.gate import Gate
from kiosk.core.panel_pages import Key
from kiosk.core.passcode import FIRST_WAIT_MS, hashed
from tests.kiosk.samples import moment

PIN = "2580"
KEPT = hashed(PIN, b"salt" * 4)


def type_in(gate: Gate, digits: str, at: int) -> bool:
    for digit in digits:
        assert not gate.key(digit, moment(at))
    return gate.key(Key.OK, moment(at))


def test_the_right_pin_opens() -> None:
    assert type_in(Gate(KEPT), PIN, 0)


def test_a_digit_can_be_rubbed_out_and_ok_alone_does_nothing() -> None:
    gate = Gate(KEPT)
    assert not gate.key(Key.OK, moment(0))
    assert not gate.page("es", "k-1", moment(0)).wrong
    gate.key("9", moment(0))
    gate.key(Key.RUB_OUT, moment(0))
    assert gate.page("es", "k-1", moment(0)).typed == 0
    assert type_in(gate, PIN, 0)


def test_what_is_no_key_of_the_pad_types_nothing() -> None:
    gate = Gate(KEPT)
    for key in ("10", "x", "", "٣", Key.EXPORT):
        gate.key(key, moment(0))
    assert gate.page("es", "k-1", moment(0)).typed == 0


def test_more_digits_than_a_pin_has_are_not_kept() -> None:
    gate = Gate(KEPT)
    for _ in range(100):
        gate.key("1", moment(0))
    assert gate.page("es", "k-1", moment(0)).typed == 12


def test_a_wrong_pin_is_told_and_even_the_right_one_must_wait() -> None:
    gate = Gate(KEPT)
    assert not type_in(gate, "1111", 0)
    page = gate.page("es", "k-1", moment(0))
    assert (page.wrong, page.wait_seconds, page.typed) == (True, FIRST_WAIT_MS // 1_000, 0)
    assert not type_in(gate, PIN, FIRST_WAIT_MS - 1)
    assert type_in(gate, PIN, FIRST_WAIT_MS)


def test_leaving_the_page_forgets_what_was_typed_but_not_the_wait() -> None:
    gate = Gate(KEPT)
    type_in(gate, "1111", 0)
    gate.leave()
    page = gate.page("es", "k-1", moment(1))
    assert (page.wrong, page.typed) == (False, 0)
    assert page.wait_seconds == FIRST_WAIT_MS // 1_000
    assert not type_in(gate, PIN, 1)


def test_the_right_pin_forgives_the_wrong_ones() -> None:
    gate, at = Gate(KEPT), 0
    for _ in range(3):
        type_in(gate, "1111", at)
        at += 60_000
    assert type_in(gate, PIN, at)
    type_in(gate, "1111", at)
    assert gate.page("es", "k-1", moment(at)).wait_seconds == FIRST_WAIT_MS // 1_000
