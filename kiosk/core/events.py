"""Everything that can happen to a kiosk, in the past tense; each event carries when (`at`).

Events are posted to the inbox by adapters and screen from any thread; `kiosk/loop.py` alone
takes them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.moments import Moment
from shared.notices import KioskSettings, Notice
from shared.questionnaires import Answer
from shared.sales import SaleSource
from shared.visits import Face, Input

if TYPE_CHECKING:
    from kiosk.core.readings import Readings


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


@dataclass(frozen=True, slots=True)
class InvitationTouched:
    """Somebody wants to answer the questionnaire: on the resting page, or after thanks."""

    at: Moment
    input: Input = Input.TOUCH


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """A question was answered, or its answer changed or, with None, taken back; it stays shown."""

    at: Moment
    question: str
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class NextTouched:
    """The next question was asked for; of the last one: the end."""

    at: Moment


@dataclass(frozen=True, slots=True)
class BackTouched:
    """The question before was asked for."""

    at: Moment


@dataclass(frozen=True, slots=True)
class LeaveTouched:
    """Somebody leaves: the questionnaire, or the technician's panel."""

    at: Moment


@dataclass(frozen=True, slots=True)
class StayTouched:
    """“I am still here” was touched where a page was about to leave."""

    at: Moment


@dataclass(frozen=True, slots=True)
class GlassTouched:
    """A finger landed, wherever it did; told by the pages where that alone means something."""

    at: Moment


@dataclass(frozen=True, slots=True)
class ReadAloudTouched:
    """Somebody wants to hear what the page asks."""

    at: Moment


@dataclass(frozen=True, slots=True)
class NoticeCame:
    """The hub sent a wait notice, or took the last one back; it is judged where it is shown."""

    at: Moment
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class CleaningAsked:
    """The glass is about to be wiped: somebody held a finger on it for three seconds."""

    at: Moment


@dataclass(frozen=True, slots=True)
class IdentifyAsked:
    """The hub wants the glass to say who this kiosk is; see naming.py, which alone hears it."""

    at: Moment


@dataclass(frozen=True, slots=True)
class PanelAsked:
    """The gesture of the technician was made."""

    at: Moment


@dataclass(frozen=True, slots=True)
class PanelTouched:
    """A key of the technician's panel was touched; its name is the panel's own affair."""

    at: Moment
    key: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """How every part is."""

    at: Moment
    readings: Readings


@dataclass(frozen=True, slots=True)
class Exported:
    """A diagnostic file lies at `where`, or could not be written, and `why`."""

    at: Moment
    where: str | None
    why: str | None = None


ShopperEvent = (
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
    | GlassTouched
    | ReadAloudTouched
)
"""What one shopper after the other does; the session's table has a row for each."""

Event = (
    ShopperEvent
    | InvitationTouched
    | AnswerGiven
    | NextTouched
    | BackTouched
    | LeaveTouched
    | StayTouched
    | NoticeCame
    | CleaningAsked
    | PanelAsked
    | IdentifyAsked
    | PanelTouched
    | Inspected
    | Exported
)


def is_untouched(event: Event) -> bool:
    """Whether it happens without anybody being there."""
    return isinstance(
        event,
        Woke | Kept | KeepFailed | SettingsCame | HubTimeHeard | NoticeCame | Inspected | Exported,
    )
