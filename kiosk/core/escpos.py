"""The command set of receipt printers (ESC/POS): every command with its length."""

from __future__ import annotations

from kiosk.core.commands import CHARACTERS, Shape, Shapes, fixed, little

# What the reader acts upon; everything else is only passed over.
INITIALISE = b"\x1b@"
CODE_PAGE = b"\x1bt"
FEED_LINES = b"\x1bd"
FEED_DOTS = b"\x1bJ"
KICKS = frozenset((b"\x1bp", b"\x10\x14"))
CUTS = frozenset((b"\x1bi", b"\x1bm"))
CUT = b"\x1dV"
PICTURES = frozenset((b"\x1b*", b"\x1d/", b"\x1dv", b"\x1d8", b"\x1cp"))
PICTURE_BY_FUNCTION = b"\x1d(L"

CUT_MODES = frozenset(b"\x00\x0101ABabgh")
"""GS V m: function A (0, 1, 48, 49), B (65, 66), C (97, 98) and D (103, 104)."""

_TALL_DOTS = (32, 33)  # ESC * m: 24 dots, so three bytes a column; every other mode has one

_TABS = frozenset(range(1, 256))
_ENDED_BARCODE = Shape(3, until=0, most=255, of=frozenset(range(0x20, 0x7F)))


def _bit_image(head: bytes) -> int:
    return little(head, 3) * (3 if head[2] in _TALL_DOTS else 1)


def _raster(head: bytes) -> int:
    return little(head, 4) * little(head, 6)


def _kept_data(head: bytes) -> int:
    return little(head, 8) if head[2] in (1, 49) else 0


_COUNTED = Shape(5, payload=lambda head: little(head, 3))  # ( fn pL pH

_ESC: Shapes = {
    **fixed(
        b"\x1b",
        {
            0: b"\x0c2<@LSimoqvz01",
            1: b" !%-3=?AEGJKMRTUVadertu{",
            2: b"$\\Bcf",
            3: b"p",
            8: b"W",
        },
    ),
    b"\x1b&": CHARACTERS,
    b"\x1b(": _COUNTED,
    b"\x1b*": Shape(5, payload=_bit_image),
    b"\x1bD": Shape(2, until=0, most=32, of=_TABS),
}

_GS: Shapes = {
    **fixed(
        b"\x1d",
        {
            0: b":c",
            1: b"!/BEHITabfhjrw",
            2: b"$\\LPW",
            3: b"^z",
        },
    ),
    b"\x1d(": _COUNTED,
    b"\x1d*": Shape(4, payload=lambda head: head[2] * head[3] * 8),
    b"\x1d8": Shape(7, payload=lambda head: little(head, 3, 4)),
    b"\x1dC": Shape(3),
    **fixed(b"\x1dC", {2: b"\x00\x0202", 6: b"\x011"}),
    b"\x1dQ": Shape(8, payload=_raster),
    b"\x1dV": Shape(3),  # the cut is told by m; functions B, C and D have one byte more
    **{b"\x1dV" + bytes((m,)): Shape(3, payload=lambda _: 1) for m in b"ABabgh"},
    b"\x1dg": Shape(6),
    b"\x1dk": Shape(3),  # barcodes: the older form ends with NUL, the newer has its length
    **{b"\x1dk" + bytes((m,)): _ENDED_BARCODE for m in range(7)},
    **{b"\x1dk" + bytes((m,)): Shape(4, payload=lambda head: head[3]) for m in range(65, 80)},
    b"\x1dv": Shape(8, payload=_raster),
}

_FS: Shapes = {
    **fixed(b"\x1c", {0: b"&.", 1: b"!-CW", 2: b"?Sp"}),
    b"\x1c(": _COUNTED,
    b"\x1c2": Shape(4, payload=lambda _: 72),  # one character of 24 by 24 dots
    b"\x1cg": Shape(10, payload=_kept_data),
    b"\x1cq": Shape(  # FS q n: n pictures to keep, each x and y and 8·x·y bytes
        3,
        blocks=lambda head: head[2],
        block_head=4,
        block_payload=lambda _, block: little(block, 0) * little(block, 2) * 8,
    ),
}

_DLE: Shapes = {  # real-time commands: EOT n [a], ENQ n, DC4 fn …
    b"\x10\x04": Shape(3),
    **fixed(b"\x10\x04", {1: b"\x07\x08\x12"}),
    b"\x10\x05": Shape(3),
    b"\x10\x14": Shape(3),
    **fixed(b"\x10\x14", {1: b"\x07", 2: b"\x01\x02", 3: b"\x03", 7: b"\x08"}),
}

SHAPES: Shapes = {**_ESC, **_GS, **_FS, **_DLE}
"""All commands."""
