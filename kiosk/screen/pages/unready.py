"""The page of a device that is no kiosk yet."""

from __future__ import annotations

from typing import Final

from kiosk.core.ports import Clock, Post
from kiosk.core.unready import Obstacle, Unready
from kiosk.screen.boxes import Box
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.theme import BOLD, INK, REGULAR, SEMIBOLD, SOFT, Theme
from kiosk.screen.words import Say, sentences
from kiosk.screen.words.unready import told

MOST_ROWS: Final = 10
"""Smaller letters nobody reads; those below are counted. Few files have more faults."""

_ROW, _TALLEST_ROW = 27, 130  # units
_OF_WHAT: Final = 0.36
"""What is wrong is a line; what to do about it may take three, in smaller letters."""

_LINE_WIDTH: Final = 92


class _Row:
    """One obstacle: on which line, what it is, and what to do about it."""

    def __init__(self, sheet: Sheet) -> None:
        self.line = sheet.text(SEMIBOLD, SOFT, "left", "top")
        self.what = sheet.text(SEMIBOLD, INK, "left", "top")
        self.hint = sheet.text(REGULAR, SOFT, "left", "top")

    def show(self, one: Obstacle, say: Say, box: Box, theme: Theme, *, lined: bool) -> None:
        px = theme.px
        what, hint = told(one, say)
        if lined:
            label, box = box.left_cut(px(_LINE_WIDTH))
            line = "" if one.line is None else say("line {number}").format(number=one.line)
            self.line.put(line, label, px(19))
        else:
            self.line.erase()
        above, below = box.top_cut(box.height * (_OF_WHAT if hint else 1))
        self.what.write(what, above, px(21))
        self.hint.put(hint, below, px(19))

    def hide(self) -> None:
        for text in (self.line, self.what, self.hint):
            text.erase()


class UnreadySheet(Sheet):
    """A title, what to do, a row for each obstacle, and who this is."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.title = self.text(BOLD, INK, "left")
        self.deed = self.text(REGULAR, INK, "left", "top")
        self.rows = [_Row(self) for _ in range(MOST_ROWS)]
        self.more = self.text(SEMIBOLD, SOFT, "left")
        self.foot = self.text(REGULAR, SOFT, "left", "bottom")

    def show(self, page: Unready, theme: Theme) -> None:
        """Say and place everything."""
        say, px = sentences(page.language), theme.px
        heading, rest = theme.page(18).top_cut(px(50))
        self.title.write(say("This device is not a kiosk yet"), heading, px(34))
        deed, rest = rest.top_cut(px(60))
        self.deed.write(_deed(page, say), deed, px(20))
        foot, rest = rest.bottom_cut(px(26))
        self.foot.put(page.foot, foot, px(15))
        self._place_rows(page, say, rest.bottom_cut(px(8))[1], theme)

    def _place_rows(self, page: Unready, say: Say, box: Box, theme: Theme) -> None:
        found, px = page.obstacles, theme.px
        room = max(1, min(MOST_ROWS, int(box.height // px(_ROW))))
        shown = found if len(found) <= room else found[: room - 1]
        height = min(box.height / max(1, min(room, len(found))), px(_TALLEST_ROW))
        lined = any(one.line is not None for one in shown)
        for row in self.rows[len(shown) :]:
            row.hide()
        for row, one in zip(self.rows, shown, strict=False):
            strip, box = box.top_cut(height)
            row.show(one, say, strip.bottom_cut(px(4))[1], theme, lined=lined)
        left = len(found) - len(shown)
        more = say("… and {count} more").format(count=left) if left else ""
        self.more.put(more, box.top_cut(px(34))[0], px(18))


def _deed(page: Unready, say: Say) -> str:
    if page.trying:
        return say("It tries again by itself, every minute.")
    if not page.source:
        return say("It goes on by itself as soon as that is done.")
    sentence = say("Mend the file {file}, and start the device again: it is read at every start.")
    return sentence.format(file=page.source)
