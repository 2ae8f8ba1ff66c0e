"""The page with the three faces."""

from __future__ import annotations

from kiosk.core.effects import Asking
from kiosk.core.events import FaceTouched, NotNowTouched
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.keys import FaceKey, Tapped, Tile
from kiosk.screen.keys_speaking import SpeakTile
from kiosk.screen.pages.languages import LanguageSwitch
from kiosk.screen.pages.sheet import CaredForSheet
from kiosk.screen.theme import BOLD, INK, REGULAR, SEMIBOLD, SOFT, Theme
from kiosk.screen.words import Say, sentences
from shared.moments import Moment
from shared.texts import in_language
from shared.visits import Face, Input


class AskingSheet(CaredForSheet):
    """Question, faces with their words, “not now”, languages."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.question = self.text(BOLD, INK)
        self.anonymous = self.text(REGULAR, SOFT, "left")
        self.warning = self.text(SEMIBOLD, INK, "left")
        self.faces = {face: self.key(FaceKey(clock, self._answer(face), face)) for face in Face}
        self.not_now = self.key(Tile(clock, self._skip))
        self.speak = self.key(SpeakTile(post, clock))
        self.switch = LanguageSwitch(post, clock)
        self.add_widget(self.switch)

    def show(self, page: Asking, theme: Theme) -> None:
        """Say and place everything."""
        say, px = sentences(page.language), theme.px
        self.hears_touches = not page.always_on
        area = theme.page(14)
        top, _ = area.top_cut(theme.target)
        self.switch.show(page.languages, page.language, top, theme)
        foot, rest = area.bottom_cut(theme.target)
        self._place_foot(page, say, foot, theme)
        if len(page.languages) > 1:  # else nothing stands in the strip above
            _, rest = rest.top_cut(top.height)
        title, faces = self._parts(rest, theme)
        question = in_language(page.question, page.language, page.languages)
        self.question.write(question, title, px(40 if theme.stacked or not theme.upright else 48))
        words = {Face.SAD: say("Bad"), Face.NEUTRAL: say("Fair"), Face.HAPPY: say("Good")}
        for (face, word), cell in zip(words.items(), face_cells(faces, theme), strict=True):
            self.faces[face].place(cell, word, theme)

    def _parts(self, rest: Box, theme: Theme) -> tuple[Box, Box]:
        """Where the question stands, and the faces beneath it."""
        px = theme.px
        if theme.stacked:
            title, rest = rest.top_cut(rest.height * 0.22)
            return title, rest.middle(px(380), rest.height)
        if theme.upright:
            title, rest = rest.top_cut(rest.height * 0.44)
            return title, rest.top_cut(px(240))[0].inset(-px(8), px(18))
        title, rest = rest.top_cut(rest.height - px(244))
        return title, rest.inset(0, px(4)).middle(px(740), px(236))

    def _place_foot(self, page: Asking, say: Say, foot: Box, theme: Theme) -> None:
        px = theme.px
        button, beside = foot.right_cut(px(150))
        if self.speaks:
            _, beside = beside.right_cut(px(12))
        beside = self.speak.place_in(beside, theme, there=self.speaks, loudness=page.loudness)
        self._write_line(page, say, beside, theme)
        if page.always_on:
            self.place_holds(beside, theme)
            self.not_now.hide()
        else:
            self.hide_holds()
            self.not_now.place(
                button, say("Not now"), theme, body=button.middle(button.width, px(48)), radius=24
            )

    def _write_line(self, page: Asking, say: Say, box: Box, theme: Theme) -> None:
        """That nobody is named, until the page has to tell that it goes: nothing else moves."""
        anonymous = say("Anonymous")
        self.anonymous.put(
            "" if page.leaving else f"{anonymous} · {page.point_name}", box, theme.px(19)
        )
        goes = say("This question goes soon.")
        stays = say("Touch it to stay.")
        words = f"{goes} {stays}" if page.may_stay else goes
        self.warning.put(words if page.leaving else "", box, theme.px(19 if theme.stacked else 22))

    def _answer(self, face: Face) -> Tapped:
        def tapped(began: Moment) -> None:
            self.post(FaceTouched(self.clock.now(), face, Input.TOUCH, began))

        return tapped

    def _skip(self, _began: Moment) -> None:
        self.post(NotNowTouched(self.clock.now()))


def face_cells(box: Box, theme: Theme) -> list[Box]:
    """Where sad, neutral and happy stand in the box: never closer than they may be.

    Sad stands left, or above, on every glass and in every language: the order of the buttons
    beneath the glass does not change with a language, and answers stay comparable.
    """
    if theme.stacked:
        return box.grid(1, 3, theme.gap)
    return box.as_read_from_left().grid(3, 1, theme.gap)
