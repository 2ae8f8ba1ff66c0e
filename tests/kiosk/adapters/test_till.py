"""The till on a real pseudo-terminal, on pyserial's loop, and on a fake port for modem lines."""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import serial
from structlog.testing import capture_logs

from kiosk.adapters.clock import SystemClock
from kiosk.adapters.till import STOP_SECONDS, TROUBLE, Port, SerialTill, open_port
from kiosk.core.events import Event, SaleSeen
from kiosk.core.modem import ModemLine
from kiosk.core.tills import PortSettings, till_settings_from
from shared.sales import SaleSource
from tests.demo import paper
from tests.demo.till import SimulatedTill
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort
from tests.kiosk.adapters.collecting import Collected

SALE = paper.sale(1, random.Random(1))


@contextmanager
def listening(
    posted: Collected[Event], trouble: Collected[str | None], **table: Any
) -> Iterator[SerialTill]:
    settings, faults = till_settings_from({"kind": "receipt", **table.pop("table", {})})
    assert settings is not None, faults
    table.setdefault("clock", SystemClock())
    till = SerialTill(settings, post=posted, trouble=trouble, retry_seconds=0.02, **table)
    till.start()
    try:
        yield till
    finally:
        till.close()


@pytest.fixture
def posted() -> Collected[Event]:
    return Collected()


@pytest.fixture
def trouble() -> Collected[str | None]:
    return Collected()


def heard(till: SimulatedTill) -> None:
    """Wait until somebody reads the line."""
    ends = time.monotonic() + 10
    while not till.is_heard():
        assert time.monotonic() < ends, "nobody reads"


