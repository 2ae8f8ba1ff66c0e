"""Everything the session can ask for, in the imperative; `kiosk/loop.py` carries it out."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.core.sayings import Hush, Rehearse, Say
from shared.notices import Deed, Notice, Reason
from shared.questionnaires import Answer, Response
from shared.questions import Choice, Question
from shared.sales import Sale
from shared.texts import Texts
from shared.visits import Visit

Loudness = tuple[int, int]
"""Which step of how many this shopper hears, from 1; None where nobody asked to hear anything."""


@dataclass(frozen=True, slots=True)
class Resting:
    """The page between visits: the store's name, and nothing that moves.

    `notice` is a wait notice that is fresh, `age_seconds` old. `invited`: one touch begins the
    questionnaire; `link` is where the same waits for a shopper's own phone.
    """

    language: str
    languages: tuple[str, ...]
    store_name: str
    point_name: str
    notice: Notice | None = None
    age_seconds: int = 0
    deed: Deed | None = None
    invited: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """The page with the three faces. `always_on`: it stands for ever and has no “not now”.

    `leaving`: it goes in a moment, but where it `may_stay` a touch beside the faces keeps it.
    """

    language: str
    languages: tuple[str, ...]
    question: Texts
    point_name: str
    always_on: bool = False
    leaving: bool = False
    may_stay: bool = True
    loudness: Loudness | None = None


@dataclass(frozen=True, slots=True)
class Thanks:
    """The page after a tap, the same whichever face it was; the answer is on disk.

    Without reasons it is the plain thanks. `chosen` is the reason touched so far. The page ends
    by itself after `seconds` (for the ring or bar that shows it) unless touched. `changeable`: the
    answer may still be changed; `invited`: one touch begins the questionnaire. `marked` is what
    the buttons have reached of `thanks_keys` in marks.py, from 0; None where nobody uses them. Of
    `seconds` so many are `gone` where the page was to be seen before. `words` are the store's own
    thanks for a questionnaire, where it has any.
    """

    language: str
    reasons: tuple[Reason, ...]
    chosen: str | None
    seconds: float
    changeable: bool = True
    invited: bool = False
    marked: int | None = None
    gone: float = 0.0
    words: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sorry:
    """The page where an answer could not be kept: it thanks nobody and says so kindly."""

    language: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The page of a kiosk that cannot keep anything: it asks nobody and says so."""

    language: str


@dataclass(frozen=True, slots=True)
class Questioning:
    """One question of the questionnaire; `choices` as this person sees them.

    `answer` is what was answered so far, as far as discretion.py tells it. It is question `number`
    of `of`. `marked` is what the buttons have reached (the number of a key on the page, from 0),
    None where nobody uses them. `seconds_left` is told where nobody touched anything for a while,
    until the page leaves.
    """

    language: str
    question: Question
    choices: tuple[Choice, ...]
    answer: Answer | None
    number: int
    of: int
    marked: int | None = None
    seconds_left: int | None = None
    loudness: Loudness | None = None


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The glass may be wiped: no touch counts for so many seconds."""

    language: str
    seconds_left: int


@dataclass(frozen=True, slots=True)
class Asleep:
    """Nothing is shown: the store is closed. A touch or a sale wakes it."""


@dataclass(frozen=True, slots=True)
class Nameplate:
    """Who this kiosk is, in large letters: somebody looks for it among others."""

    language: str
    kiosk: str
    point: str
    store: str


@dataclass(frozen=True, slots=True)
class Technical:
    """A page for a technician, in panel_pages.py or unready.py: most kiosks never show one."""

    language: str


Page = (
    Resting | Asking | Thanks | Sorry | Closed | Questioning | Cleaning | Asleep | Nameplate
    | Technical
)  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class KeepResponse:
    """Give the response its seq, and forget the walk that was noted, in one transaction.

    With a ticket it is answered with Kept or KeepFailed, for somebody waits to be thanked; tickets
    of responses count downwards from −1, so that none is ever a visit's. What fails is tried
    again like every record.
    """

    response: Response
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class NoteWalk:
    """Remember how far somebody has walked, so that a restart keeps it as a partial response."""

    response: Response


@dataclass(frozen=True, slots=True)
class NoteWrongPins:
    """Remember how often the technician's PIN was wrong: pulling the plug is no way around it."""

    count: int


@dataclass(frozen=True, slots=True)
class Dress:
    """Show all pages by night, or by day; `calm`: without any motion."""

    night: bool
    calm: bool


@dataclass(frozen=True, slots=True)
class Dim:
    """Light the glass at so many percent; 0 puts it out."""

    percent: int


@dataclass(frozen=True, slots=True)
class Inspect:
    """Read anew how every part is; answer with Inspected."""


@dataclass(frozen=True, slots=True)
class Export:
    """Write a diagnostic file, without any answer in it; answer with Exported."""


@dataclass(frozen=True, slots=True)
class Restart:
    """End the program, so that whoever keeps it running starts it anew."""


Effect = (
    Show
    | KeepOpen
    | Seal
    | KeepSale
    | Light
    | Wake
    | KeepResponse
    | NoteWalk
    | NoteWrongPins
    | Dress
    | Dim
    | Say
    | Hush
    | Rehearse
    | Inspect
    | Export
    | Restart
)
