"""Reads a customer pole display: what stands on it, and the change of it that ends a sale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.core.commands import CHARACTERS, Commands, Shape, Shapes, fixed, little
from kiosk.core.documents import Seen
from kiosk.core.patterns import compiled, fold
from kiosk.core.silence import Silence
from shared.sales import SaleSource


class Dialect(StrEnum):
    """The command set of the display."""

    CD5220 = "cd5220"
    EPSON = "epson"


LONGEST_SALE_MS = 300_000
"""A total that was shown five minutes ago was given up: a “thank you” now ends nothing."""

TOTALS = (r"\b(?:total|importe|a pagar|suma|amount|due|summe|zu zahlen|gesamt|montant|a payer)\b",)
DONES = (
    r"\b(?:cambio|gracias|entregado|change|thank|troco|obrigad[oa]|rendu|merci|danke)\b",
    r"\b(?:r.ckgeld|wechselgeld|zur.ck)\b",
)
VOIDS = (r"\b(?:anulad|anulaci|cancel|void|storno|annul)", r"\btotal\W{0,60}-\d")


@dataclass(frozen=True, slots=True)
class PoleSettings:
    """A sale ends where `done` appears after `total` did, and `void` did not in between."""

    dialect: Dialect = Dialect.CD5220
    columns: int = 20
    total: tuple[str, ...] = TOTALS
    done: tuple[str, ...] = DONES
    void: tuple[str, ...] = VOIDS
    encoding: str = "cp437"


# ESC & s n m, and for each character n..m a count and so many columns of one byte
_DOWNLOAD = replace(CHARACTERS, block_payload=lambda _, block: block[0])

_CD5220: Shapes = {
    **fixed(b"\x1b", {0: b"@\x11\x12\x13", 1: b"[*?%_fc=QuRt", 2: b"ls"}),
    b"\x1b&": _DOWNLOAD,
    b"\x1bW": Shape(3),
    **fixed(b"\x1bW", {3: b"\x011"}),  # a window is set: x1 x2 y
    b"\x1f@": Shape(2),
}

_EPSON: Shapes = {
    **fixed(b"\x1b", {0: b"@", 1: b"%?Rt="}),
    b"\x1b&": CHARACTERS,
    b"\x1bW": Shape(4, payload=lambda head: 4 if head[3] in (1, 49) else 0),  # x1 y1 x2 y2
    **fixed(b"\x1f", {0: b"\x01\x02\x03B:@", 1: b"#,.;CELXrv", 2: b"$T^"}),
    b"\x1f(": Shape(5, payload=lambda head: little(head, 3)),
}

_SHAPES = {Dialect.CD5220: _CD5220, Dialect.EPSON: _EPSON}


class Display:
    """Two rows of characters and a cursor, as the customer sees them."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self._scrolls = False
        self.clear()

    def clear(self) -> None:
        """Blank, with the cursor at the upper left."""
        self._rows = [bytearray(b" " * self.columns) for _ in range(2)]
        self._x = self._y = 0
        self._clipped = False

    def text(self, encoding: str) -> str:
        """What stands there, one line a row."""
        return "\n".join(row.decode(encoding, "replace") for row in self._rows)

    def scroll(self, on: bool) -> None:
        """Whether the rows move up when the lower one is full."""
        self._scrolls = on

    def begin_row(self, y: int) -> None:
        """Clear a row and write it next; what is too long for it is dropped."""
        self._rows[y] = bytearray(b" " * self.columns)
        self._x, self._y, self._clipped = 0, y, True

    def move(self, x: int, y: int) -> None:
        """Put the cursor there, as near as the glass allows."""
        self._x = min(max(x, 0), self.columns - 1)
        self._y = min(max(y, 0), 1)
        self._clipped = False

    def step(self, dx: int, dy: int) -> None:
        """Move the cursor by so much."""
        self.move(self._x + dx, self._y + dy)

    def write(self, byte: int) -> None:
        """Put one character where the cursor is, and move on."""
        if self._x >= self.columns:
            if self._clipped:
                return
            self._x = 0
            self.next_row()
        self._rows[self._y][self._x] = byte
        self._x += 1

    def begin_of_row(self) -> None:
        """Carriage return."""
        self._x = 0
        self._clipped = False

    def next_row(self) -> None:
        """Line feed."""
        if self._scrolls and self._y == 1:
            self._rows = [self._rows[1], bytearray(b" " * self.columns)]
        else:
            self._y = 1 - self._y

    def clear_row(self) -> None:
        """Blank the cursor's row."""
        self._rows[self._y] = bytearray(b" " * self.columns)
        self._x = 0


