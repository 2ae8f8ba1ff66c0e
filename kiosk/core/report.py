"""The lines of the panel and of the check: what is said of each part, and whether it is well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk.core.readings import Part, Readings

Value = str | int | float


class Sign(StrEnum):
    """How a part is: each has a shape and a word of its own."""

    WELL = "well"
    LOOK = "look"  # it works, but somebody should look
    FAULT = "fault"
    UNKNOWN = "unknown"


class Saying(StrEnum):
    """The sentences, in English; the screen has them in every language."""

    PLAIN = "{text}"
    CONNECTED = "connected · {ms} ms"
    CONNECTED_SINCE = "connected since {time}"
    APART = "not connected since {time}"
    NEVER = "not connected yet"
    COUNT = "{count}"
    CONFIRMED = "{time}"
    NOT_SINCE_START = "nothing since the start"
    SYNCED = "synchronised"
    SYNCED_OFFSET = "synchronised · {seconds} s"
    NOT_SYNCED = "not synchronised · the hub's time is used"
    NO_TILL = "none: the question stands for ever"
    NO_SALE = "{kind} · no ticket since the start"
    SALE = "{kind} · last ticket {ago} ago"
    NONE = "none"
    PINS = "{pins} — press to test"
    PINS_PRESSED = "{pins} — all pressed"
    WARM = "{celsius} °C · not throttled"
    THROTTLED = "{celsius} °C · throttled: it needs air"
    UNDERVOLTED = "{celsius} °C · the power supply is too weak"
    WARM_UNKNOWN = "{celsius} °C"
    NOT_KNOWN = "not known"
    ROOM = "{megabytes} MB free · {percent} %"
    SERIAL = "number {number}"
    NO_SETTINGS = "none from the hub yet"
    SENTENCES = "{count} sentences"
    UNSIGNED = "{text} · {version} refused: nobody whom we trust has signed it"
    OLDER = "{text} · {version} refused: it is older"
    NOT_WHOLE = "{text} · {version} refused: it did not arrive whole"
    LEFT = "{text} · {version} was left: it did not prove itself"
    NOT_TAKEN = "{text} · {version} was not taken: {why}"


@dataclass(frozen=True, slots=True)
class Line:
    """One part, how it is, and what is said of it. A `hint` is for the terminal, in English."""

    part: Part
    sign: Sign
    saying: Saying
    values: tuple[tuple[str, Value], ...] = ()
    hint: str | None = None


OWED_MANY: Final = 500
"""A busy register's day: so much waits only where the hub has been away for long."""

APART_MS: Final = 600_000
"""Ten minutes: a router that starts anew is back by then."""

OFFSET_MS: Final = 2_000
"""A receipt takes up to a second or two; clocks that differ by more are not both right."""

WARM_CELSIUS: Final = 75.0
HOT_CELSIUS: Final = 80.0
"""At 80 °C a Raspberry Pi slows down by itself."""

SCARCE_PERCENT: Final = 10
SCARCE_MB: Final = 200
NO_ROOM_MB: Final = 20
"""A full outbox takes about 100 MB, and its log as much again while nobody listens."""


def lines_of(readings: Readings) -> tuple[Line, ...]:
    """Every part in its order; where a check found a fault, that is told instead."""
    return tuple(_line(part, readings) for part in Part)


def worst_of(lines: tuple[Line, ...]) -> Sign:
    """The gravest sign among them."""
    signs = {line.sign for line in lines}
    return next((s for s in (Sign.FAULT, Sign.LOOK) if s in signs), Sign.WELL)


def _line(part: Part, readings: Readings) -> Line:
    fault = readings.faults.get(part)
    if fault is not None:
        return Line(part, Sign.FAULT, Saying.PLAIN, (("text", fault.why),), fault.hint)
    note = readings.notes.get(part)
    if note is not None:
        return Line(part, Sign.WELL, Saying.PLAIN, (("text", note),))
    sign, saying, *values = _TELLERS[part](readings)
    return Line(part, sign, saying, tuple(values))


Told = tuple[Sign, Saying, *tuple[tuple[str, Value], ...]]


def _hub(readings: Readings) -> Told:
    reach = readings.reach
    if reach is None or reach.since is None:
        return Sign.LOOK, Saying.NEVER
    since = ("time", reach.since.wall)
    if not reach.joined:
        long = readings.at.boot - reach.since.boot >= APART_MS
        return (Sign.FAULT if long else Sign.LOOK), Saying.APART, since
    if reach.round_trip_ms is None:
        return Sign.WELL, Saying.CONNECTED_SINCE, since
    return Sign.WELL, Saying.CONNECTED, ("ms", reach.round_trip_ms)


def _owed(readings: Readings) -> Told:
    if readings.owed is None:
        return Sign.UNKNOWN, Saying.NOT_KNOWN
    many = readings.owed >= OWED_MANY
    return (Sign.LOOK if many else Sign.WELL), Saying.COUNT, ("count", readings.owed)


def _confirmed(readings: Readings) -> Told:
    if readings.reach is None or readings.reach.confirmed is None:
        return Sign.UNKNOWN, Saying.NOT_SINCE_START
    return Sign.WELL, Saying.CONFIRMED, ("time", readings.reach.confirmed.wall)


