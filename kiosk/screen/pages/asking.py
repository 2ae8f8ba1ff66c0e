"""The page with the three faces."""

from __future__ import annotations

from kiosk.core.effects import Asking
from kiosk.core.events import FaceTouched, NotNowTouched
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.keys import FaceKey, Tapped, Tile
from kiosk.screen.pages.languages import LanguageSwitch
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.theme import BOLD, INK, REGULAR, SMALLEST_TARGET, SOFT, Theme
from kiosk.screen.words import Say, in_language, sentences
from shared.moments import Moment
from shared.visits import Face, Input


class AskingSheet(Sheet):
    """Question, faces with their words, “not now”, languages."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.question = self.text(BOLD, INK)
        self.anonymous = self.text(REGULAR, SOFT, "left")
        self.faces = {face: self.key(FaceKey(clock, self._answer(face), face)) for face in Face}
        self.not_now = self.key(Tile(clock, self._skip))
        self.switch = LanguageSwitch(post, clock)
        self.add_widget(self.switch)

    def show(self, page: Asking, theme: Theme) -> None:
        """Say and place everything."""
        say, px = sentences(page.language), theme.px
        area = theme.glass.inset(px(24), px(14))
        top, rest = area.top_cut(px(SMALLEST_TARGET))
        self.switch.show(page.languages, page.language, top, theme)
        foot, rest = rest.bottom_cut(px(SMALLEST_TARGET))
        self._place_foot(page, say, foot, theme)
        title, rest = rest.top_cut(px(190 if theme.upright else 84))
        if len(page.languages) < 2:  # nothing stands in the strip above
            title = Box(title.x, title.y, title.width, top.top - title.y)
        question = in_language(page.question, page.language, page.languages)
        self.question.write(question, title.inset(px(16), 0), px(46 if theme.upright else 40))
        self._place_faces(say, rest, theme)

    def _place_faces(self, say: Say, rest: Box, theme: Theme) -> None:
        # Side by side also on upright glass: the same order everywhere keeps answers comparable.
        px = theme.px
        words = {Face.SAD: say("Bad"), Face.NEUTRAL: say("Fair"), Face.HAPPY: say("Good")}
        row = rest.inset(0, px(4)).middle(px(740), px(232))
        for (face, word), cell in zip(words.items(), row.grid(3, 1, px(8)), strict=True):
            self.faces[face].place(cell, word, theme)

    def _place_foot(self, page: Asking, say: Say, foot: Box, theme: Theme) -> None:
        px = theme.px
        button, beside = foot.right_cut(px(150))
        name = f"{say('Anonymous')} · {page.point_name}"
        self.anonymous.write(name, beside.inset(px(12), 0), px(19))
        if page.always_on:
            self.not_now.hide()
        else:
            self.not_now.place(
                button, say("Not now"), theme, body=button.middle(button.width, px(48)), radius=24
            )

    def _answer(self, face: Face) -> Tapped:
        def tapped(began: Moment) -> None:
            self.post(FaceTouched(self.clock.now(), face, Input.TOUCH, began))

        return tapped

    def _skip(self, _began: Moment) -> None:
        self.post(NotNowTouched(self.clock.now()))
