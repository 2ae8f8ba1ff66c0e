"""What can be touched: it looks touched, and says when the finger landed and when it let go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.uix.widget import Widget

from kiosk.core.ports import Clock
from kiosk.screen.boxes import Box
from kiosk.screen.faces import FaceDrawing
from kiosk.screen.lettering import Lettering
from kiosk.screen.shapes import Panel
from kiosk.screen.theme import EDGE, INK, INK_TOUCHED, SEMIBOLD, SHADE, WHITE, Colour, Theme
from shared.moments import Moment
from shared.visits import Face

Tapped = Callable[[Moment], None]
"""Called when the finger lets go, with the moment at which it had landed."""

_SLACK = 0.15  # of the target: a finger rolls a little as it lifts


class Key(Widget):
    """A target: a touch counts when it begins inside and ends inside, or very nearly."""

    outlives_page = False

    def __init__(self, clock: Clock, tapped: Tapped) -> None:
        super().__init__(size_hint=(None, None), size=(0, 0))
        self._clock = clock
        self._tapped = tapped
        self._held: tuple[Moment, Box] | None = None

    @property
    def target(self) -> Box:
        """Where it can be touched; empty while it is hidden."""
        return Box(*self.pos, *self.size)

    def aim(self, target: Box) -> None:
        """Be touchable there."""
        self.pos, self.size, self.opacity = target.pos, target.size, 1

    def hide(self) -> None:
        """Be neither seen nor touched."""
        self.size, self.opacity = (0, 0), 0

    def look(self, touched: bool) -> None:
        """Look touched, or not."""

    def on_touch_down(self, touch: Any) -> bool:
        """Take the touch, if it lands inside and no other finger is there."""
        target = self.target
        if self._held is not None or not target.holds(*touch.pos) or not _is_finger(touch):
            return False
        self._held = self._clock.now(), target
        touch.grab(self)
        self.look(True)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Report the touch that was taken, also when the page has changed under the finger."""
        if touch.grab_current is not self or self._held is None:
            return False
        touch.ungrab(self)
        (began, target), self._held = self._held, None
        self.look(False)
        if self._ends_well(touch, target):
            self._tapped(began)
        return True

    def _ends_well(self, touch: Any, target: Box) -> bool:
        if self.get_root_window() is None:  # the page has gone, and where the finger is, is unknown
            return self.outlives_page
        return target.inset(-_SLACK * min(target.size)).holds(*touch.pos)


def _is_finger(touch: Any) -> bool:
    return "button" not in touch.profile or touch.button == "left"


class FaceKey(Key):
    """One face with its word beneath."""

    outlives_page = True  # its event says when it began, so the session can place it

    def __init__(self, clock: Clock, tapped: Tapped, face: Face) -> None:
        super().__init__(clock, tapped)
        self.face = FaceDrawing(face)
        self.word = Lettering(SEMIBOLD, INK)
        self.canvas.add(self.face.drawing)
        self.canvas.add(self.word.drawing)

    def place(self, target: Box, word: str, theme: Theme) -> None:
        """The face fills the target but for the word's line."""
        self.aim(target)
        line, above = target.bottom_cut(theme.px(44))
        self.face.place(above.center, round(min(above.size) / 2) - theme.px(2))
        self.word.write(word, line, theme.px(28))

    def look(self, touched: bool) -> None:
        """Look touched, or not: the same way for every face."""
        self.face.touch(touched)


class Tile(Key):
    """A rounded tile with a word: white, or ink where it is chosen or the main way on."""

    def __init__(self, clock: Clock, tapped: Tapped, font: str = SEMIBOLD) -> None:
        super().__init__(clock, tapped)
        self.panel = Panel(WHITE, EDGE)
        self.inked = False
        self.word = Lettering(font, INK)
        self.canvas.add(self.panel.drawing)
        self.canvas.add(self.word.drawing)

    def place(
        self,
        target: Box,
        word: str,
        theme: Theme,
        *,
        size: float = 22,
        inked: bool = False,
        body: Box | None = None,
        radius: float = 12,
        line: float = 1.6,
    ) -> None:
        """`body` is what is seen of the target, where that is less; sizes in units."""
        self.aim(target)
        body = body or target
        self.panel.place(body, min(theme.px(radius), body.height / 2), line and theme.px(line))
        self.word.write(word, body.inset(theme.px(10), theme.px(4)), theme.px(size))
        self.inked = inked
        self.look(False)

    @property
    def colours(self) -> tuple[Colour, Colour]:
        """Of the word and of what it stands on."""
        return (WHITE, INK) if self.inked else (INK, WHITE)

    def look(self, touched: bool) -> None:
        """Look touched, or not."""
        word, fill = self.colours
        if touched:
            fill = INK_TOUCHED if self.inked else SHADE
        self.panel.paint(fill, fill if self.inked else EDGE)
        self.word.paint(word)
