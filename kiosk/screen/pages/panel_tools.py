"""The tests with how each ended, and what else a technician does at a kiosk."""

from __future__ import annotations

from kiosk.core.events import CleaningAsked
from kiosk.core.panel_pages import Key, PanelTools
from kiosk.core.ports import Clock, Post
from kiosk.core.report import Sign
from kiosk.core.trials import Kind, Verdict
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Tapped, Tile
from kiosk.screen.lettering import Lettering
from kiosk.screen.pages.panel import told
from kiosk.screen.pages.panel_dots import Dot
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.theme import BOLD, INK, REGULAR, SOFT, WHITE, Theme
from kiosk.screen.words import Say, sentences
from kiosk.screen.words.technician import names_of_kinds, names_of_verdicts

_SIGNS = {Verdict.PASSED: Sign.WELL, Verdict.FAILED: Sign.FAULT}


class ToolTile(Tile):
    """A tile with a second line beneath its word, and a sign where there is a verdict."""

    def __init__(self, clock: Clock, tapped: Tapped) -> None:
        super().__init__(clock, tapped)
        self.caption = Lettering(REGULAR, SOFT)
        self.dot = Dot()
        self.canvas.add(self.caption.drawing)
        self.canvas.add(self.dot.drawing)

    def put(
        self, cell: Box, words: tuple[str, str], theme: Theme, sign: Sign | None, *, inked: bool
    ) -> None:
        """Place it with its word and caption."""
        px = theme.px
        self.place(cell, words[0], theme, size=20, inked=inked)
        inside = cell.inset(px(8), px(6))
        caption, upper = inside.bottom_cut(inside.height * 0.42)
        self.word.write(words[0], upper, px(20))
        self.caption.write(words[1], caption, px(16))
        self.caption.paint(WHITE if inked else SOFT)
        beside = caption.center[0] - self.caption.ink.width / 2 - px(16)
        self.dot.place((beside, caption.center[1]), px(7))
        self.dot.become(sign or Sign.UNKNOWN, seen=sign is not None)


class PanelToolsSheet(Sheet):
    """Up to nine tiles, a line that says what came of the last one, and the way back."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.title = self.text(BOLD, INK, "left")
        self.note = self.text(REGULAR, SOFT, "left")
        self.kinds = {kind: self.key(ToolTile(clock, told(post, clock, kind))) for kind in Kind}
        self.tools = {
            key: self.key(ToolTile(clock, self._does(key)))
            for key in (Key.IDENTIFY, Key.CLEANING, Key.EXPORT, Key.RESTART)
        }
        self.back = self.key(Tile(clock, told(post, clock, Key.LINES)))
        self.close = self.key(Tile(clock, told(post, clock, Key.CLOSE), BOLD))

    def show(self, page: PanelTools, theme: Theme) -> None:
        """Say and place everything."""
        say, px = sentences(page.language), theme.px
        area = theme.page(14)
        heading, rest = area.top_cut(px(44))
        title = say("Technician's panel")
        self.title.write(f"{title} · {page.kiosk_id}", heading, px(26))
        foot, rest = rest.bottom_cut(theme.target)
        note, rest = rest.bottom_cut(px(44))
        self.note.write(_note(page, say), note, px(18))
        self._place_tiles(page, say, rest.inset(0, px(4)), theme)
        back, beside = foot.left_cut(px(190))
        self.back.place(back, say("‹ All lines"), theme, size=20, radius=31)
        close, _ = beside.right_cut(px(160))
        self.close.place(close, say("Close"), theme, size=20, inked=True, radius=31)

    def _place_tiles(self, page: PanelTools, say: Say, box: Box, theme: Theme) -> None:
        tiles = [self._test(kind, page, say) for kind in Kind if kind in page.tried]
        tiles += [self._tool(key, page, say) for key in self.tools]
        for kind in set(Kind) - set(page.tried):
            self.kinds[kind].hide()
        columns = 2 if theme.upright else 3
        rows = -(-len(tiles) // columns)
        gap = theme.px(12)
        height = min(box.height, rows * theme.px(130) + (rows - 1) * gap)
        cells = box.top_cut(height)[0].grid(columns, rows, gap)
        for (tile, words, sign, inked), cell in zip(tiles, cells, strict=False):
            tile.put(cell, words, theme, sign, inked=inked)

    def _test(
        self, kind: Kind, page: PanelTools, say: Say
    ) -> tuple[ToolTile, tuple[str, str], Sign | None, bool]:
        verdict = dict(page.verdicts).get(kind)
        caption = say("not tried yet") if verdict is None else names_of_verdicts(say)[verdict]
        sign = None if verdict is None else _SIGNS[verdict]
        return self.kinds[kind], (names_of_kinds(say)[kind], caption), sign, False

    def _tool(
        self, key: Key, page: PanelTools, say: Say
    ) -> tuple[ToolTile, tuple[str, str], Sign | None, bool]:
        inked = page.asked is key
        words = {
            Key.IDENTIFY: (say("Identify"), say("blinks for 10 s")),
            Key.CLEANING: (say("Clean the glass"), say("no touch for 60 s")),
            Key.EXPORT: (say("Diagnostic file"), say("without any answer")),
            Key.RESTART: (say("Restart"), say("touch again") if inked else say("takes seconds")),
        }
        return self.tools[key], words[key], None, inked

    def _does(self, key: Key) -> Tapped:
        if key is Key.CLEANING:
            return lambda _began: self.post(CleaningAsked(self.clock.now()))
        return told(self.post, self.clock, key)


def _note(page: PanelTools, say: Say) -> str:
    if page.failed is not None:
        told = say("The file could not be written: {why}")
        return told.format(why=page.failed)
    if page.exported is not None:
        told = say("Written: {file}")
        return told.format(file=page.exported)
    return ""
