"""What bytes from a till look like: readable, a picture, nothing, or noise of a wrong speed."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from kiosk.core import escpos
from kiosk.core.commands import Commands


class Sort(Enum):
    """What a print looks like, before anything is known of the till."""

    TEXT = auto()
    PICTURE = auto()
    NOTHING = auto()  # a drawer's kick, an initialisation
    NOISE = auto()


PLAIN_SHARE = 0.7
"""Of the bytes outside commands, so many are signs of ASCII in any receipt of letters and figures;
of noise a third are."""

PAIR_SHARE = 0.9
"""The same with double bytes, where a receipt is written in Chinese, Japanese or Korean."""

PARITY_SHARE = 0.98
"""So many bytes have the same parity where the line carries one; of text without it, half have."""

LEAST_FOR_PARITY = 64

_PLAIN = frozenset((*range(0x20, 0x7F), *b"\r\n\t\x0b\x0c"))
_HIGH = frozenset(range(0xA1, 0xFF))
_STATUS = (b"\x10\x04", b"\x10\x05", b"\x1dr", b"\x1dI", b"\x1bv", b"\x1bu", b"\x1da")
_LETTERS = 2  # a line of a display, or “OK”, has no fewer
_LEAST_NOISE = 4  # bytes: a plug that is put in makes two or three


def sort_of(data: bytes) -> Sort:
    """The sort of one print."""
    plain, commands = _parted(data)
    text = b"".join(plain)
    if sum(0x20 < byte < 0x7F or byte >= 0x80 for byte in text) >= _LETTERS:
        return Sort.TEXT if is_readable(text) else _noise(text)
    if any(_is_picture(one) for one in commands):
        return Sort.PICTURE
    known = any(one[:2] in (*escpos.KICKS, escpos.INITIALISE, *_STATUS) for one in commands)
    return Sort.NOTHING if known else _noise(data)


def _noise(data: bytes) -> Sort:
    return Sort.NOISE if len(data.strip(b"\x00\r\n ")) >= _LEAST_NOISE else Sort.NOTHING


def is_readable(text: bytes) -> bool:
    """Whether these bytes, without commands, can be a receipt's."""
    plain = sum(byte in _PLAIN for byte in text)
    if plain >= PLAIN_SHARE * len(text):
        return True
    if not any(48 <= byte < 58 for byte in text):
        return False
    pairs = sum(byte in _HIGH for byte in text)
    return _reads_as(text, "utf-8") or (
        plain + pairs >= PAIR_SHARE * len(text) and _reads_as(text, "gb18030")
    )


def parity_of(data: bytes) -> str | None:
    """The parity that stands in the eighth bit of these bytes: even, odd, mark; else None."""
    if len(data) < LEAST_FOR_PARITY:
        return None
    least = PARITY_SHARE * len(data)
    high = sum(byte >= 0x80 for byte in data)
    even = sum(byte.bit_count() % 2 == 0 for byte in data)
    if high >= least:
        return "mark"
    if high == 0 or min(even, len(data) - even) > len(data) - least:
        return None
    return "even" if even >= least else "odd"


def seven_bits(data: bytes) -> bytes:
    """The bytes as a port set to seven bits gives them."""
    return bytes(byte & 0x7F for byte in data)


def is_request(piece: bytes) -> bool:
    """Whether a driver only asks the printer how it is (or fills the line)."""
    return piece[:2] in _STATUS or piece == b"\x00"


def ends_itself(data: bytes) -> bool:
    """Whether the last that was printed was followed by a cut or a form feed."""
    ended = False
    for piece in Commands(escpos.SHAPES).feed(data):
        if piece[0] >= 0x20:
            ended = False
        elif piece == b"\x0c" or is_cut(piece):
            ended = True
    return ended


def is_cut(piece: bytes) -> bool:
    """Whether this command cuts the paper."""
    if piece[:2] == escpos.CUT:
        return len(piece) > 2 and piece[2] in escpos.CUT_MODES
    return piece in escpos.CUTS


def commands_in(data: bytes) -> list[bytes]:
    """The heads of all commands."""
    return _parted(data)[1]


def _parted(data: bytes) -> tuple[list[bytes], list[bytes]]:
    plain: list[bytes] = []
    commands: list[bytes] = []
    for piece in Commands(escpos.SHAPES).feed(data):
        (commands if len(piece) > 1 and piece[0] < 0x20 else plain).append(piece)
    return plain, commands


def plain_text(datas: Iterable[bytes]) -> bytes:
    """All that is printed as letters."""
    return b"".join(piece for data in datas for piece in _parted(data)[0])


def _is_picture(piece: bytes) -> bool:
    return piece[:2] in escpos.PICTURES or piece[:3] == escpos.PICTURE_BY_FUNCTION


def _reads_as(text: bytes, encoding: str) -> bool:
    return text.decode(encoding, "replace").count("\ufffd") <= len(text) // 100
