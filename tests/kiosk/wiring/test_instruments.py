"""What the panel reads in a running kiosk, and what it writes down: everything but answers."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.core.events import Event, Exported, Inspected
from kiosk.core.passcode import hashed
from kiosk.core.ports import Held
from kiosk.core.reach import Reach
from kiosk.core.standing import Standing
from kiosk.settings import Settings
from kiosk.wiring.instruments import Instruments, Sources
from shared.errors import NotKept
from tests.fakes.clock import FakeClock
from tests.kiosk.samples import settings as of_the_hub
from tests.kiosk.wiring.samples import headless

PATIENCE = 10
PIN = hashed("2580", b"salt" * 4)
KIOSK = f"""
    [panel]
    pin = "{PIN}"
    [sound]
    [till]
    kind = "receipt"
    port = "/dev/ttyUSB0"
    [buttons]
    sad = 5
    neutral = 6
    happy = 13
"""


def sources() -> Sources:
    return Sources(
        held=lambda: Held("e" * 16, oldest=5, last=9, refused_seen=0, received=6),
        reach=lambda: Reach(joined=True),
        standing=lambda: Standing("1.4.0", settings_serial=7, alarms=frozenset({"till"})),
        counts=lambda: {"unreadable": 2},
        asked=lambda: of_the_hub(7),
    )


@contextmanager
def working(
    settings: Settings, given: Sources
) -> Iterator[tuple[Instruments, queue.SimpleQueue[Event], list[str]]]:
    posted: queue.SimpleQueue[Event] = queue.SimpleQueue()
    ended: list[str] = []
    instruments = Instruments(
        settings, given, clock=FakeClock(), post=posted.put, end=lambda: ended.append("end")
    )
    instruments.start()
    try:
        yield instruments, posted, ended
    finally:
        instruments.close()
        instruments.close()


def test_it_reads_every_part_anew(tmp_path: Path) -> None:
    with working(headless(tmp_path, KIOSK), sources()) as (instruments, posted, _):
        instruments.sold(4_000)
        instruments.inspect()
        event = posted.get(timeout=PATIENCE)
    assert isinstance(event, Inspected)
    read = event.readings
    assert (read.version, read.owed, read.settings_serial) == ("1.4.0", 3, 7)
    assert (read.till, read.last_sale, read.pins) == ("receipt", 4_000, (5, 6, 13))
    assert (read.alarms, read.sentences) == (("till",), 0)
    assert read.room is not None


def test_a_card_that_cannot_be_read_is_not_known_and_ends_nothing(tmp_path: Path) -> None:
    def fails() -> Held:
        raise NotKept("the card is gone")

    def breaks() -> Standing:
        raise RuntimeError("a fault of ours")

    with working(headless(tmp_path, KIOSK), replace(sources(), held=fails)) as (one, posted, _):
        one.inspect()
        event = posted.get(timeout=PATIENCE)
        assert isinstance(event, Inspected)
        assert event.readings.owed is None
    once = iter([breaks, sources().standing])

    def at_first_breaks() -> Standing:
        return next(once)()

    given = replace(sources(), standing=at_first_breaks)
    with working(headless(tmp_path, KIOSK), given) as (one, posted, _):
        one.inspect()
        one.inspect()
        assert isinstance(posted.get(timeout=PATIENCE), Inspected)


def test_the_diagnostic_file_is_written_where_it_is_told_and_holds_no_secret(
    tmp_path: Path,
) -> None:
    settings = headless(tmp_path, KIOSK, password="very-secret-word")
    with working(settings, sources()) as (instruments, posted, _):
        instruments.export()
        event = posted.get(timeout=PATIENCE)
    assert isinstance(event, Exported)
    assert event.where is not None
    file = Path(event.where)
    assert file.parent == tmp_path / "diagnostics"
    text = file.read_text()
    assert "very-secret-word" not in text
    assert PIN not in text
    document = json.loads(text)
    assert document["version"] == "1.4.0"
    assert document["counts"] == {"passed_over": {"unreadable": 2}}
    assert document["settings"]["buttons"]["pins"] == [5, 6, 13]


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "diagnostics").write_text("no folder")
    with working(headless(tmp_path, KIOSK), sources()) as (instruments, posted, _):
        instruments.export()
        event = posted.get(timeout=PATIENCE)
    assert isinstance(event, Exported)
    assert event.where is None
    assert event.why


def test_a_restart_ends_the_program(tmp_path: Path) -> None:
    with working(headless(tmp_path, KIOSK), sources()) as (instruments, _, ended):
        instruments.restart()
    assert ended == ["end"]


@pytest.mark.parametrize(
    ("wire", "till"),
    [("[drawer]\npin = 17", "drawer"), ('[door]\ntoken = "0123456789abcdef"', "door"), ("", None)],
)
def test_how_sales_are_heard_is_told(tmp_path: Path, wire: str, till: str | None) -> None:
    with working(headless(tmp_path, wire), sources()) as (instruments, _, _ended):
        read = instruments.readings()
    assert (read.till, read.pins, read.sentences) == (till, (), None)
