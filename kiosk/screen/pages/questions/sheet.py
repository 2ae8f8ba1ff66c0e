"""What the pages of all questions share: the question, how far one has come, back, leave, next."""

from __future__ import annotations

from typing import Any

from kiosk.core.discretion import told
from kiosk.core.effects import Questioning
from kiosk.core.events import AnswerGiven, BackTouched, GlassTouched, LeaveTouched, NextTouched
from kiosk.core.marks import chosen
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Key, Tile
from kiosk.screen.keys_speaking import SpeakTile
from kiosk.screen.pages.questions.answering import Given
from kiosk.screen.pages.questions.focus import Focus
from kiosk.screen.pages.questions.progress import Progress
from kiosk.screen.pages.questions.still_there import StillThere
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.theme import BOLD, INK, REGULAR, SOFT, Theme
from kiosk.screen.words import Say, sentences
from shared.questionnaires import Answer
from shared.questions import Kind
from shared.texts import in_language

_TITLE, _TITLE_UPRIGHT = 88, 150  # units: two lines of a question; upright three
_SIZE, _SIZE_TIGHT = 36, 30  # of its letters; the smaller where many keys leave less than that
_HINT, _HINT_UPRIGHT = 30, 54  # one line, and two
_STRIP = 26  # the dots
_BUTTON = 184
_MARGIN = 11  # above and below: a keyboard leaves no more


