"""Everything that can happen to a kiosk, in the past tense; each event carries when (`at`).

Events are posted to the inbox by adapters and screen from any thread; `kiosk/loop.py` alone
takes them out.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.moments import Moment
from shared.notices import KioskSettings
from shared.sales import SaleSource
from shared.visits import Face, Input


@dataclass(frozen=True, slots=True)
class FaceTouched:
    """A face was touched on the glass, or its button pressed.

    `began` is when the finger or the press landed: a touch that began before a new sale belongs
    to the visit before it.
    """

    at: Moment
    face: Face
    input: Input
    began: Moment


@dataclass(frozen=True, slots=True)
class ReasonTouched:
    """A reason was chosen on the thanks page; the same one again takes it back."""

    at: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeTouched:
    """“Change my answer” was touched."""

    at: Moment


@dataclass(frozen=True, slots=True)
class DoneTouched:
    """“Done” was touched on the thanks page."""

    at: Moment


@dataclass(frozen=True, slots=True)
class NotNowTouched:
    """“Not now” was touched instead of a face."""

    at: Moment


@dataclass(frozen=True, slots=True)
class LanguageTouched:
    """Another language was chosen."""

    at: Moment
    language: str


@dataclass(frozen=True, slots=True)
class SaleSeen:
    """The till finished a sale; `id` was minted by whoever saw it (32 hexadecimal digits)."""

    at: Moment
    id: str
    source: SaleSource


@dataclass(frozen=True, slots=True)
class Kept:
    """What effect number `ticket` asked to keep is on disk."""

    at: Moment
    ticket: int


@dataclass(frozen=True, slots=True)
class KeepFailed:
    """What effect number `ticket` asked to keep could not be put on disk."""

    at: Moment
    ticket: int
    why: str


@dataclass(frozen=True, slots=True)
class Woke:
    """The time asked for by the effect `Wake` has come."""

    at: Moment


@dataclass(frozen=True, slots=True)
class SettingsCame:
    """The hub sent settings with a higher serial than those in force, and they are kept."""

    at: Moment
    settings: KioskSettings


@dataclass(frozen=True, slots=True)
class HubTimeHeard:
    """A receipt told the hub's time, `hub` (ms since 1970, UTC); at the kiosk it was `at`."""

    at: Moment
    hub: int


Event = (
    FaceTouched
    | ReasonTouched
    | ChangeTouched
    | DoneTouched
    | NotNowTouched
    | LanguageTouched
    | SaleSeen
    | Kept
    | KeepFailed
    | Woke
    | SettingsCame
    | HubTimeHeard
)
