"""What the lines of the panel and of the check say, in the technician's language."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.core.readings import Part
from kiosk.core.report import Line, Value
from kiosk.core.trials import Kind, Verdict
from kiosk.screen.words import Say

_DAY_MS: Final = 86_400_000

_COMMA: Final = frozenset({"es", "pt"})
"""Languages that write 0,02."""


def names_of_parts(say: Say) -> dict[Part, str]:
    """What stands at the beginning of each line."""
    return {
        Part.HUB: say("Hub"),
        Part.OWED: say("Answers not yet confirmed"),
        Part.CONFIRMED: say("Last confirmed"),
        Part.CLOCK: say("Clock"),
        Part.TILL: say("Till"),
        Part.BUTTONS: say("Buttons (GPIO)"),
        Part.SCREEN: say("Screen"),
        Part.SOUND: say("Sound"),
        Part.TEMPERATURE: say("Temperature"),
        Part.STORAGE: say("Storage"),
        Part.SETTINGS: say("Settings of the hub"),
        Part.VERSION: say("Version"),
        Part.ALARMS: say("Alarms"),
    }


def names_of_kinds(say: Say) -> dict[Kind, str]:
    """The keys that begin a test."""
    return {
        Kind.TOUCH: say("Test touch"),
        Kind.BUTTONS: say("Test buttons"),
        Kind.TILL: say("Test till"),
        Kind.SOUND: say("Test sound"),
        Kind.SCREEN: say("Test screen"),
    }


def names_of_verdicts(say: Say) -> dict[Verdict, str]:
    """How a test ended."""
    return {Verdict.PASSED: say("passed"), Verdict.FAILED: say("failed")}


def every_saying(say: Say) -> tuple[str, ...]:
    """All of core's sentences, so that each has an entry in every catalogue."""
    return (
        say("connected · {ms} ms"),
        say("connected since {time}"),
        say("not connected since {time}"),
        say("not connected yet"),
        say("nothing since the start"),
        say("synchronised"),
        say("synchronised · {seconds} s"),
        say("not synchronised · the hub's time is used"),
        say("none: the question stands for ever"),
        say("{kind} · no ticket since the start"),
        say("{kind} · last ticket {ago} ago"),
        say("none"),
        say("{pins} — press to test"),
        say("{pins} — all pressed"),
        say("{celsius} °C · not throttled"),
        say("{celsius} °C · throttled: it needs air"),
        say("{celsius} °C · the power supply is too weak"),
        say("not known"),
        say("{megabytes} MB free · {percent} %"),
        say("number {number}"),
        say("none from the hub yet"),
        say("{count} sentences"),
        say("{text} · {version} refused: nobody whom we trust has signed it"),
        say("{text} · {version} refused: it is older"),
        say("{text} · {version} refused: it did not arrive whole"),
        say("{text} · {version} was left: it did not prove itself"),
        say("{text} · {version} was not taken: {why}"),
    )


UNSAID: Final = frozenset({"{text}", "{count}", "{time}", "{celsius} °C"})
"""The same in every language."""


def tell(line: Line, language: str, say: Say, *, zone: str = "UTC", now: int = 0) -> str:
    """The line's sentence with its values; `now` is the wall clock (ms), `zone` the store's."""
    told = line.saying.value if line.saying.value in UNSAID else say(line.saying.value)
    values = {name: _told(name, value, language, say, zone, now) for name, value in line.values}
    return told.format(**values)


def _told(name: str, value: Value, language: str, say: Say, zone: str, now: int) -> str:
    match name, value:
        case "time", int():
            return _time(value, zone, now)
        case "ago", int():
            return _span(value)
        case "seconds", int() | float():
            told = f"{value:+.2f}"
            return told.replace(".", ",") if language in _COMMA else told
        case "kind", str():
            return _kinds(say).get(value, value)
        case _:
            return str(value)


def _kinds(say: Say) -> dict[str, str]:
    return {
        "receipt": "ESC/POS",
        "pole": say("customer display"),
        "line": say("line of text"),
        "modem": say("modem line"),
        "drawer": say("cash drawer"),
        "door": say("network call"),
    }


def _time(at: int, zone: str, now: int) -> str:
    when = datetime.fromtimestamp(at / 1_000, _zone(zone))
    return f"{when:%H:%M:%S}" if abs(now - at) < _DAY_MS else f"{when:%Y-%m-%d %H:%M}"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a zone is a file, and its name comes from the hub
        return UTC


def _span(seconds: int) -> str:
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
