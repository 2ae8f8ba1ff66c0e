"""Everything the session can ask for, in the imperative; `kiosk/loop.py` carries it out."""

from __future__ import annotations

from dataclasses import dataclass

from shared.notices import Reason
from shared.sales import Sale
from shared.texts import Texts
from shared.visits import Visit


@dataclass(frozen=True, slots=True)
class Resting:
    """The page between visits: the store's name, and nothing that moves."""

    language: str
    languages: tuple[str, ...]
    store_name: str
    point_name: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The page with the three faces. `always_on`: it stands for ever and has no “not now”."""

    language: str
    languages: tuple[str, ...]
    question: Texts
    point_name: str
    always_on: bool = False


@dataclass(frozen=True, slots=True)
class Thanks:
    """The page after a tap, the same whichever face it was; the answer is on disk.

    Without reasons it is the plain thanks. `chosen` is the reason touched so far. The page ends
    by itself after `seconds` (for the ring or bar that shows it) unless touched.
    """

    language: str
    reasons: tuple[Reason, ...]
    chosen: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Sorry:
    """The page where an answer could not be kept: it thanks nobody and says so kindly."""

    language: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The page of a kiosk that cannot keep anything: it asks nobody and says so."""

    language: str


Page = Resting | Asking | Thanks | Sorry | Closed


@dataclass(frozen=True, slots=True)
class Show:
    """Put this page on the glass."""

    page: Page


@dataclass(frozen=True, slots=True)
class KeepOpen:
    """Commit the open visit as it now stands; answer with Kept or KeepFailed of this ticket."""

    ticket: int
    visit: Visit


@dataclass(frozen=True, slots=True)
class Seal:
    """Give the visit its seq and move it to the outbox, in one transaction; nothing stays open."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class KeepSale:
    """Put the sale in the outbox and tell the hub's *now* by a pulse."""

    sale: Sale


@dataclass(frozen=True, slots=True)
class Light:
    """Light the buttons, or put them out."""

    on: bool


@dataclass(frozen=True, slots=True)
class Wake:
    """Post Woke at boot time `boot` (ms); it replaces an earlier Wake, None cancels it."""

    boot: int | None


Effect = Show | KeepOpen | Seal | KeepSale | Light | Wake
