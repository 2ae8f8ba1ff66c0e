"""How a device is, by its own word: said when it connects, when something changes, and hourly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.commands import Answer
from shared.errors import WordError
from shared.moments import check_instant

MOST_ANSWERS = 8
"""The last commands that a kiosk still answers for."""

_LONGEST_NAME = 80
_PERCENT = range(101)
_CELSIUS = range(-60, 151)


class PartState(StrEnum):
    """How a part is."""

    ABSENT = "absent"  # none is configured
    WELL = "well"
    SILENT = "silent"  # it is there, and has not said anything for long
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Health:
    """What a technician wants to know before the drive. What cannot be measured there is None.

    `temperature` is in °C, `card_full` and `card_worn` in percent, `memory_free` in MB, `up` the
    seconds since the machine started; `certificate_until` is ms since 1970. `trial` is the version
    that has to prove itself, `durable` whether the outbox lies where a power cut cannot take it.
    """

    at: int
    version: str
    model: str = ""
    temperature: int | None = None
    low_power: bool | None = None
    card_full: int | None = None
    card_worn: int | None = None
    card_writable: bool | None = None
    durable: bool | None = None
    memory_free: int | None = None
    up: int | None = None
    certificate_until: int | None = None
    till: PartState = PartState.ABSENT
    buttons: PartState = PartState.ABSENT
    screen: PartState = PartState.WELL
    sound: PartState = PartState.ABSENT
    trial: str | None = None
    answers: tuple[Answer, ...] = ()

    def __post_init__(self) -> None:
        check_instant(self.at, "health")
        if self.certificate_until is not None:
            check_instant(self.certificate_until, "a certificate")
        for percent in (self.card_full, self.card_worn):
            if percent is not None and percent not in _PERCENT:
                raise WordError(f"{percent} is no percentage")
        if self.temperature is not None and self.temperature not in _CELSIUS:
            raise WordError(f"{self.temperature} °C is no temperature of a kiosk")
        if any(
            number is not None and not 0 <= number < 2**53 for number in (self.memory_free, self.up)
        ):
            raise WordError("health with impossible numbers")
        if max(len(self.version), len(self.model), len(self.trial or "")) > _LONGEST_NAME:
            raise WordError("health with a name that is too long")
        if len(self.answers) > MOST_ANSWERS:
            raise WordError(f"at most {MOST_ANSWERS} answers")