def test_every_true_sale_is_posted_once_and_nothing_else(
    tmp_path: Path, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    link = tmp_path / "till"
    with (
        SimulatedTill(link, seed=7) as program,
        listening(posted, trouble, table={"port": str(link)}) as till,
    ):
        heard(program)
        for _ in range(5):
            program.ring_up()
            program.print_copy()
            program.refund()
            program.open_drawer()
            program.card_slip()
            program.report()
        sales = posted.first(program.sales)
    assert len(sales) == program.sales == 5
    assert till.counts["sale"] == 5
    assert till.counts["copy"] == till.counts["refund"] == till.counts["report"] == 5


def test_when_it_closes_the_log_says_once_how_often_each_rule_spoke(
    tmp_path: Path, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    link = tmp_path / "till"
    with capture_logs() as lines:
        with (
            SimulatedTill(link, seed=7) as program,
            listening(posted, trouble, table={"port": str(link)}) as till,
        ):
            heard(program)
            program.print_copy()
            program.ring_up()
            posted.first(1)
        till.close()
    (closed,) = [line for line in lines if line["event"] == "till_closed"]
    assert closed["verdicts"] == {"copy": 1, "sale": 1}


def test_a_sale_says_when_who_and_by_which_wire_and_nothing_of_the_text(
    tmp_path: Path, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    link = tmp_path / "till"
    clock = SystemClock()
    with (
        SimulatedTill(link) as program,
        listening(posted, trouble, table={"port": str(link)}, clock=clock),
    ):
        heard(program)
        before = clock.now()
        program.ring_up()
        (sale,) = posted.first(1)
    assert isinstance(sale, SaleSeen)
    assert sale.source is SaleSource.RECEIPT
    assert re.fullmatch("[0-9a-f]{32}", sale.id)
    assert before.boot <= sale.at.boot <= clock.now().boot
    assert SaleSeen.__slots__ == ("at", "id", "source")


def test_the_text_never_reaches_the_log(
    tmp_path: Path,
    posted: Collected[Event],
    trouble: Collected[str | None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    link = tmp_path / "till"
    with (
        SimulatedTill(link) as program,
        listening(posted, trouble, table={"port": str(link)}),
    ):
        heard(program)
        program.ring_up()
        posted.first(1)
        program.unplug()
        trouble.until(lambda told: told[-1:] == [TROUBLE])
    told = "".join(capsys.readouterr())
    assert "till_connected" in told
    for word in ("SUPERMERCADO", "TOTAL", "NIF", "GRACIAS"):
        assert word not in told


def test_a_till_that_comes_later_is_found(
    tmp_path: Path, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    link = tmp_path / "till"
    with listening(posted, trouble, table={"port": str(link)}):
        trouble.first(1)
        with SimulatedTill(link) as program:
            assert trouble.first(2) == [TROUBLE, None]
            heard(program)
            program.ring_up()
            posted.first(1)


def test_unplugging_in_the_middle_of_a_receipt_invents_and_swallows_nothing(
    tmp_path: Path, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    link = tmp_path / "till"
    with (
        SimulatedTill(link) as program,
        listening(posted, trouble, table={"port": str(link)}),
    ):
        for turn, half in enumerate((SALE[:300], SALE[:-3], b"\x1d8L\xff\xff\x07\x00")):
            heard(program)
            program.ring_up()
            program.print(half)
            program.unplug()
            trouble.first(2 * turn + 2)  # connected, lost, connected, lost …
            program.plug()
            trouble.first(2 * turn + 3)
        heard(program)
        program.ring_up()
        sales = posted.first(4)
    assert len(sales) == program.sales == 4


def test_trouble_is_told_once_and_not_at_every_try(
    tmp_path: Path, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    tries: Collected[PortSettings] = Collected()

    def opening(settings: PortSettings) -> Port:
        tries(settings)
        return open_port(settings)

    with listening(posted, trouble, table={"port": str(tmp_path / "none")}, opening=opening):
        tries.first(5)
    assert trouble.all == [TROUBLE]


@pytest.mark.parametrize("path", ["/dev/null", "nonsense://x", "/", "\0", "rfc2217://"])
def test_what_is_no_port_is_trouble_and_no_crash(
    path: str, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    tries: Collected[PortSettings] = Collected()

    def opening(settings: PortSettings) -> Port:
        tries(settings)
        return open_port(PortSettings(path))

    with listening(posted, trouble, table={"port": "x"}, opening=opening):
        tries.first(3)
    assert trouble.all == [TROUBLE]


def test_a_url_of_pyserial_may_be_the_port(
    posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    loop: serial.Serial = serial.serial_for_url("loop://", timeout=0.05)
    with listening(posted, trouble, table={"port": "loop://"}, opening=lambda _: loop):
        trouble.first(1)
        loop.write(SALE)
        posted.first(1)
    assert open_port(PortSettings("loop://")).in_waiting == 0


def test_a_reader_that_fails_is_trouble_starts_again_and_tells_no_text(
    posted: Collected[Event],
    trouble: Collected[str | None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Odd(FakePort):
        def read(self, size: int = 1, /) -> bytes:
            said = b"JUAN PEREZ, VISA 1234"
            raise RuntimeError(f"nobody thought of this: {said!r}")

    ports = iter([Odd()])

    def opening(_: PortSettings) -> Any:
        return next(ports, None) or FakePort()

    with listening(posted, trouble, table={"port": "x"}, opening=opening):
        assert trouble.first(3) == [None, TROUBLE, None]
    told = capsys.readouterr().out
    assert "RuntimeError in read" in told
    assert "JUAN" not in told


def test_it_stops_within_a_second_and_twice(
    tmp_path: Path, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    for port in (str(tmp_path / "none"), "loop://"):
        with listening(posted, trouble, table={"port": port}) as till:
            trouble.first(1)
            began = time.monotonic()
            till.close()
            till.close()
            assert time.monotonic() - began < STOP_SECONDS
            assert not till._thread.is_alive()


# Modem lines: on a fake port, because a pseudo-terminal has none.

MODEM = {"kind": "modem", "port": "x", "line": "dcd", "debounce_ms": 10, "rest_ms": 10}


def moved(port: FakePort, high: bool) -> None:
    """Move the line, and wait until it was looked at often enough to hold."""
    port.high = {ModemLine.DCD} if high else set()
    ends = time.monotonic() + 0.1
    while time.monotonic() < ends:
        port.looked.clear()
        assert port.looked.wait(5)


def test_each_rise_of_the_modem_line_is_a_sale(
    posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    port = FakePort()
    with listening(posted, trouble, table=MODEM, opening=lambda _: port):
        assert trouble.first(1) == [None]
        for high in (False, True, False, True, False):
            moved(port, high)
        sales = posted.first(2)
    assert [one.source for one in sales if isinstance(one, SaleSeen)] == [SaleSource.MODEM] * 2
    assert port.closed


def test_a_line_that_is_up_when_the_kiosk_starts_is_no_sale(
    posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    port = FakePort()
    port.high = {ModemLine.DCD}
    with listening(posted, trouble, table=MODEM, opening=lambda _: port):
        moved(port, True)
        moved(port, False)
        assert posted.all == []


@pytest.mark.parametrize("line", list(ModemLine))
def test_any_of_the_four_lines_may_be_the_one(
    line: ModemLine, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    port = FakePort()
    with listening(posted, trouble, table={**MODEM, "line": line}, opening=lambda _: port):
        moved(port, False)
        port.high = {line}
        posted.first(1)


def test_a_pulled_plug_is_no_sale_when_it_comes_back_with_the_line_up(
    posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    first, second = FakePort(), FakePort()
    second.high = {ModemLine.DCD}
    ports = iter([first])
    with listening(posted, trouble, table=MODEM, opening=lambda _: next(ports, second)):
        moved(first, False)
        first.pulled = True
        assert trouble.first(3) == [None, TROUBLE, None]
        moved(second, True)
        assert posted.all == []
        moved(second, False)
        moved(second, True)
        posted.first(1)


def test_a_pseudo_terminal_has_no_modem_lines_and_that_is_told(
    tmp_path: Path, posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    link = tmp_path / "till"
    with (
        SimulatedTill(link),
        listening(posted, trouble, table={**MODEM, "port": str(link)}),
    ):
        assert trouble.first(1) == [TROUBLE]


def test_the_moment_of_an_edge_is_when_it_began(
    posted: Collected[Event], trouble: Collected[str | None]
) -> None:
    clock, port = FakeClock(), FakePort()
    with listening(posted, trouble, table=MODEM, opening=lambda _: port, clock=clock):
        moved(port, False)
        clock.advance(1_000)
        moved(port, False)
        began = clock.now()
        moved(port, True)
        clock.advance(10)
        (sale,) = posted.first(1)
    assert isinstance(sale, SaleSeen)
    assert sale.at == began


def test_nobody_else_may_read_the_same_port(tmp_path: Path) -> None:
    with SimulatedTill(tmp_path / "till"):
        port = open_port(PortSettings(os.fspath(tmp_path / "till")))
        with pytest.raises(serial.SerialException):
            open_port(PortSettings(os.fspath(tmp_path / "till")))
        port.close()
