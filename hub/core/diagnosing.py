"""Diagnostic files of kiosks: what is taken, from whom, and how it is made inert."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hub.core.identity import Old
from hub.core.refusals import refused
from shared.commands import LONGEST_DIAGNOSIS
from shared.places import KioskId, StoreId

MOST_KEPT: Final = 3
"""Of one kiosk: the last one, and two to compare it with."""

KEPT_DAYS: Final = 30
"""As long as a fault is looked for; a file tells nothing about last season."""

MOST_DEEP: Final = 12
"""Lists in lists: ours have four, and laid out in lines each costs blanks."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A file that a kiosk sent because of a command; `size` in characters."""

    store_id: StoreId
    kiosk_id: KioskId
    command: str
    made_at: int
    size: int

    @property
    def name(self) -> str:
        """What it is called where it is kept."""
        return f"{self.kiosk_id}-{self.command}.json"


class Diagnoses(Protocol):
    """The files in the hub's database. Every method may raise ArchiveError."""

    def keep(self, old: Old, command: str, text: str, at: int, latest: int) -> Diagnosis:
        """Keep one, in place of the oldest where there are too many; raises JoinRefused where its
        kiosk may say nothing, or was not asked. `latest` is until when its certificate counts."""

    def of_kiosk(self, store: StoreId, kiosk: KioskId) -> Sequence[Diagnosis]:
        """What is kept of a kiosk, the newest first."""

    def text(self, store: StoreId, kiosk: KioskId, command: str) -> str | None:
        """The file that came because of this command."""

    def forget(self, now: int) -> int:
        """Delete what is old; how many."""


def inert(document: str) -> str:
    """The file as plain letters of ASCII that no terminal and no browser obeys, a value a line.

    Raises JoinRefused (`diagnosis`) where it is no object of JSON, or larger than one ever is.
    """
    try:
        told = json.loads(document) if len(document) <= LONGEST_DIAGNOSIS else None
        if isinstance(told, dict) and _is_flat(told, MOST_DEEP):
            text = json.dumps(told, indent=1, allow_nan=False)
            if len(text) <= 2 * LONGEST_DIAGNOSIS:
                return text.replace("\x7f", "\\u007f")
    except (ValueError, RecursionError) as fault:
        raise refused("diagnosis") from fault
    raise refused("diagnosis")


def _is_flat(value: Any, left: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return left > 0 and all(_is_flat(one, left - 1) for one in inner)