class QuestionSheet(Sheet):
    """One question a page; each kind adds its own keys in `build` and places them in `lay`."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.question = self.text(BOLD, INK, "left")
        self.hint = self.text(REGULAR, SOFT, "left")
        self.progress, self.focus, self.given = Progress(), Focus(), Given()
        self.canvas.add(self.progress.drawing)
        self.page: Questioning | None = None
        self._theme = Theme(1, 1)
        self.build()
        self.back = self.key(Tile(clock, lambda _: post(BackTouched(clock.now()))))
        self.away = self.key(Tile(clock, lambda _: post(LeaveTouched(clock.now()))))
        self.next = self.key(Tile(clock, lambda _: self._go_on(), BOLD))
        self.canvas.after.add(self.focus.drawing)
        self.speak = self.key(SpeakTile(post, clock))
        self.warning = StillThere(post, clock)

    always_hints = False
    """Whether there is room for a hint also where there is none, so that nothing moves."""

    # What each kind of question does in its own way

    def build(self) -> None:
        """Make the keys of this kind of question; they come before those of the foot."""
        raise NotImplementedError

    def lay(self, page: Questioning, answer: Answer | None, box: Box, theme: Theme) -> None:
        """Place the keys of this kind of question."""
        raise NotImplementedError

    def answering(self) -> list[Key]:
        """The keys of this kind of question, in the order in which the buttons reach them."""
        raise NotImplementedError

    def least_height(self, _page: Questioning, theme: Theme) -> float:
        """How much room the keys need; the question has what they leave, two lines at most."""
        return 2 * theme.target

    def hint_of(self, _page: Questioning, _say: Say) -> str:
        """What one must know to answer; mostly nothing."""
        return ""

    # What all of them do alike

    @property
    def keys(self) -> list[Key]:
        """What can be touched just now; under the warning nothing else can."""
        return [self.warning] if self.warning.parent else super().keys

    def show(self, page: Questioning, theme: Theme) -> None:
        """Say and place everything."""
        self.given.come(page.question.id, page.answer)
        self.page, self._theme = page, theme
        self._lay_all(page, theme)

    def leave(self) -> None:
        """The page goes off the glass; what follows is somebody else's."""
        super().leave()
        self.given.forget()

    def on_touch_down(self, touch: Any) -> bool:
        """Whoever touches anything is still there, also where it is no answer."""
        self.post(GlassTouched(self.clock.now()))
        return bool(super().on_touch_down(touch))

    def choose(self, value: str | int) -> None:
        """A key of the answer was touched."""
        if self.page is not None:
            order = tuple(choice.id for choice in self.page.choices)
            self.tell(chosen(self.page.question.kind, self.given.answer, value, order))

    def tell(self, answer: Answer | None) -> None:
        """That is the answer now; it is seen at once."""
        if self.page is not None:
            self.given.tell(told(self.page.question, answer))
            self.post(AnswerGiven(self.clock.now(), self.page.question.id, answer))
            self._lay_all(self.page, self._theme)

    def _go_on(self) -> None:
        if self.page is not None and not self._stuck(self.page):
            self.post(NextTouched(self.clock.now()))

    def _stuck(self, page: Questioning) -> bool:
        """Whether an answer must be given first."""
        return page.question.required and not self._answered(page)

    def _answered(self, page: Questioning) -> bool:
        answer = self.given.answer
        if page.question.kind is Kind.RANKING:
            return isinstance(answer, list) and len(answer) == len(page.choices)
        return answer is not None

    def _lay_all(self, page: Questioning, theme: Theme) -> None:
        say, px = sentences(page.language), theme.px
        foot, rest = theme.page(_MARGIN).bottom_cut(theme.target)
        self._lay_foot(page, say, foot, theme)
        strip, rest = rest.bottom_cut(px(_STRIP))
        self.progress.place(say, page.number, page.of, strip, theme)
        left = self._lay_head(page, say, rest, theme)
        self.lay(page, self.given.answer, left, theme)
        self._mark(page, say, theme)

    def _lay_head(self, page: Questioning, say: Say, box: Box, theme: Theme) -> Box:
        """The question, and what one must know; returns what is left for the keys."""
        px, hint = theme.px, self.hint_above(page, say)
        below = px(_HINT_UPRIGHT if theme.upright else _HINT) if hint or self.always_hints else 0
        height = min(
            px(_TITLE_UPRIGHT if theme.upright else _TITLE),
            box.height - below - self.least_height(page, theme),
        )
        title, rest = box.top_cut(height)
        title = self.speak.place_in(title, theme, there=self.speaks, loudness=page.loudness)
        size = _SIZE if height >= px(_TITLE) else _SIZE_TIGHT
        self.question.write(in_language(page.question.text, page.language), title, px(size))
        strip, rest = rest.top_cut(below)
        self.lay_hint(page, say, strip, theme)
        return rest

    def lay_hint(self, page: Questioning, say: Say, strip: Box, theme: Theme) -> None:
        """What of it stands there."""
        self.hint.put(self.hint_above(page, say), strip, theme.px(20))

    def hint_above(self, page: Questioning, say: Say) -> str:
        """What of it stands between the question and the keys."""
        return self.all_hints(page, say)

    def all_hints(self, page: Questioning, say: Say) -> str:
        """That, and whether an answer is needed."""
        needed = say("An answer is needed to go on.") if page.question.required else ""
        return f"{self.hint_of(page, say)} {needed}".strip()

    def _lay_foot(self, page: Questioning, say: Say, foot: Box, theme: Theme) -> None:
        left, middle, right = foot.grid(3, 1, theme.px(12))
        width = min(left.width, theme.px(_BUTTON))
        if page.number > 1:
            self.back.place(left.left_cut(width)[0], say("‹ Back"), theme)
        else:
            self.back.hide()
        self.away.place(middle.middle(width, foot.height), say("Leave"), theme)
        word, inked = self._next_word(page, say), self._answered(page)
        self.next.place(right.right_cut(width)[0], word, theme, size=26, inked=inked)

    def _next_word(self, page: Questioning, say: Say) -> str:
        if page.number == page.of:
            return say("Done")
        if page.question.required or self._answered(page):
            return say("Next ›")
        return say("Skip ›")

    def _mark(self, page: Questioning, say: Say, theme: Theme) -> None:
        self._warn(page, say, theme)
        reach = [*self.answering(), *(k for k in (self.back, self.away, self.next) if k.opacity)]
        marked = None if self.warning.parent else page.marked
        key = reach[marked] if marked is not None and marked < len(reach) else None
        self.focus.place(None if key is None else key.body, theme.px(12), theme)

    def _warn(self, page: Questioning, say: Say, theme: Theme) -> None:
        # Not only hidden: a veil over all of the glass costs as much to paint unseen as seen.
        if page.seconds_left is None:
            self.remove_widget(self.warning)
            return
        self.warning.ask(say, page.seconds_left, theme, marked=page.marked is not None)
        if self.warning.parent is None:
            self.add_widget(self.warning)
