"""What a counter, a camera, a gate or a ticket system tells of a line in a store.

A number that no line can have, and a time that no clock should tell, are words like any other: the
hub refuses them by name and shows it, where a word that cannot be read would only be missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.errors import WordError
from shared.places import check_name

LARGEST: Final = 2**53
"""What every program that reads JSON still tells apart; no line and no clock comes near it."""

LONGEST_TICKET: Final = 32
"""Characters; “A123” is usual."""


class Way(StrEnum):
    """Which way somebody passed."""

    ENTERED = "entered"
    LEFT = "left"


class Step(StrEnum):
    """What happened to a ticket."""

    DREW = "drew"
    CALLED = "called"


@dataclass(frozen=True, slots=True)
class Count:
    """So many people stand in a line.

    `at` is the sensor's clock (ms since 1970, UTC); without it, or with 0, it is just now.
    """

    line: str
    number: int
    at: int = 0

    def __post_init__(self) -> None:
        _check(self.line, self.at)
        _check_size(self.number)


@dataclass(frozen=True, slots=True)
class Passing:
    """Somebody joined a line, or left it. `at` as in a count."""

    line: str
    way: Way
    at: int = 0

    def __post_init__(self) -> None:
        _check(self.line, self.at)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket was drawn, or called. `at` as in a count."""

    line: str
    ticket: str
    step: Step
    at: int = 0

    def __post_init__(self) -> None:
        _check(self.line, self.at)
        if not 1 <= len(self.ticket) <= LONGEST_TICKET or not self.ticket.isprintable():
            raise WordError(f"a ticket has 1 to {LONGEST_TICKET} characters that can be printed")


Sensed = Count | Passing | Ticket
"""All that a sensor tells."""


def _check(line: str, at: int) -> None:
    check_name(line, "line")
    _check_size(at)


def _check_size(number: int) -> None:
    if not -LARGEST <= number <= LARGEST:
        raise WordError("a number without measure")
