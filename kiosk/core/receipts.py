"""Reads a receipt printer's stream: commands become lines, a cut ends a document, a judge rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.core import escpos
from kiosk.core.commands import MOST_HELD, Commands
from kiosk.core.documents import Judge, Rules, Seen
from kiosk.core.patterns import LONGEST_LINE
from kiosk.core.silence import Silence
from shared.sales import SaleSource


class End(StrEnum):
    """What ends a document: the cutter, a form feed, or so many blank lines without a cutter."""

    CUT = "cut"
    FORM_FEED = "form_feed"
    BLANK_LINES = "blank_lines"


AUTO = "auto"
"""The encoding that follows the till's own choice of code page (ESC t)."""

FIRST_PAGE = "cp437"
"""What a printer prints with before anybody chose."""

CODE_PAGES = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    14: "cp737",
    15: "iso8859-7",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    21: "cp874",
    33: "cp775",
    34: "cp855",
    35: "cp861",
    36: "cp862",
    37: "cp864",
    38: "cp869",
    39: "iso8859-2",
    40: "iso8859-15",
    44: "cp1125",
    45: "cp1250",
    46: "cp1251",
    47: "cp1253",
    48: "cp1254",
    49: "cp1255",
    50: "cp1256",
    51: "cp1257",
    52: "cp1258",
}
"""ESC t n → Python's name, as far as both know the page; others stay with the page before."""

_LF, _CR, _FF, _HT, _CAN = b"\n", b"\r", b"\x0c", b"\t", b"\x18"
_DOTS_A_LINE = 24  # the smallest usual line spacing
_MOST_BYTES = 4 * LONGEST_LINE  # a character takes up to four bytes


@dataclass(frozen=True, slots=True)
class ReceiptSettings:
    """How the printer's stream is to be read."""

    encoding: str = AUTO
    ends: frozenset[End] = frozenset((End.CUT,))
    blank_lines: int = 6
    rules: Rules = field(default_factory=Rules)


class ReceiptReader:
    """A receipt printer's stream in, documents judged out, by the judge that is given or ours."""

    def __init__(self, settings: ReceiptSettings, judge: Judge | None = None) -> None:
        self._settings = settings
        self._commands = Commands(escpos.SHAPES)
        self._judge = judge or Judge(settings.rules)
        self._silence = Silence()
        self.reset()

    def reset(self) -> None:
        """The line was cut: what was half heard belongs to nothing that follows."""
        self._commands.abandon()
        self._judge.forget()
        self._encoding = self._first_encoding()
        self._begin_line()
        self._blank = 0
        self._rested = True

    @property
    def held(self) -> int:
        """How many bytes are held now; never more than MOST_RECEIPT_HELD."""
        return len(self._line) + self._commands.held

    def feed(self, data: bytes, at: int) -> list[Seen]:
        """The documents that these bytes end, heard at boot time `at` (ms)."""
        self._listen(len(data), at)
        endings = [self._take(piece) for piece in self._commands.feed(data)]
        return [
            Seen(at, SaleSource.RECEIPT, sale, rule)
            for ending in endings
            if ending is not None
            for sale, rule in (ending,)
        ]

    def idle(self, at: int) -> list[Seen]:
        """Nothing was heard until `at`."""
        self._listen(0, at)
        return []

    def _listen(self, count: int, at: int) -> None:
        if self._silence.before(count, at):
            self._commands.abandon()
            self._rested = True

    def _take(self, piece: bytes) -> tuple[bool, str] | None:
        if len(piece) > 1 and piece[0] < 0x20:
            return self._command(piece)
        if piece[0] >= 0x20:
            self._write(piece)
        elif piece == _HT:
            self._write(b" ")
        elif piece == _LF:
            return self._feed_lines(1)
        elif piece == _CR:
            self._end_line()
        elif piece == _CAN:
            self._begin_line()
        elif piece == _FF and End.FORM_FEED in self._settings.ends:
            return self._end_document()
        return None

    def _command(self, head: bytes) -> tuple[bool, str] | None:
        name = head[:2]
        if self._is_cut(head):
            return self._end_document() if End.CUT in self._settings.ends else None
        if name in escpos.KICKS and head[:3] != b"\x10\x14\x02":
            self._judge.kick()
        elif self._is_picture(head):
            self._picture()
        elif name == escpos.INITIALISE:
            self._initialise()
        elif name == escpos.CODE_PAGE and self._settings.encoding == AUTO:
            self._encoding = CODE_PAGES.get(head[2], self._encoding)
        elif name == escpos.FEED_LINES:
            return self._feed_lines(head[2])
        elif name == escpos.FEED_DOTS:
            return self._feed_lines(head[2] // _DOTS_A_LINE)
        return None

    def _is_cut(self, head: bytes) -> bool:
        if head[:2] == escpos.CUT:
            return head[2] in escpos.CUT_MODES
        return head in escpos.CUTS

    def _is_picture(self, head: bytes) -> bool:
        return head[:2] in escpos.PICTURES or head[:3] == escpos.PICTURE_BY_FUNCTION

    def _write(self, text: bytes) -> None:
        self._inked = True
        self._rested = False
        self._line += text[: max(0, _MOST_BYTES - len(self._line))]

    def _picture(self) -> None:
        self._inked = True
        self._judge.picture()

    def _initialise(self) -> None:
        """A printer forgets what it has not printed yet, and a till begins its documents so.

        In the middle of one it may mean no more than “plain letters”; but after a silence what
        was printed before is half a document that nobody will end.
        """
        self._begin_line()
        self._encoding = self._first_encoding()
        if self._rested:
            self._judge.forget()

    def _begin_line(self) -> None:
        self._line = bytearray()
        self._inked = False

    def _end_line(self) -> None:
        """What is on the line was printed; only a line feed makes the next line."""
        if self._line:
            self._judge.line(self._line.decode(self._encoding, "replace"))
            self._line.clear()

    def _feed_lines(self, count: int) -> tuple[bool, str] | None:
        self._end_line()
        self._blank = max(0, count - 1) if self._inked else self._blank + count
        self._inked = False
        ended = End.BLANK_LINES in self._settings.ends and self._blank >= self._settings.blank_lines
        return self._end_document() if ended and not self._judge.empty else None

    def _end_document(self) -> tuple[bool, str]:
        self._end_line()
        self._begin_line()
        self._blank = 0
        return self._judge.end()

    def _first_encoding(self) -> str:
        return FIRST_PAGE if self._settings.encoding == AUTO else self._settings.encoding


MOST_RECEIPT_HELD = _MOST_BYTES + MOST_HELD
