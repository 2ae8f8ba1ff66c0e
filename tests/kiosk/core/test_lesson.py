"""The lesson: five prints in order, what cannot be used asked for again, and always an end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.learnt import Proposal, Undecided
from kiosk.core.lesson import MOST_AGAIN, MOST_HEARD, SPEEDS, Lesson, Patience
from kiosk.core.tills import PortSettings
from tests.kiosk.core.tills_papers import foreign_five, heard_at, spanish, with_even_parity

PORT = PortSettings("/dev/ttyUSB0")
POLL = b"\x10\x04\x01"
NOISE = heard_at(spanish()[0], 115_200, 9_600)


class Bench:
    """A lesson, and a till that prints in pieces as a line brings them."""

    def __init__(self, speeds: tuple[int, ...] = SPEEDS, port: PortSettings = PORT) -> None:
        self.at = 1_000
        self.lesson = Lesson(port, speeds, self.at)
        self.told = self.lesson.begin()

    def print(self, data: bytes, step: int = 16) -> Bench:
        for i in range(0, len(data), step):
            self.at += 16
            self.told += self.lesson.heard(data[i : i + step], self.at)
        return self.wait(10_000)

    def wait(self, ms: int) -> Bench:
        for _ in range(0, ms, 100):
            self.at += 100
            self.told += self.lesson.idle(self.at)
        return self

    @property
    def why(self) -> str:
        assert isinstance(self.lesson.conclusion, Undecided), self.told
        return self.lesson.conclusion.why


def test_five_prints_lead_to_a_proposal() -> None:
    bench = Bench()
    for number, data in enumerate(spanish(), 1):
        assert bench.told[-1].startswith(f"{number} of 5: ")
        bench.print(data)
    assert isinstance(bench.lesson.conclusion, Proposal)
    assert sum(line.startswith("  ✓ heard") for line in bench.told) == 5


@pytest.mark.parametrize("step", [1, 2, 3, 500])
def test_a_driver_that_asks_for_the_state_is_no_print(step: int) -> None:
    bench = Bench()
    for _ in range(40):
        for i in range(0, len(POLL), step):
            bench.told += bench.lesson.heard(POLL[i : i + step], bench.at)
        bench.wait(700)
    assert not any("heard" in line or "Once more" in line for line in bench.told)
    for data in spanish():
        bench.told += bench.lesson.heard(POLL, bench.at)
        bench.print(data)
    assert isinstance(bench.lesson.conclusion, Proposal)


def test_a_large_logo_on_a_slow_line_is_one_print() -> None:
    logo = b"\x1b@\x1dv0\x00" + bytes((16, 0, 0, 2)) + bytes(16 * 512)
    bench = Bench()
    for data in spanish():
        bench.print(logo + data, step=8)
    assert isinstance(bench.lesson.conclusion, Proposal)


def test_a_receipt_that_is_printed_as_articles_are_rung_up_is_one() -> None:
    first, *others = spanish()
    bench = Bench()
    bench.told += bench.lesson.heard(first[:300], bench.at)
    bench.wait(7_000)
    bench.print(first[300:])
    for data in others:
        bench.print(data)
    assert isinstance(bench.lesson.conclusion, Proposal)


def test_noise_tries_another_speed_until_the_till_is_readable() -> None:
    bench, sent = Bench(), 38_400
    one, *others = spanish()
    while bench.lesson.port.baud != sent:
        bench.print(heard_at(one, sent, bench.lesson.port.baud), step=200)
    assert "cannot be read at 19200 baud: trying 38400" in bench.told[-2]
    bench.print(one).print(NOISE)
    assert "noise on the line" in bench.told[-2]
    assert bench.lesson.port.baud == sent
    for data in others:
        bench.print(data)
    assert isinstance(bench.lesson.conclusion, Proposal)
    assert bench.lesson.conclusion.table["baud"] == sent


@pytest.mark.parametrize("speeds", [(), SPEEDS])
def test_noise_at_every_speed_is_told(speeds: tuple[int, ...]) -> None:
    bench = Bench(speeds)
    for _ in range(len(SPEEDS) + 1):
        bench.print(NOISE)
    assert bench.why == "what came cannot be read"


def test_a_line_of_seven_bits_is_no_noise() -> None:
    bench = Bench()
    for data in foreign_five():
        bench.print(with_even_parity(data))
    assert isinstance(bench.lesson.conclusion, Proposal)


def test_a_silent_port_is_told_while_waiting_and_at_the_end() -> None:
    bench = Bench().wait(40_000)
    assert "TX and ground" in bench.told[-1]
    assert bench.wait(200_000).why == "nothing came of a sale by this wire"


def test_a_copy_that_does_not_come_by_this_wire_is_passed_over() -> None:
    bench = Bench()
    one, two, three, _, refund = spanish()
    bench.print(one).print(two).print(three).wait(200_000)
    assert any("not by this wire" in line for line in bench.told)
    bench.print(refund)
    found = bench.lesson.conclusion
    assert isinstance(found, Proposal)
    assert "a copy: nothing came of it by this wire, so none is counted" in found.evidence


def test_a_drawer_is_no_print() -> None:
    bench = Bench().print(b"\x1b@\x1bp\x00\x19\xfa")
    assert "No text came" in bench.told[-2]
    assert bench.told[-1].startswith("1 of 5")


def test_half_a_receipt_is_asked_for_once_more() -> None:
    one, two, three, copy, refund = spanish()
    bench = Bench()
    for data in (one, two[:400], three, copy, refund):
        bench.print(data)
    assert "half a receipt" in bench.told[-2]
    assert bench.told[-1].startswith("6 of 6: ring up one more sale")
    assert isinstance(bench.print(two).lesson.conclusion, Proposal)


def test_it_does_not_ask_for_ever() -> None:
    one, _, three, copy, refund = spanish()
    bench = Bench()
    for data in (one, one[:300], three, copy, refund, *[one[:300]] * MOST_AGAIN):
        bench.print(data)
    assert "half a receipt" in bench.why


def test_a_pulled_plug_costs_the_print_that_was_under_way() -> None:
    bench = Bench()
    bench.told += bench.lesson.heard(spanish()[0][:200], bench.at)
    assert "put it back" in bench.lesson.lost()[0]
    assert bench.lesson.found(bench.at)[-1].startswith("1 of 5")
    for data in spanish():
        bench.print(data)
    assert isinstance(bench.lesson.conclusion, Proposal)


def test_what_never_pauses_is_no_print_and_is_not_kept() -> None:
    bench = Bench()
    bench.told += bench.lesson.heard(b"x" * (MOST_HEARD + 1), bench.at)
    assert "without a pause" in bench.told[-2]


def test_the_time_is_bounded() -> None:
    lesson = Lesson(PORT, (), 0, Patience(whole=60_000))
    lesson.heard(b"TOTAL 1,00\n", 59_999)
    assert lesson.idle(60_001) == []
    assert isinstance(lesson.conclusion, Undecided)


def test_nothing_of_a_print_is_said_or_left() -> None:
    bench = Bench()
    for data in spanish():
        bench.print(data)
    told = "\n".join(bench.told) + repr(bench.lesson.conclusion) + repr(vars(bench.lesson))
    for word in ("PLAZA", "NIF", "GRACIAS", "MAYOR"):
        assert word not in told
    assert bench.lesson._captures == []
    assert bench.lesson._print.chunks == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=300), max_size=12))
def test_rubbish_ends_in_a_sentence_and_never_in_a_proposal(datas: list[bytes]) -> None:
    bench = Bench()
    for data in datas:
        bench.print(data, step=64)
    bench.wait(Patience().step + 1_000)
    assert not isinstance(bench.lesson.conclusion, Proposal)
    bench.at += Patience().whole
    assert bench.lesson.idle(bench.at) == []
    assert bench.lesson.conclusion is not None
