"""A small keyboard on the glass: what it writes goes to whoever owns it, letter by letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.uix.widget import Widget

from kiosk.core.ports import Clock
from kiosk.screen.boxes import Box
from kiosk.screen.keyboard_layouts import Board, KeyCap, Layer, board, columns
from kiosk.screen.keys import Tile
from kiosk.screen.signs import capitals, delete
from kiosk.screen.theme import INK, SEMIBOLD, WHITE, Theme
from kiosk.screen.words import Say

_SIZE, _NAME_SIZE = 26, 19  # units: letters, and the names of what keys do
_MARGIN = 6  # units to the edge of the glass: the keyboard is wider than the page
_GAP = 5  # units between two keys; the gap belongs to both


class _BoardKey(Tile):
    """One key; what it is changes with layer and language."""

    def __init__(self, clock: Clock, strike: Callable[[str], None]) -> None:
        super().__init__(clock, lambda _: strike(self.name), SEMIBOLD)
        self.name = ""
        self._signs = {"shift": capitals(), "delete": delete(rtl=False), "undo": delete(rtl=True)}
        for sign in self._signs.values():
            self.canvas.add(sign.drawing)

    def show(self, name: str, word: str, cell: Box, theme: Theme, *, inked: bool) -> None:
        """Be that key; a word of one letter is a letter."""
        self.name = name
        size = _SIZE if len(word) == 1 else _NAME_SIZE
        body = cell.inset(theme.px(_GAP / 2))
        self.place(cell, word, theme, size=size, inked=inked, body=body, radius=9)
        shown = "undo" if name == "delete" and theme.rtl else name
        for of, sign in self._signs.items():
            sign.place(body.center if of == shown else None, theme.px(13))
            sign.paint(WHITE if inked else INK)


class Keyboard(Widget):
    """Keys are made when a language first needs that many, and then only told what to be."""

    def __init__(self, clock: Clock, write: Callable[[str], None]) -> None:
        """`write` is told the whole text after each stroke."""
        super().__init__(size_hint=(None, None), size=(0, 0))
        self._clock, self._write = clock, write
        self._made: list[_BoardKey] = []
        self._layer, self._shifted = Layer.LETTERS, True
        self._text, self._longest = "", 0
        self._place: tuple[Any, ...] = ()

    @property
    def board_keys(self) -> list[_BoardKey]:
        """Those that can be touched just now."""
        return [key for key in self._made if key.opacity]

    def begin(self, text: str) -> None:
        """Somebody begins to write, or goes on where he was."""
        self._layer, self._shifted = Layer.LETTERS, not text

    def height(self, language: str, theme: Theme) -> float:
        """How high it is in pixels: every layer alike, so that nothing jumps."""
        rows = (len(board(language, layer, narrow=theme.upright)) for layer in Layer)
        return max(rows) * theme.target

    def show(
        self, text: str, longest: int, language: str, say: Say, box: Box, theme: Theme
    ) -> None:
        """Lay the keys of the moment out; `text` is what has been written so far."""
        self._text, self._longest = text, longest
        self._place = (language, say, box, theme)
        boards = [board(language, layer, narrow=theme.upright) for layer in Layer]
        self._make(max(sum(map(len, keys)) for keys in boards))
        self._lay(language, say, box, theme)

    def _make(self, enough: int) -> None:
        while len(self._made) < enough:
            self._made.append(_BoardKey(self._clock, self._strike))
            self.add_widget(self._made[-1])

    def _lay(self, language: str, say: Say, box: Box, theme: Theme) -> None:
        keys = board(language, self._layer, narrow=theme.upright)
        wide = Box(0, box.y, theme.width, box.height, theme.rtl and theme.upright)
        cells = _cells(keys, columns(language, narrow=theme.upright), wide, theme)
        for key in self._made[len(cells) :]:
            key.hide()
        for key, (cap, cell) in zip(self._made, cells, strict=False):
            inked = cap.name == "shift" and self._shifted
            key.show(cap.name, self._word(cap, say), cell, theme, inked=inked)

    def _word(self, cap: KeyCap, say: Say) -> str:
        word = _word_on(cap.name, say)
        if word is None:
            return cap.name.upper() if self._shifted else cap.name
        return word

    def _strike(self, name: str) -> None:
        text = self._text
        match name:
            case "shift":
                self._shifted = not self._shifted
            case "letters" | "accents" | "digits":
                self._layer = Layer(name)
            case "delete":
                text = text[:-1]
            case _ if len(text) < self._longest:
                letter = " " if name == "space" else name
                text += letter.upper() if self._shifted else letter
                self._shifted = False
        if text != self._text:
            self._shifted = self._shifted or not text
            self._write(text)
        else:
            self._lay(*self._place)


def _word_on(name: str, say: Say) -> str | None:
    """What stands on a key that writes no letter of its own; None on all others."""
    match name:
        case "shift" | "delete":
            return ""  # they have signs
        case "space":
            return say("Space")
        case Layer.LETTERS:
            return say("abc")
        case Layer.ACCENTS:
            return say("áé")
        case Layer.DIGITS:
            return "?123"
        case _:
            return None


def _cells(keys: Board, across: float, box: Box, theme: Theme) -> list[tuple[KeyCap, Box]]:
    """Every key with its target; rows that are not full stand in the middle."""
    pitch = (box.width - 2 * theme.px(_MARGIN)) / across
    found = []
    rest = box
    for row in keys:
        strip, rest = rest.top_cut(theme.target)
        strip = strip.middle(pitch * sum(cap.width for cap in row), strip.height)
        for cap in row:
            cell, strip = strip.left_cut(pitch * cap.width)
            found.append((cap, cell))
    return found
