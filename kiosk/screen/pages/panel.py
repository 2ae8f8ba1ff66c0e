"""The technician's panel: everything that can fail, at a glance."""

from __future__ import annotations

from kiosk.core.events import PanelTouched
from kiosk.core.panel_pages import Key, PanelLines
from kiosk.core.ports import Clock, Post
from kiosk.core.readings import Part
from kiosk.core.report import Line, Sign
from kiosk.core.trials import Kind
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Tapped, Tile
from kiosk.screen.lettering import Lettering
from kiosk.screen.pages.panel_dots import Dot
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.theme import BOLD, INK, REGULAR, SEMIBOLD, SOFT, Theme
from kiosk.screen.words import Say, sentences
from kiosk.screen.words.technician import names_of_kinds, names_of_parts, tell

_TALLEST_ROW = 46  # units: on upright glass the lines stay together


def told(post: Post, clock: Clock, key: str) -> Tapped:
    """What a key of the panel does: it tells its name."""
    return lambda _began: post(PanelTouched(clock.now(), key))


class _Row:
    """One line: its sign, the part, and what is said of it."""

    def __init__(self, sheet: Sheet) -> None:
        self.dot = Dot()
        sheet.canvas.add(self.dot.drawing)
        self.name: Lettering = sheet.text(REGULAR, INK, "left")
        self.value: Lettering = sheet.text(SEMIBOLD, INK, "left")

    def show(self, line: Line, name: str, value: str, box: Box, theme: Theme) -> None:
        px = theme.px
        around, rest = box.left_cut(px(34))
        self.dot.place(around.middle(px(16), px(16)).center, px(8))
        self.dot.become(line.sign)
        label, rest = rest.left_cut(rest.width * (0.42 if theme.upright else 0.36))
        self.name.write(name, label, px(18))
        self.value.write(value, rest, px(18))

    def hide(self) -> None:
        self.dot.become(Sign.UNKNOWN, seen=False)
        self.name.erase()
        self.value.erase()


class PanelLinesSheet(Sheet):
    """A line for each part, and the keys that lead on."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.title = self.text(BOLD, INK, "left")
        self.waiting = self.text(REGULAR, SOFT)
        self.rows = [_Row(self) for _ in Part]
        self.touch = self.key(Tile(clock, told(post, clock, Kind.TOUCH)))
        self.sound = self.key(Tile(clock, told(post, clock, Kind.SOUND)))
        self.more = self.key(Tile(clock, told(post, clock, Key.MORE)))
        self.close = self.key(Tile(clock, told(post, clock, Key.CLOSE), BOLD))

    def show(self, page: PanelLines, theme: Theme) -> None:
        """Say and place everything."""
        say, px = sentences(page.language), theme.px
        area = theme.page(14)
        heading, rest = area.top_cut(px(40))
        title = say("Technician's panel")
        self.title.write(f"{title} · {page.kiosk_id}", heading, px(26))
        rest = self._place_foot(page, say, rest, theme)
        if page.lines:
            self.waiting.erase()
        else:
            self.waiting.write(say("One moment …"), rest, px(22))
        self._place_rows(page, say, rest, theme)

    def _place_rows(self, page: PanelLines, say: Say, box: Box, theme: Theme) -> None:
        height = min(box.height / len(Part), theme.px(_TALLEST_ROW))
        names = names_of_parts(say)
        for row in self.rows[len(page.lines) :]:
            row.hide()
        for row, line in zip(self.rows, page.lines, strict=False):
            strip, box = box.top_cut(height)
            value = tell(line, page.language, say, zone=page.zone, now=page.at)
            row.show(line, names[line.part], value, strip, theme)

    def _place_foot(self, page: PanelLines, say: Say, box: Box, theme: Theme) -> Box:
        """The keys; what is left above them is returned."""
        names = names_of_kinds(say)
        keys = [
            (self.touch, names[Kind.TOUCH], Kind.TOUCH in page.kinds),
            (self.sound, names[Kind.SOUND], Kind.SOUND in page.kinds),
            (self.more, say("More tests ›"), True),
            (self.close, say("Close"), True),
        ]
        shown = [(key, word) for key, word, there in keys if there]
        for key, _, there in keys:
            if not there:
                key.hide()
        rows = 2 if theme.upright else 1
        columns = -(-len(shown) // rows)
        gap = theme.px(14)
        foot, rest = box.bottom_cut(rows * theme.target + (rows - 1) * gap)
        for (key, word), cell in zip(shown, foot.grid(columns, rows, gap), strict=False):
            key.place(cell, word, theme, size=20, inked=key is self.close, radius=31)
        return rest.bottom_cut(theme.px(10))[1]