_CONTROLS: Mapping[bytes, Callable[[Display], None]] = {
    b"\x08": lambda display: display.step(-1, 0),
    b"\x09": lambda display: display.step(1, 0),
    b"\x0a": Display.next_row,
    b"\x0b": lambda display: display.move(0, 0),
    b"\x0c": Display.clear,
    b"\x0d": Display.begin_of_row,
    b"\x18": Display.clear_row,
    b"\x1b@": Display.clear,
    b"\x1bQA": lambda display: display.begin_row(0),
    b"\x1bQB": lambda display: display.begin_row(1),
    b"\x1bQD": lambda display: display.begin_row(0),
    b"\x1buA": lambda display: display.begin_row(0),
    b"\x1buB": lambda display: display.begin_row(1),
    b"\x1b\x11": lambda display: display.scroll(False),
    b"\x1b\x12": lambda display: display.scroll(True),
    b"\x1b[A": lambda display: display.step(0, -1),
    b"\x1b[B": lambda display: display.step(0, 1),
    b"\x1b[C": lambda display: display.step(1, 0),
    b"\x1b[D": lambda display: display.step(-1, 0),
    b"\x1b[H": lambda display: display.move(0, 0),
    b"\x1b[K": lambda display: display.move(display.columns, 1),
    b"\x1b[L": lambda display: display.step(-display.columns, 0),
    b"\x1b[R": lambda display: display.step(display.columns, 0),
    b"\x1f\x01": lambda display: display.scroll(False),
    b"\x1f\x02": lambda display: display.scroll(True),
    b"\x1fB": lambda display: display.move(display.columns, 1),
}


_MOVES = (b"\x1bl", b"\x1f$")
"""ESC l x y and US $ x y: the cursor goes there, counted from 1."""


class PoleReader:
    """A display's stream in, sales out."""

    def __init__(self, settings: PoleSettings) -> None:
        self._encoding = settings.encoding
        self._commands = Commands(_SHAPES[settings.dialect])
        self._display = Display(settings.columns)
        self._total = compiled(settings.total)
        self._done = compiled(settings.done)
        self._void = compiled(settings.void)
        self._silence = Silence()
        self.reset()

    def reset(self) -> None:
        """The line was cut: what was half heard belongs to nothing that follows."""
        self._commands.abandon()
        self._display.clear()
        self._totalled: int | None = None
        self._shown: tuple[bool, ...] = (False, False, False)

    @property
    def held(self) -> int:
        """How many bytes of an unfinished command are held; never more than MOST_HELD."""
        return self._commands.held

    def feed(self, data: bytes, at: int) -> list[Seen]:
        """The sales that these bytes end, heard at boot time `at` (ms)."""
        seen = []
        self._listen(len(data), at)
        for piece in self._commands.feed(data):
            for part in _parts(piece):
                self._show(part)
                if self._sold(at):
                    seen.append(Seen(at, SaleSource.POLE, True, "sale"))
        return seen

    def idle(self, at: int) -> list[Seen]:
        """Nothing was heard until `at`."""
        self._listen(0, at)
        return []

    def _listen(self, count: int, at: int) -> None:
        if self._silence.before(count, at):
            self._commands.abandon()

    def _show(self, part: bytes) -> None:
        if len(part) == 1 and part[0] >= 0x20:
            self._display.write(part[0])
        elif part in _CONTROLS:
            _CONTROLS[part](self._display)
        elif part[:2] in _MOVES and len(part) == 4:
            self._display.move(part[2] - 1, part[3] - 1)

    def _sold(self, at: int) -> bool:
        """Whether this change of the display ends a sale; only what newly appears counts."""
        text = fold(self._display.text(self._encoding))
        shown = tuple(bool(p.search(text)) for p in (self._total, self._done, self._void))
        total, done, void = (now and not was for now, was in zip(shown, self._shown, strict=True))
        self._shown = shown
        if void:
            self._totalled = None
        elif total and not shown[1]:  # a total beside a “thank you” belongs to the sale that ended
            self._totalled = at
        if not done or self._totalled is None:
            return False
        recent = at - self._totalled <= LONGEST_SALE_MS
        self._totalled = None
        return recent


def _parts(piece: bytes) -> list[bytes]:
    """A command is one part; of a text each character is one, wherever the bytes were cut."""
    if piece[0] < 0x20:
        return [piece]
    return [piece[i : i + 1] for i in range(len(piece))]
