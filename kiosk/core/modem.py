"""A contact that opens and closes (a modem line, a drawer switch, a button): when did it change?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ModemLine(StrEnum):
    """A control line of a serial port, as seen from this side."""

    CTS = "cts"
    DSR = "dsr"
    DCD = "dcd"
    RI = "ri"


@dataclass(frozen=True, slots=True)
class Edge:
    """The contact became active, or not, at boot time `at` (ms): when it began to hold."""

    active: bool
    at: int


class Contact:
    """Believes a level once it held for `settle_ms` (to active) or `rest_ms` (to inactive).

    The first level that holds is the baseline: it is no edge, so that nothing is invented when a
    kiosk starts with a drawer open. Asking more or less often changes nothing: every answer
    follows from the levels and their times alone.
    """

    def __init__(self, settle_ms: int, rest_ms: int) -> None:
        self._hold = {True: settle_ms, False: rest_ms}
        self._believed: bool | None = None
        self._level: bool | None = None
        self._since = 0

    @property
    def active(self) -> bool:
        """What is believed now."""
        return self._believed is True

    @property
    def inactive_since(self) -> int | None:
        """Since when the level has been inactive, believed or not; None while it is active."""
        return self._since if self._level is False else None

    @property
    def settles_at(self) -> int | None:
        """When the present level will be believed, if it holds; None if it already is."""
        if self._level is None or self._level is self._believed:
            return None
        return self._since + self._hold[self._level]

    def level(self, active: bool, at: int) -> Edge | None:
        """The contact was seen at this level; the edge that had held until then, if any."""
        edge = self.idle(at)
        if active is not self._level:
            self._level, self._since = active, at
        return edge

    def idle(self, at: int) -> Edge | None:
        """Nothing changed until `at`; the edge that has held by now, if any."""
        due = self.settles_at
        if due is None or at < due:
            return None
        first = self._believed is None
        self._believed = self._level
        return None if first else Edge(self._believed is True, self._since)

    def reset(self) -> None:
        """The line was cut: the next level is the baseline again."""
        self._believed = self._level = None
