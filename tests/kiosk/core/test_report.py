"""What is said of each part: well, to be looked at, at fault, or not known."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.reach import Reach
from kiosk.core.readings import Fault, NotTaken, Part, Readings, Room, Warmth
from kiosk.core.report import APART_MS, Line, Saying, Sign, lines_of, worst_of
from tests.kiosk.samples import moment

NOW = moment(10_000_000)
LONG_AGO = moment(10_000_000 - APART_MS)
WELL = Readings(
    at=NOW,
    version="1.4.0",
    reach=Reach(True, moment(0), moment(9_999_000), round_trip_ms=38, offset_ms=20),
    owed=0,
    till="receipt",
    last_sale=NOW.boot - 41_000,
    pins=(5, 6, 13),
    pressed=(13, 6, 5),
    warmth=Warmth(54.2, throttled=False, undervolted=False),
    room=Room(4_000, 60),
    screen="kmsdrm, 800×480",
    sentences=24,
    settings_serial=7,
)


def line(part: Part, readings: Readings) -> Line:
    return next(one for one in lines_of(readings) if one.part is part)


def told(part: Part, readings: Readings) -> tuple[Sign, Saying]:
    one = line(part, readings)
    return one.sign, one.saying


def test_every_part_has_its_line_in_the_order_of_the_parts() -> None:
    assert [one.part for one in lines_of(WELL)] == list(Part)


def test_where_all_is_well_every_line_says_so() -> None:
    assert {one.sign for one in lines_of(WELL)} == {Sign.WELL}
    assert worst_of(lines_of(WELL)) is Sign.WELL


def test_it_says_the_numbers_of_the_picture() -> None:
    values = {one.part: dict(one.values) for one in lines_of(WELL)}
    assert values[Part.HUB] == {"ms": 38}
    assert values[Part.OWED] == {"count": 0}
    assert values[Part.CLOCK] == {"seconds": 0.02}
    assert values[Part.TILL] == {"kind": "receipt", "ago": 41}
    assert values[Part.BUTTONS] == {"pins": "5 · 6 · 13"}
    assert values[Part.TEMPERATURE] == {"celsius": 54}


def reach(**more: object) -> Readings:
    assert WELL.reach is not None
    return replace(WELL, reach=replace(WELL.reach, **more))  # type: ignore[arg-type]


def alarmed(code: str) -> Readings:
    return replace(WELL, alarms=(code,))


def warm(*what: object) -> Readings:
    return replace(WELL, warmth=Warmth(*what))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("part", "readings", "sign", "saying"),
    [
        (Part.HUB, replace(WELL, reach=None), Sign.LOOK, Saying.NEVER),
        (Part.HUB, reach(round_trip_ms=None), Sign.WELL, Saying.CONNECTED_SINCE),
        (Part.HUB, reach(joined=False, since=NOW), Sign.LOOK, Saying.APART),
        (Part.HUB, reach(joined=False, since=LONG_AGO), Sign.FAULT, Saying.APART),
        (Part.OWED, replace(WELL, owed=500), Sign.LOOK, Saying.COUNT),
        (Part.OWED, replace(WELL, owed=None), Sign.UNKNOWN, Saying.NOT_KNOWN),
        (Part.CONFIRMED, reach(confirmed=None), Sign.UNKNOWN, Saying.NOT_SINCE_START),
        (Part.CLOCK, replace(WELL, at=moment(1, synced=False)), Sign.LOOK, Saying.NOT_SYNCED),
        (Part.CLOCK, reach(offset_ms=None), Sign.WELL, Saying.SYNCED),
        (Part.CLOCK, reach(offset_ms=-2_001), Sign.LOOK, Saying.SYNCED_OFFSET),
        (Part.TILL, replace(WELL, till=None), Sign.WELL, Saying.NO_TILL),
        (Part.TILL, replace(WELL, last_sale=None), Sign.UNKNOWN, Saying.NO_SALE),
        (Part.TILL, alarmed("till"), Sign.FAULT, Saying.NO_SALE),
        (Part.BUTTONS, replace(WELL, pins=()), Sign.WELL, Saying.NONE),
        (Part.BUTTONS, replace(WELL, pressed=(5, 6)), Sign.LOOK, Saying.PINS),
        (Part.BUTTONS, alarmed("buttons"), Sign.FAULT, Saying.PINS),
        (Part.SCREEN, alarmed("touch"), Sign.LOOK, Saying.PLAIN),
        (Part.SOUND, replace(WELL, sentences=None), Sign.WELL, Saying.NONE),
        (Part.SOUND, replace(WELL, sentences=0), Sign.FAULT, Saying.SENTENCES),
        (Part.SOUND, alarmed("voice"), Sign.FAULT, Saying.SENTENCES),
        (Part.TEMPERATURE, replace(WELL, warmth=None), Sign.UNKNOWN, Saying.NOT_KNOWN),
        (Part.TEMPERATURE, warm(54.0), Sign.WELL, Saying.WARM_UNKNOWN),
        (Part.TEMPERATURE, warm(76.0, False, False), Sign.LOOK, Saying.WARM),
        (Part.TEMPERATURE, warm(81.0), Sign.FAULT, Saying.THROTTLED),
        (Part.TEMPERATURE, warm(60.0, True, False), Sign.FAULT, Saying.THROTTLED),
        (Part.TEMPERATURE, warm(40.0, False, True), Sign.FAULT, Saying.UNDERVOLTED),
        (Part.STORAGE, replace(WELL, room=Room(150, 5)), Sign.LOOK, Saying.ROOM),
        (Part.STORAGE, replace(WELL, room=Room(19, 5)), Sign.FAULT, Saying.ROOM),
        (Part.STORAGE, alarmed("storage"), Sign.FAULT, Saying.ROOM),
        (Part.STORAGE, replace(WELL, room=None), Sign.UNKNOWN, Saying.NOT_KNOWN),
        (Part.SETTINGS, replace(WELL, settings_serial=0), Sign.LOOK, Saying.NO_SETTINGS),
        (Part.SETTINGS, alarmed("settings"), Sign.FAULT, Saying.SERIAL),
        (Part.ALARMS, alarmed("spoiled"), Sign.FAULT, Saying.PLAIN),
    ],
)  # fmt: skip
def test_each_part_tells_when_somebody_should_look(
    part: Part, readings: Readings, sign: Sign, saying: Saying
) -> None:
    assert told(part, readings) == (sign, saying)
    assert worst_of(lines_of(readings)) in {sign, Sign.WELL, Sign.FAULT}


def test_a_fault_that_a_check_found_is_told_instead_and_so_is_what_it_saw() -> None:
    fault = Fault("/dev/ttyUSB0: no such port", "Is it plugged in?")
    broken = line(Part.TILL, replace(WELL, faults={Part.TILL: fault}))
    assert (broken.sign, dict(broken.values), broken.hint) == (
        Sign.FAULT, {"text": fault.why}, fault.hint,
    )  # fmt: skip
    seen = line(Part.TILL, replace(WELL, notes={Part.TILL: "can be read"}))
    assert (seen.sign, dict(seen.values)) == (Sign.WELL, {"text": "can be read"})


def test_every_sentence_gets_exactly_the_values_that_it_asks_for() -> None:
    for readings in (WELL, Readings(NOW, "1"), alarmed("till"), warm(54.0), reach(joined=False)):
        for one in lines_of(readings):
            asked = {name for _, name, _, _ in string.Formatter().parse(one.saying) if name}
            assert asked == dict(one.values).keys(), one


@settings(deadline=None)
@given(
    owed=st.none() | st.integers(0, 2**40),
    last_sale=st.none() | st.integers(0, 2**40),
    celsius=st.floats(-300, 1e6),
    free=st.integers(0, 2**40),
    alarms=st.frozensets(st.sampled_from(["till", "storage", "x"])),
)
def test_whatever_is_read_there_is_a_line_for_it(
    owed: int | None, last_sale: int | None, celsius: float, free: int, alarms: frozenset[str]
) -> None:
    readings = Readings(
        NOW, "1", None, owed, "pole", last_sale, warmth=Warmth(celsius), room=Room(free, 50),
        alarms=tuple(alarms),
    )  # fmt: skip
    assert len(lines_of(readings)) == len(Part)


@pytest.mark.parametrize(
    ("code", "saying"),
    [
        ("signature", Saying.UNSIGNED),
        ("downgrade", Saying.OLDER),
        ("truncated", Saying.NOT_WHOLE),
        ("rolled_back", Saying.LEFT),
        ("no_space", Saying.NOT_TAKEN),
    ],
)
def test_a_release_that_was_refused_is_told_beside_the_version_that_runs(
    code: str, saying: Saying
) -> None:
    found = line(Part.VERSION, replace(WELL, not_taken=NotTaken("1.5.0", code)))
    assert (found.sign, found.saying) == (Sign.LOOK, saying)
    assert dict(found.values)["version"] == "1.5.0"
    assert saying.value.format(**dict(found.values))


def test_what_was_refused_once_and_runs_now_is_told_no_more() -> None:
    assert told(Part.VERSION, replace(WELL, not_taken=NotTaken("1.4.0", "signature"))) == (
        Sign.WELL, Saying.PLAIN,
    )  # fmt: skip