def _clock(readings: Readings) -> Told:
    if not readings.at.synced:
        return Sign.LOOK, Saying.NOT_SYNCED
    offset = None if readings.reach is None else readings.reach.offset_ms
    if offset is None:
        return Sign.WELL, Saying.SYNCED
    far = abs(offset) > OFFSET_MS
    return (Sign.LOOK if far else Sign.WELL), Saying.SYNCED_OFFSET, ("seconds", offset / 1_000)


def _till(readings: Readings) -> Told:
    if readings.till is None:
        return Sign.WELL, Saying.NO_TILL
    if "till" in readings.alarms:
        return Sign.FAULT, Saying.NO_SALE, ("kind", readings.till)
    if readings.last_sale is None:
        return Sign.UNKNOWN, Saying.NO_SALE, ("kind", readings.till)
    ago = max(0, readings.at.boot - readings.last_sale) // 1_000
    return Sign.WELL, Saying.SALE, ("kind", readings.till), ("ago", ago)


def _buttons(readings: Readings) -> Told:
    if not readings.pins:
        return Sign.WELL, Saying.NONE
    pins = ("pins", " · ".join(map(str, readings.pins)))
    if "buttons" in readings.alarms:
        return Sign.FAULT, Saying.PINS, pins
    if set(readings.pins) <= set(readings.pressed):
        return Sign.WELL, Saying.PINS_PRESSED, pins
    return Sign.LOOK, Saying.PINS, pins  # nothing but a finger tells that a button works


def _temperature(readings: Readings) -> Told:
    warmth = readings.warmth
    if warmth is None:
        return Sign.UNKNOWN, Saying.NOT_KNOWN
    celsius = ("celsius", round(warmth.celsius))
    if warmth.undervolted:
        return Sign.FAULT, Saying.UNDERVOLTED, celsius
    if warmth.throttled or warmth.celsius >= HOT_CELSIUS:
        return Sign.FAULT, Saying.THROTTLED, celsius
    sign = Sign.LOOK if warmth.celsius >= WARM_CELSIUS else Sign.WELL
    return sign, Saying.WARM_UNKNOWN if warmth.throttled is None else Saying.WARM, celsius


def _storage(readings: Readings) -> Told:
    room = readings.room
    if room is None:
        return Sign.UNKNOWN, Saying.NOT_KNOWN
    told = ("megabytes", room.free_mb), ("percent", room.percent_free)
    if "storage" in readings.alarms or room.free_mb < NO_ROOM_MB:
        return Sign.FAULT, Saying.ROOM, *told
    scarce = room.percent_free < SCARCE_PERCENT and room.free_mb < SCARCE_MB
    return (Sign.LOOK if scarce else Sign.WELL), Saying.ROOM, *told


def _settings(readings: Readings) -> Told:
    if readings.settings_serial is None:
        return Sign.UNKNOWN, Saying.NOT_KNOWN
    if not readings.settings_serial:
        return Sign.LOOK, Saying.NO_SETTINGS
    sign = Sign.FAULT if "settings" in readings.alarms else Sign.WELL
    return sign, Saying.SERIAL, ("number", readings.settings_serial)


def _sound(readings: Readings) -> Told:
    if readings.sentences is None:
        return Sign.WELL, Saying.NONE
    bad = "voice" in readings.alarms or not readings.sentences
    return (Sign.FAULT if bad else Sign.WELL), Saying.SENTENCES, ("count", readings.sentences)


def _screen(readings: Readings) -> Told:
    bad = {"touch", "backlight", "font"} & set(readings.alarms)
    return (Sign.LOOK if bad else Sign.WELL), Saying.PLAIN, ("text", readings.screen)


_NOT_TAKEN: Final = {
    "signature": Saying.UNSIGNED,
    "downgrade": Saying.OLDER,
    **dict.fromkeys(("truncated", "fetch", "manifest"), Saying.NOT_WHOLE),
    "rolled_back": Saying.LEFT,
}


def _version(readings: Readings) -> Told:
    own, other = ("text", readings.version), readings.not_taken
    if other is None or other.version == readings.version:
        return Sign.WELL, Saying.PLAIN, own
    saying, known = _NOT_TAKEN.get(other.code, Saying.NOT_TAKEN), ("version", other.version)
    if saying is Saying.NOT_TAKEN:
        return Sign.LOOK, saying, own, known, ("why", other.code)
    return Sign.LOOK, saying, own, known


def _alarms(readings: Readings) -> Told:
    if not readings.alarms:
        return Sign.WELL, Saying.NONE
    return Sign.FAULT, Saying.PLAIN, ("text", ", ".join(sorted(readings.alarms)))


_TELLERS: Final[dict[Part, Callable[[Readings], Told]]] = {
    Part.HUB: _hub,
    Part.OWED: _owed,
    Part.CONFIRMED: _confirmed,
    Part.CLOCK: _clock,
    Part.TILL: _till,
    Part.BUTTONS: _buttons,
    Part.SCREEN: _screen,
    Part.SOUND: _sound,
    Part.TEMPERATURE: _temperature,
    Part.STORAGE: _storage,
    Part.SETTINGS: _settings,
    Part.VERSION: _version,
    Part.ALARMS: _alarms,
}
