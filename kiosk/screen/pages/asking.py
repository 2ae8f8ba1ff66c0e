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
        area = theme.page(14)
        top, rest = area.top_cut(px(SMALLEST_TARGET))
        self.switch.show(page.languages, page.language, top, theme)
        foot, rest = rest.bottom_cut(px(SMALLEST_TARGET))
        self._place_foot(page, say, foot, theme)
        if len(page.languages) < 2:  # nothing stands in the strip above
            rest = Box(rest.x, rest.y, rest.width, top.top - rest.y)
        title, faces = self._parts(rest, theme)
        question = in_language(page.question, page.language, page.languages)
        self.question.write(question, title, px(48 if theme.upright else 40))
        words = {Face.SAD: say("Bad"), Face.NEUTRAL: say("Fair"), Face.HAPPY: say("Good")}
        for (face, word), cell in zip(words.items(), faces.grid(3, 1, px(6)), strict=True):
            self.faces[face].place(cell, word, theme)

    def _parts(self, rest: Box, theme: Theme) -> tuple[Box, Box]:
        """Where the question stands, and the faces beneath it."""
        # Side by side also on upright glass: the same order everywhere keeps answers comparable.
        px = theme.px
        if theme.upright:
            title, rest = rest.top_cut(rest.height * 0.44)
            return title, rest.top_cut(px(240))[0].inset(-px(8), px(18))
        title, rest = rest.top_cut(rest.height - px(244))
        return title, rest.inset(0, px(4)).middle(px(740), px(236))

    def _place_foot(self, page: Asking, say: Say, foot: Box, theme: Theme) -> None:
        px = theme.px
        button, beside = foot.right_cut(px(150))
        anonymous = say("Anonymous")
        self.anonymous.write(f"{anonymous} · {page.point_name}", beside, px(19))
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
