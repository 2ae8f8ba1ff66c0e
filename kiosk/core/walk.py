"""One person's walk through the questionnaire: one question a screen, back, on, or away.

Laws of this page
1. Kept before thanked: the thanks follow `Kept` of the whole response.
2. What was answered is kept, whatever ends the walk; a walk without answers leaves no record.
3. Answers to questions that are not shown after all do not stand.
4. Whoever does nothing for fifteen seconds is asked for ten whether to stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from typing import Any, ClassVar, Final

from kiosk.core.discretion import told
from kiosk.core.effects import (
    Effect,
    KeepResponse,
    Light,
    NoteWalk,
    Questioning,
    Show,
    Sorry,
    Thanks,
)
from kiosk.core.events import (
    AnswerGiven,
    BackTouched,
    DoneTouched,
    Event,
    FaceTouched,
    GlassTouched,
    KeepFailed,
    Kept,
    LanguageTouched,
    LeaveTouched,
    NextTouched,
    ReadAloudTouched,
    StayTouched,
    Woke,
)
from kiosk.core.marks import Key, Mark, chosen, question_keys
from kiosk.core.path import Path
from kiosk.core.patience import KEEP_MS, SORRY_MS
from kiosk.core.walker import Walker
from shared.moments import Moment
from shared.questionnaires import Response
from shared.questions import Kind
from shared.visits import Input
from shared.walking import order

IDLE_MS: Final = 15_000
"""Without a touch; to read the longest question takes no ten seconds."""

STAY_MS: Final = 10_000
"""Time to notice that the page will leave, and to touch it."""


class Stage(IntEnum):
    """The columns of the table."""

    ASKING = 0
    WARNING = 1
    KEEPING = 2
    THANKING = 3
    SORRY = 4


Step = Callable[[Any, Any], list[Effect]]


class Walk:
    """Turns events into effects until it is over; whoever has it wakes it at its deadline."""

    def __init__(self, walker: Walker) -> None:
        self.stage = Stage.ASKING
        self.is_open = True
        self.deadline: int | None = None
        self.touched_at = walker.begun.boot
        self._walker = walker
        self._language = walker.language
        self._input = walker.input
        self._path = Path(walker.questionnaire)
        self._noted = False
        self._mark = Mark()
        self._leaves_at = 0

    def begin(self) -> list[Effect]:
        """Ask the first question."""
        self._mark_first()
        return [Light(True), *self._ask(self._walker.begun)]

    def handle(self, event: Event) -> list[Effect]:
        """What is to be done about this event, in order."""
        row = self.TABLE.get(type(event))
        return [] if row is None else row[self.stage](self, event)

    @property
    def is_asking(self) -> bool:
        """Whether there is still something to answer."""
        return self.stage < Stage.KEEPING

    def listened(self, until: int) -> None:
        """A page is, or was, read to somebody until then: who listens is not idle."""
        if self.stage is Stage.ASKING and self.deadline is not None:
            self.touched_at = max(self.touched_at, until)
            self.deadline = max(self.deadline, until + IDLE_MS)
        elif self.stage is Stage.THANKING and self.deadline is not None:
            self.deadline = max(self.deadline, until)

    def end(self, at: Moment) -> list[Effect]:
        """It ends here: what was answered is kept, unless it is on its way already."""
        under_way = self.stage >= Stage.KEEPING
        self.is_open, self.deadline = False, None
        if under_way:
            return []
        part = self._response(at, complete=False)
        if part.answers:
            return [KeepResponse(part)]
        return [NoteWalk(part)] if self._noted else []

    def _answer(self, event: AnswerGiven) -> list[Effect]:
        if event.question == self._path.question.id:
            self._input = Input.TOUCH
            self._path.take(event.answer)
        self._mark.at = None
        return self._ask(event.at)

    # The way

    def _next(self, event: NextTouched | FaceTouched) -> list[Effect]:
        if self._path.is_held and not self._is_unwritten:
            return self._ask(event.at)
        return self._turn(event.at) if self._path.go_on() else self._finish(event.at)

    @property
    def _is_unwritten(self) -> bool:
        """Whether it is a text before somebody with three buttons, which nobody writes with."""
        return self._input is Input.BUTTON and self._path.question.kind is Kind.TEXT

    def _back(self, event: BackTouched | FaceTouched) -> list[Effect]:
        return self._turn(event.at) if self._path.go_back() else self._ask(event.at)

    def _turn(self, at: Moment) -> list[Effect]:
        """Another question: what was answered so far is noted, for a kiosk may lose its power."""
        self._mark_first()
        part = self._response(at, complete=False)
        if not part.answers and not self._noted:
            return self._ask(at)
        self._noted = True
        return [NoteWalk(part), *self._ask(at)]

    def _leave(self, event: Event) -> list[Effect]:
        return self.end(event.at)

    def _finish(self, at: Moment) -> list[Effect]:
        whole = self._response(at, complete=self._path.is_whole)
        if not whole.answers:
            return self.end(at)
        self.stage = Stage.KEEPING
        self.deadline = at.boot + KEEP_MS
        return [KeepResponse(whole, self._walker.ticket)]

    def _response(self, at: Moment, *, complete: bool) -> Response:
        walker, path = self._walker, self._path
        return walker.response(path, self._language, self._input, at, complete=complete)

    # The three buttons

    def _press(self, event: FaceTouched) -> list[Effect]:
        if event.input is not Input.BUTTON:
            return []
        self._input = Input.BUTTON
        if self._path.question.kind is Kind.FACES:  # here a button is what its face says
            self._path.take(event.face.value)
            return self._next(event)
        key = self._mark.press(question_keys(self._page), event.face, self._language)
        return self._ask(event.at) if key is None else self._choose(key, event)

    def _choose(self, key: str | int | Key, event: FaceTouched) -> list[Effect]:
        match key:
            case Key.NEXT:
                return self._next(event)
            case Key.BACK:
                return self._back(event)
            case Key.LEAVE:
                return self._leave(event)
            case str() | int():
                self._take_key(key)
        return self._ask(event.at)

    def _take_key(self, key: str | int) -> None:
        kind, keys = self._path.question.kind, question_keys(self._page)
        answer = chosen(kind, self._path.given, key, keys)
        self._path.take(answer)
        if answer is not None and kind not in (Kind.MANY, Kind.RANKING):
            self._mark.at = keys.index(Key.NEXT)  # there is nothing more to choose here

    def _mark_first(self) -> None:
        """Whoever walks by the buttons finds the mark on the next page too."""
        direct = self._path.question.kind is Kind.FACES
        self._mark.at = 0 if self._input is Input.BUTTON and not direct else None

    # Time

    def _touch(self, event: Event) -> list[Effect]:
        self.touched_at = event.at.boot
        self.deadline = event.at.boot + IDLE_MS
        return []

    def _stay(self, event: Event) -> list[Effect]:
        return self._ask(event.at)

    def _woke(self, event: Woke) -> list[Effect]:
        if self.stage is Stage.ASKING:
            self.stage = Stage.WARNING
            self._leaves_at = event.at.boot + STAY_MS
            return self._warn(event.at)
        if event.at.boot >= self._leaves_at:
            return self.end(event.at)
        return self._warn(event.at)

    def _warn(self, at: Moment) -> list[Effect]:
        left = -(-(self._leaves_at - at.boot) // 1_000)
        self.deadline = self._leaves_at - (left - 1) * 1_000
        return [Show(replace(self._page, seconds_left=left))]

    def _ask(self, at: Moment) -> list[Effect]:
        self.stage, self.touched_at = Stage.ASKING, at.boot
        self.deadline = at.boot + IDLE_MS
        return [Show(self._page)]

    # The end

    def _kept(self, event: Kept) -> list[Effect]:
        if event.ticket != self._walker.ticket:
            return []
        self.stage = Stage.THANKING
        return [*self._thank(event), Light(False)]

    def _thank(self, event: Event) -> list[Effect]:
        seconds, words = self._walker.settings.thanks_seconds, self._walker.questionnaire.thanks
        self.deadline = event.at.boot + seconds * 1_000
        thanks = Thanks(self._language, (), None, float(seconds), changeable=False, words=words)
        return [Show(thanks)]

    def _lost(self, event: KeepFailed) -> list[Effect]:
        return self._apologise(event) if event.ticket == self._walker.ticket else []

    def _apologise(self, event: KeepFailed | Woke) -> list[Effect]:
        self.stage = Stage.SORRY
        self.deadline = event.at.boot + SORRY_MS
        return [Show(Sorry(self._language)), Light(False)]

    def _ignore(self, _event: Event) -> list[Effect]:
        return []

    # What the others are made of

    def _speak(self, event: LanguageTouched) -> list[Effect]:
        if event.language in self._walker.settings.languages:
            self._language = event.language
        return self._ask(event.at)

    @property
    def _page(self) -> Questioning:
        question = self._path.question
        return Questioning(
            language=self._language,
            question=question,
            choices=order(question, self._walker.seed),
            answer=told(question, self._path.given),
            number=self._path.place.number,
            of=self._path.told_of,
            marked=self._mark.at,
        )

    TABLE: ClassVar[dict[type[Event], tuple[Step, ...]]] = {
        # in the stage     ASKING   WARNING  KEEPING     THANKING SORRY
        AnswerGiven:      (_answer, _answer, _ignore,     _ignore, _ignore),
        NextTouched:      (_next,   _next,   _ignore,     _ignore, _ignore),
        BackTouched:      (_back,   _back,   _ignore,     _ignore, _ignore),
        LeaveTouched:     (_leave,  _leave,  _ignore,     _leave,  _leave),
        DoneTouched:      (_ignore, _ignore, _ignore,     _leave,  _leave),
        StayTouched:      (_touch,  _stay,   _ignore,     _ignore, _ignore),
        GlassTouched:     (_touch,  _stay,   _ignore,     _thank,  _ignore),
        FaceTouched:      (_press,  _stay,   _ignore,     _thank,  _ignore),
        LanguageTouched:  (_speak,  _speak,  _ignore,     _ignore, _ignore),
        ReadAloudTouched: (_stay,   _stay,   _ignore,     _ignore, _ignore),
        Kept:             (_ignore, _ignore, _kept,       _ignore, _ignore),
        KeepFailed:       (_ignore, _ignore, _lost,       _ignore, _ignore),
        Woke:             (_woke,   _woke,   _apologise,  _leave,  _leave),
    }  # fmt: skip
