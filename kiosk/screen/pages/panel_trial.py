"""The tests of the panel: nine targets, buttons, till, sound, and colours that fill the glass."""

from __future__ import annotations

from typing import Any, Final

from kivy.graphics import Rectangle

from kiosk.core.panel_pages import Identifying, Key, PanelTrial
from kiosk.core.ports import Clock, Post
from kiosk.core.report import Sign
from kiosk.core.trials import COLOURS, NEXT, NO, TARGETS, YES, Kind
from kiosk.screen.boxes import Box
from kiosk.screen.faces import FaceDrawing
from kiosk.screen.keys import Key as Target
from kiosk.screen.keys import Tile
from kiosk.screen.lettering import Lettering
from kiosk.screen.pages.panel import told
from kiosk.screen.pages.panel_dots import Dot
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.paint import Paint
from kiosk.screen.theme import BOLD, INK, PAPER, REGULAR, SEMIBOLD, SOFT, Colour, Theme
from kiosk.screen.words import Say, sentences
from kiosk.screen.words.technician import names_of_kinds
from shared.visits import Face

_FILLS: Final[tuple[Colour, ...]] = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1), (0, 0, 0))
"""Each on its own lights other dots of the panel: pure colours, by day and by night."""


class TouchTrialSheet(Sheet):
    """Nine targets: corners, middles of the edges, and the middle."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.hint = self.text(SEMIBOLD, INK)
        self.targets = [self.key(Tile(clock, told(post, clock, word))) for word in TARGETS]
        self.stop = self.key(Tile(clock, told(post, clock, NO)))

    def show(self, page: PanelTrial, theme: Theme) -> None:
        """Say and place everything."""
        say, px, side = sentences(page.language), theme.px, theme.target
        glass = Box(0, 0, theme.width, theme.height)
        across = (0.0, (glass.width - side) / 2, glass.width - side)
        down = (glass.height - side, (glass.height - side) / 2, 0.0)
        spots = [Box(x, y, side, side) for y in down for x in across]
        for at, (key, word, spot) in enumerate(zip(self.targets, TARGETS, spots, strict=True)):
            hit = word in page.done
            key.place(spot, str(at + 1), theme, size=24, inked=hit)
        gap = (glass.height - 3 * side) / 2
        upper = Box(0, down[1] + side, glass.width, gap).inset(px(40), px(8))
        lower = Box(0, side, glass.width, gap)
        hint = say("Touch all nine squares · {seconds} s")
        self.hint.write(hint.format(seconds=page.seconds_left), upper, px(26))
        self.stop.place(lower.middle(px(220), side), say("It does not work"), theme, radius=31)


class JudgedTrialSheet(Sheet):
    """A sentence, and keys: what no program sees is judged by a person."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.title = self.text(BOLD, INK)
        self.hint = self.text(REGULAR, SOFT)
        self.yes = self.key(Tile(clock, told(post, clock, YES), BOLD))
        self.no = self.key(Tile(clock, told(post, clock, NO)))
        self.again = self.key(Tile(clock, told(post, clock, Key.AGAIN)))
        self.faces = [FaceDrawing(face) for face in Face]
        self.dots = [Dot() for _ in Face]
        self.pins: list[Lettering] = []
        for face, dot in zip(self.faces, self.dots, strict=True):
            self.canvas.add(face.drawing)
            self.canvas.add(dot.drawing)
            self.pins.append(self.text(SEMIBOLD, INK))

    def show(self, page: PanelTrial, theme: Theme) -> None:
        """Say and place everything."""
        say, px = sentences(page.language), theme.px
        area = theme.page(24)
        heading, rest = area.top_cut(px(70))
        self.title.write(names_of_kinds(say)[page.kind], heading, px(36))
        foot, rest = rest.bottom_cut(theme.target)
        hint, rest = rest.top_cut(px(110) if page.kind is Kind.BUTTONS else rest.height * 0.8)
        sentence = _sentences(say)[page.kind].format(seconds=page.seconds_left)
        self.hint.write(sentence, hint, px(24))
        self._place_buttons(page, rest, theme)
        self._place_keys(page, say, foot, theme)

    def _place_buttons(self, page: PanelTrial, box: Box, theme: Theme) -> None:
        there, px = page.kind is Kind.BUTTONS, theme.px
        cells = box.as_read_from_left().middle(px(420), px(160)).grid(3, 1, px(10))
        pins = [str(pin) for pin in page.pins] or [""] * len(cells)
        for at, (face, cell) in enumerate(zip(Face, cells, strict=True)):
            line, around = cell.bottom_cut(px(38))
            self.faces[at].place(around.center, px(52) if there else 0)
            self.dots[at].place((line.x + px(18), line.center[1]), px(9))
            done = face.value in page.done
            self.dots[at].become(Sign.WELL if done else Sign.UNKNOWN, seen=there)
            if there and at < len(pins):
                self.pins[at].write(f"GPIO {pins[at]}", line.inset(px(30), 0), px(18))
            else:
                self.pins[at].erase()

    def _place_keys(self, page: PanelTrial, say: Say, foot: Box, theme: Theme) -> None:
        px = theme.px
        judged = page.kind in (Kind.SOUND, Kind.SCREEN)
        again = page.kind is Kind.SOUND
        keys = [(self.no, say("No") if judged else say("It does not work"), True)]
        keys += [(self.again, say("Once more"), again), (self.yes, say("Yes"), judged)]
        shown = [(key, word) for key, word, there in keys if there]
        for key, _, there in keys:
            if not there:
                key.hide()
        row = foot.middle(len(shown) * px(200) + (len(shown) - 1) * px(14), foot.height)
        for (key, word), cell in zip(shown, row.grid(len(shown), 1, px(14)), strict=True):
            key.place(cell, word, theme, inked=key is self.yes, radius=31)


def _sentences(say: Say) -> dict[Kind, str]:
    return {
        Kind.TOUCH: "",
        Kind.BUTTONS: say("Press each of the three buttons · {seconds} s"),
        Kind.TILL: say("Finish a sale at the till, or print a receipt · {seconds} s"),
        Kind.SOUND: say("Did you hear the voice?"),
        Kind.SCREEN: say("Was every colour the same all over, without dots or lines?"),
    }


class FillSheet(Sheet):
    """One colour from edge to edge; the whole glass is the key."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self._paint, self._fill = Paint(PAPER), Rectangle()
        self.canvas.add(self._paint)
        self.canvas.add(self._fill)
        self.name = self.text(BOLD, INK)
        self.whole = self.key(Target(clock, told(post, clock, NEXT)))

    def show(self, page: PanelTrial | Identifying, theme: Theme) -> None:
        """Fill the glass; a kiosk that is looked for shows its name, as large as it can."""
        glass = Box(0, 0, theme.width, theme.height)
        self._fill.size = glass.size
        self.whole.aim(glass)
        if isinstance(page, PanelTrial):
            self._paint.put(_FILLS[min(page.step, COLOURS - 1)])
            self.name.erase()
        else:
            self._paint.put(PAPER if page.bright else INK)
            self.name.paint(INK if page.bright else PAPER)
            self.name.write(page.kiosk_id, glass.inset(theme.px(30)), theme.px(110))


def is_fill(page: Any) -> bool:
    """Whether the page is one colour from edge to edge."""
    if isinstance(page, Identifying):
        return True
    return isinstance(page, PanelTrial) and page.kind is Kind.SCREEN and page.step < COLOURS
