"""Reads plain text lines: one that matches a pattern is a sale."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.documents import Seen
from kiosk.core.patterns import LONGEST_LINE, compiled, fold
from kiosk.core.silence import Silence
from shared.sales import SaleSource

MOST_LINE_HELD = 4 * LONGEST_LINE
"""Bytes: a character takes up to four. What a line has beyond is passed over."""


@dataclass(frozen=True, slots=True)
class LineSettings:
    """One of `pattern` marks a sale, unless one of `unless` matches the same line."""

    pattern: tuple[str, ...]
    unless: tuple[str, ...] = ()
    encoding: str = "utf-8"


class LineReader:
    """Text lines in, sales out. Half a line and then silence is no line."""

    def __init__(self, settings: LineSettings) -> None:
        self._encoding = settings.encoding
        self._pattern = compiled(settings.pattern)
        self._unless = compiled(settings.unless)
        self._line = bytearray()
        self._silence = Silence(trickle=0)  # a hand may type the line

    @property
    def held(self) -> int:
        """How many bytes are held now; never more than MOST_LINE_HELD."""
        return len(self._line)

    def reset(self) -> None:
        """The line was cut: what was half heard belongs to nothing that follows."""
        self._line.clear()

    def feed(self, data: bytes, at: int) -> list[Seen]:
        """The sales that these bytes tell, heard at boot time `at` (ms)."""
        self._listen(len(data), at)
        *ended, rest = data.replace(b"\n", b"\r").split(b"\r")
        seen = [self._end(part, at) for part in ended]
        self._grow(rest)
        return [one for one in seen if one is not None]

    def idle(self, at: int) -> list[Seen]:
        """Nothing was heard until `at`: half a line that waits too long is given up."""
        self._listen(0, at)
        return []

    def _listen(self, count: int, at: int) -> None:
        if self._silence.before(count, at):
            self.reset()

    def _grow(self, part: bytes) -> None:
        self._line += part[: max(0, MOST_LINE_HELD - len(self._line))]

    def _end(self, part: bytes, at: int) -> Seen | None:
        self._grow(part)
        text = fold(self._line.decode(self._encoding, "replace")[:LONGEST_LINE])
        self._line.clear()
        if not text.strip():
            return None
        if self._unless.search(text):
            return Seen(at, SaleSource.LINE, False, "unless")
        sale = self._pattern.search(text) is not None
        return Seen(at, SaleSource.LINE, sale, "sale" if sale else "other")
