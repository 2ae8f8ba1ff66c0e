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
from kiosk.screen.theme import EDGE, FOCUS, INK, INK_TOUCHED, SEMIBOLD, SHADE, WHITE, Colour, Theme
from shared.moments import Moment
from shared.visits import Face

Tapped = Callable[[Moment], None]
"""Called when the finger lets go, with the moment at which it had landed."""

_SLACK = 0.15  # of the target: a finger rolls a little as it lifts
_FOCUS_LINE = 5  # units: seen at arm's length
_WIDE = 1.5  # so many times as wide as high, a face leaves room for its word beside it


class Key(Widget):
    """A target: a touch counts when it begins inside and ends inside, or very nearly."""

    outlives_page = False

    def __init__(self, clock: Clock, tapped: Tapped) -> None:
        super().__init__(size_hint=(None, None), size=(0, 0))
        self._clock = clock
        self._tapped = tapped
        self._held: tuple[Moment, Box] | None = None
        self.body = Box(0, 0, 0, 0)
        self.hide()

    @property
    def target(self) -> Box:
        """Where it can be touched; empty while it is hidden."""
        return Box(*self.pos, *self.size)

    def aim(self, target: Box, body: Box | None = None) -> None:
        """Be touchable there; `body` is what is seen of it, where that is less."""
        self.pos, self.size, self.opacity = target.pos, target.size, 1
        self.body = body or target

    def hide(self) -> None:
        """Be neither seen nor touched."""
        self.size, self.opacity = (0, 0), 0

    def look(self, touched: bool) -> None:
        """Look touched, or not."""

    def on_touch_down(self, touch: Any) -> bool:
        """Take the touch, if it lands inside and no other finger is there."""
        target = self.target
        if self._held is not None or not target.holds(*touch.pos) or not is_finger(touch):
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


def is_finger(touch: Any) -> bool:
    """Whether it is a touch, or the first button of a mouse."""
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
        """The face fills the target but for its word: beneath it, or beside it in a wide target."""
        self.aim(target)
        beside = target.width > _WIDE * target.height
        if beside:
            around, line = target.left_cut(target.height)
            line = line.right_cut(line.width - theme.px(28))[0]
        else:
            line, around = target.bottom_cut(theme.px(44))
        self.word.align = "left" if beside else "center"
        self.face.place(around.center, round(min(around.size) / 2) - theme.px(2))
        self.word.write(word, line, theme.px(40 if beside else 28))

    def look(self, touched: bool) -> None:
        """Look touched, or not: the same way for every face."""
        self.face.touch(touched)


class Tile(Key):
    """A rounded tile with a word: white, or ink where it is chosen or the main way on."""

    def __init__(
        self, clock: Clock, tapped: Tapped, font: str = SEMIBOLD, colour: Colour = INK
    ) -> None:
        super().__init__(clock, tapped)
        self._colour = colour
        self.panel = Panel(WHITE, EDGE)
        self.inked = self.marked = False
        self._radius, self._edges = 0.0, (0.0, 0.0)
        self.word = Lettering(font, colour)
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
        marked: bool = False,
        there: bool = True,
    ) -> None:
        """`body` is what is seen of the target, where that is less; sizes in units.

        `marked`: the buttons have come to it. What is not `there` is hidden.
        """
        if not there:
            self.hide()
            return
        self.aim(target, body)
        self.word.write(word, self.body.inset(theme.px(10), theme.px(4)), theme.px(size))
        self._edges = (line and theme.px(line)), theme.px(_FOCUS_LINE)
        self._radius = min(theme.px(radius), self.body.height / 2)
        self.inked = inked
        self.mark(marked)

    def mark(self, marked: bool) -> None:
        """Look as what the buttons have come to, or not."""
        self.marked = marked
        self.panel.place(self.body, self._radius, self._edges[marked])
        self.look(False)

    @property
    def colours(self) -> tuple[Colour, Colour]:
        """Of the word and of what it stands on."""
        return (WHITE, INK) if self.inked else (self._colour, WHITE)

    def look(self, touched: bool) -> None:
        """Look touched, or not."""
        word, fill = self.colours
        if touched:
            fill = INK_TOUCHED if self.inked else SHADE
        edge = fill if self.inked else EDGE
        self.panel.paint(fill, FOCUS if self.marked else edge)
        self.word.paint(word)
