"""Who asked to hear the page: what is said to them, how loud, and how long, as a table.

Laws of this page
1. *On demand.* Nothing is read to anybody who did not ask; but a page that is about to leave
   says so to whoever is there.
2. *Who asked once* hears every page until the kiosk rests; the next shopper hears nothing.
3. *What goes is not said*: with its page a speech ends at once.
4. *Again is louder*, a step at a time, while it is heard and shortly after; then as at first.
   At rest the volume is the store's.
5. Nobody is watched: it knows pages alone, and no page knows of a face.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, IntEnum, auto
from typing import Any, ClassVar, Final

from kiosk.core.effects import Asking, Asleep, Effect, Page, Questioning, Thanks
from kiosk.core.sayings import Hush, Part, Prompt, Rehearse, Say, Utterance
from kiosk.core.speaking import in_hand, repertoire, speech
from shared.moments import Moment
from shared.notices import KioskSettings

LETTER_MS: Final = 125
"""Eight letters a second: espeak-ng at 150 words a minute says nine in Arabic, sixteen else."""

PART_MS: Final = 600
"""Between two parts, for the player to begin anew."""

PROMPT_MS: Final = 15_000
"""The longest sentence of every kiosk, in the slowest language (14.5 s, Arabic)."""

WORD_MS: Final = 2_000
"""The longest name of a key (1.5 s)."""

WORDS: Final = frozenset(
    {
        *(Prompt.CHOSEN, Prompt.BACK, Prompt.LEAVE, Prompt.NEXT, Prompt.SKIP, Prompt.DONE),
        *(Prompt.CHANGE, Prompt.INVITATION, Prompt.YOU_SAID, Prompt.WE_DID),
    }
)
"""Prompts of a word or three."""

MOST_MS: Final = 120_000
"""Nobody listens to a page for longer; an endless one must not keep the glass."""

AGAIN_MS: Final = 5_000
"""Who touches it so soon after the end means “louder”, and later “once more”."""

LASTS_MS: Final = 60_000
"""Who asked on a page that stands for ever, and did nothing since, has gone."""


class Mode(IntEnum):
    """The columns of the table."""

    SILENT = 0
    HEARD = 1
    QUIET = 2


class Happened(Enum):
    """The rows of the table."""

    RESTED = auto()  # nobody is asked any more, or another one, or for a while nothing was
    ASKED = auto()
    WARNED = auto()  # the page is about to leave
    STAYED = auto()
    TURNED = auto()  # another page, or another language
    MOVED = auto()  # the buttons have come to another key, or have chosen it
    NOTHING = auto()


Step = Callable[[Any, Page, KioskSettings, Moment], list[Effect]]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is there, as far as anybody knows: `idle` is that nobody is asked anything.

    `attended`: somebody gave a sign of being there; `shopper` is a number, another for each.
    """

    idle: bool
    attended: bool = False
    shopper: int = 0


