"""What a diagnostic file holds: how the kiosk is, and nothing that a shopper or a till has said.

Laws of this page
1. No secret: what settings hide from their own picture (`repr=False`) is left out by that mark.
2. No answer: counts alone; of the log only words and keys that are named here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Final

from kiosk.core.presses import ButtonSettings
from kiosk.core.readings import Readings
from kiosk.core.report import lines_of
from shared.notices import KioskSettings

Json = Any

LOG_KEYS: Final = frozenset(
    {
        "alarm", "at", "attempts", "channel", "code", "codes", "connection", "driver", "effect",
        "event", "failures", "happened", "held", "held_back", "kiosk", "level", "logger",
        "passed_over", "phase", "port", "program", "rotation", "size", "thread", "verdicts",
        "version",
    }
)  # fmt: skip
"""Every key that may be told; among them none that ever held a text from outside."""

WHY_TOLD: Final = frozenset(
    {
        "backlight_failed", "broker_disconnected", "outbox_failed", "part_failed", "till_not_heard",
        "voice_failed",
    }
)  # fmt: skip
"""Events whose `why` is the machine's own sentence; of others it may repeat what came in."""

_MOST_CHARACTERS: Final = 200


def diagnosis(
    readings: Readings,
    settings: object,
    asked: KioskSettings | None,
    counts: Mapping[str, Mapping[str, int]],
    log: Iterable[Mapping[str, object]],
    machine: Mapping[str, str],
) -> Json:
    """The whole document; `settings` is what kiosk.toml says, `asked` what the hub says."""
    return {
        "made_at": readings.at.wall,
        "boot_ms": readings.at.boot,
        "version": readings.version,
        "machine": dict(machine),
        "settings": plain(settings),
        "of_the_hub": None if asked is None else _asked(asked),
        "lines": [
            {"part": one.part, "is": one.sign, "says": one.saying.format(**dict(one.values))}
            for one in lines_of(readings)
        ],
        "alarms": sorted(readings.alarms),
        "counts": {name: dict(count) for name, count in counts.items()},
        "log": [scrubbed(line) for line in log],
    }


def plain(value: object) -> Json:
    """A value of the settings in words of JSON, without what is hidden in it."""
    if isinstance(value, ButtonSettings):  # by pin alone, for nothing here names a face
        pins = sorted(value.pins.values())
        return {"pins": pins, "light": value.light, "light_active_high": value.light_active_high}
    if is_dataclass(value) and not isinstance(value, type):
        shown = (field.name for field in fields(value) if field.repr)
        return {name: plain(getattr(value, name)) for name in shown}
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:_MOST_CHARACTERS]


def scrubbed(line: Mapping[str, object]) -> Json:
    """A line of the log without what somebody else may have written into it."""
    told = {key: plain(value) for key, value in line.items() if key in LOG_KEYS}
    if line.get("event") in WHY_TOLD:
        told["why"] = plain(line.get("why"))
    return told


def as_sent(text: str, most: int) -> str:
    """A document as letters of ASCII, at most so many: an old half of a long log is left out."""
    document = json.loads(text)
    log = document["log"]
    while len(sent := json.dumps(document, separators=(",", ":"))) > most and log:
        del log[: (len(log) + 1) // 2]
    return sent


def _asked(settings: KioskSettings) -> Json:
    """What is asked, by its versions: the texts are the store's."""
    return {
        "serial": settings.serial,
        "languages": list(settings.languages),
        "question_version": settings.question_version,
        "reasons_version": settings.reasons_version,
        "reasons": len(settings.reasons),
        "questionnaire": settings.questionnaire is not None,
        "always_on": settings.always_on,
        "ask_seconds": settings.ask_seconds,
        "thanks_seconds": settings.thanks_seconds,
        "lockout_seconds": settings.lockout_seconds,
        "keeping": plain(settings.keeping),
    }
