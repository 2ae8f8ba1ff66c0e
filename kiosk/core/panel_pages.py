"""What the technician sees: the PIN, the lines, the tests, and a glass that says “it is me”."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.core.effects import Technical
from kiosk.core.report import Line
from kiosk.core.trials import Kind, Verdict


class Key(StrEnum):
    """What can be touched besides the digits and the words of a trial."""

    OK = "ok"
    RUB_OUT = "rub_out"
    MORE = "more"
    LINES = "lines"
    IDENTIFY = "identify"
    CLEANING = "cleaning"
    RESTART = "restart"
    EXPORT = "export"
    CLOSE = "close"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class PinPad(Technical):
    """Ten digits. `typed` is how many were; after a wrong PIN nobody types for so many seconds."""

    kiosk_id: str
    typed: int = 0
    wrong: bool = False
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class PanelLines(Technical):
    """Everything that can fail, at a glance."""

    kiosk_id: str
    zone: str
    lines: tuple[Line, ...]
    at: int = 0  # the wall clock when they were read
    kinds: tuple[Kind, ...] = ()  # what can be tried


@dataclass(frozen=True, slots=True)
class PanelTools(Technical):
    """The tests with their verdicts, and what else a technician does.

    `asked` is a key that must be touched twice; `exported` is where the file went, `failed` why it
    did not.
    """

    kiosk_id: str
    tried: tuple[Kind, ...]  # what is there to be tried
    verdicts: tuple[tuple[Kind, Verdict], ...] = ()
    asked: Key | None = None
    exported: str | None = None
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class PanelTrial(Technical):
    """One test on its way; `done` are the words of what has worked."""

    kind: Kind
    done: frozenset[str] = frozenset()
    step: int = 0
    pins: tuple[int, ...] = ()
    seconds_left: int = 60


@dataclass(frozen=True, slots=True)
class Identifying(Technical):
    """The glass blinks, so that one kiosk among many is found."""

    kiosk_id: str
    bright: bool