class Listening:
    """Follows the pages of the glass; `speaks`: there is a speaker."""

    def __init__(self, *, speaks: bool = True) -> None:
        self.heard_until = 0  # boot time until which a page is read, as nearly as can be known
        self._speaks = speaks
        self._wished = False
        self._loudness: int | None = None  # how many steps louder; None where nobody asked
        self._steps = 1
        self._reading_ms = 0
        self._sounding = False
        self._page: Page | None = None
        self._warned = False
        self._there = Audience(idle=True)
        self._lasts_until = 0

    def ask(self) -> None:
        """Somebody wants to hear the page; it is read when it is on the glass."""
        self._wished = True

    def rehearse(self, settings: KioskSettings) -> list[Effect]:
        """What will have to be said with these settings is made ahead."""
        return [Rehearse(repertoire(settings))] if self._speaks else []

    def follow(
        self, page: Page, settings: KioskSettings, at: Moment, there: Audience
    ) -> list[Effect]:
        """This page is on the glass."""
        warns = self._is_warning(page, there)
        happened = self._look(page, at, there, warns=warns)
        before, self._page = self._page, page
        self._warned, self._there, self._wished = warns, there, False
        if not self._speaks or not settings.keeping.volume:
            return []
        if happened is Happened.NOTHING and in_hand(page) not in ((), in_hand(before or page)):
            happened = Happened.MOVED
        step: Step = self.TABLE[happened][self._mode(at)]
        return step(self, page, settings, at)

    def dressed(self, page: Page) -> Page:
        """The page, with how loud it is read, or with how long that takes."""
        if self._loudness is None:
            return page
        if isinstance(page, Thanks):
            return replace(page, seconds=max(page.seconds, self._reading_ms / 1_000))
        if self._steps < 2 or not isinstance(page, Asking | Questioning):
            return page
        return replace(page, loudness=(self._loudness + 1, self._steps))

    @property
    def ends_at(self) -> int | None:
        """When it must be looked at again, though nothing happens."""
        return self._lasts_until if self._there.idle and self._loudness is not None else None

    def _mode(self, at: Moment) -> Mode:
        if self._loudness is None:
            return Mode.SILENT
        return Mode.HEARD if at.boot <= self.heard_until + AGAIN_MS else Mode.QUIET

    def _is_warning(self, page: Page, there: Audience) -> bool:
        """Whether it is about to leave somebody who may stay; it is not said to nobody."""
        if isinstance(page, Asking):
            is_there = there.attended or self._loudness is not None
            return page.leaving and page.may_stay and is_there
        return isinstance(page, Questioning) and page.seconds_left is not None

    def _look(self, page: Page, at: Moment, there: Audience, *, warns: bool) -> Happened:
        is_gone = self._loudness is not None and at.boot >= self._lasts_until
        rested = there.idle and (not self._there.idle or is_gone) and not self._wished
        asked = isinstance(page, Asking) and not there.idle
        is_another = asked and there.shopper != self._there.shopper  # a sale, and no rest between
        found = {
            Happened.RESTED: rested or is_another,
            Happened.ASKED: self._wished,
            Happened.WARNED: warns and not self._warned,
            Happened.TURNED: _subject(page) != _subject(self._page),
            Happened.STAYED: self._warned and not warns,
        }
        return next((what for what, is_so in found.items() if is_so), Happened.NOTHING)

    # What is done about it

    def _read(self, page: Page, settings: KioskSettings, at: Moment) -> list[Effect]:
        self._loudness = self._loudness or 0
        said = self._say(page, speech(page, settings.questionnaire), settings, at)
        self._lasts_until = self.heard_until + LASTS_MS
        return said

    def _louder(self, page: Page, settings: KioskSettings, at: Moment) -> list[Effect]:
        steps = len(volumes(settings.keeping.volume))
        self._loudness = ((self._loudness or 0) + 1) % steps
        return self._read(page, settings, at)

    def _tell(self, page: Page, settings: KioskSettings, at: Moment) -> list[Effect]:
        return self._say(page, in_hand(page), settings, at)

    def _warn(self, page: Page, settings: KioskSettings, at: Moment) -> list[Effect]:
        prompt = Prompt.LEAVING if isinstance(page, Asking) else Prompt.STILL_THERE
        said = self._say(page, (prompt,), settings, at)
        self.heard_until = at.boot  # nobody is kept by a warning
        return said

    def _end(self, page: Page, settings: KioskSettings, at: Moment) -> list[Effect]:
        self._loudness, self.heard_until = None, 0
        return self._hush(page, settings, at)

    def _hush(self, _page: Page, _settings: KioskSettings, _at: Moment) -> list[Effect]:
        was, self._sounding = self._sounding, False
        return [Hush()] if was else []

    def _nothing(self, _page: Page, _settings: KioskSettings, _at: Moment) -> list[Effect]:
        return []

    def _say(
        self, page: Page, parts: tuple[Part, ...], settings: KioskSettings, at: Moment
    ) -> list[Effect]:
        if not parts or isinstance(page, Asleep):
            self.heard_until = at.boot
            return self._hush(page, settings, at)
        louder = volumes(settings.keeping.volume)
        self._steps, self._sounding = len(louder), True
        self._reading_ms = listening_ms(parts)
        self.heard_until = at.boot + self._reading_ms
        return [Say(page.language, parts, louder[min(self._loudness or 0, len(louder) - 1)])]

    TABLE: ClassVar[dict[Happened, tuple[Step, ...]]] = {
        # to whom nothing is read   something is   or was a while ago
        Happened.RESTED:  (_hush,     _end,          _end),
        Happened.ASKED:   (_read,     _louder,       _read),
        Happened.WARNED:  (_warn,     _warn,         _warn),
        Happened.TURNED:  (_hush,     _read,         _read),
        Happened.STAYED:  (_hush,     _hush,         _hush),
        Happened.MOVED:   (_nothing,  _tell,         _tell),
        Happened.NOTHING: (_nothing,  _nothing,      _nothing),
    }  # fmt: skip


def volumes(percent: int) -> tuple[int, ...]:
    """The store's volume, half way up to the loudest, and that; fewer where it is loud already."""
    return tuple(dict.fromkeys((percent, (percent + 101) // 2, 100)))


def listening_ms(parts: tuple[Part, ...]) -> int:
    """How long it takes to hear them, rather too long than too short."""
    return min(sum(map(_lasts, parts)) + PART_MS * len(parts), MOST_MS)


def _lasts(part: Part) -> int:
    if isinstance(part, Utterance):
        return LETTER_MS * len(part.text)
    return WORD_MS if part in WORDS else PROMPT_MS


def _subject(page: Page | None) -> tuple[object, ...]:
    """What makes it another page to somebody who listens."""
    language = getattr(page, "language", None)
    if isinstance(page, Questioning):
        return Questioning, language, page.question.id
    if isinstance(page, Thanks):
        return Thanks, language, bool(page.reasons)
    return type(page), language
