"""A customer display in, sales out: a total, and then the change or the thanks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.commands import MOST_HELD
from kiosk.core.poles import LONGEST_SALE_MS, Dialect, Display, PoleReader, PoleSettings
from kiosk.core.silence import SILENCE_MS
from kiosk.core.tills import reader_from, till_settings_from

CD = PoleSettings()
EPSON = PoleSettings(dialect=Dialect.EPSON)


def sales(*chunks: bytes, how: PoleSettings = CD, gap: int = 0) -> int:
    reader = PoleReader(how)
    return sum(len(reader.feed(chunk, number * gap)) for number, chunk in enumerate(chunks))


def rows(upper: str, lower: str) -> bytes:
    """Two rows as CD5220 tills mostly write them."""
    return b"\x1bQA" + upper.ljust(20).encode("cp437") + b"\r\x1bQB" + lower.encode("cp437") + b"\r"


def page(upper: str, lower: str) -> bytes:
    """Two rows as Epson tills mostly write them: cleared, then forty characters."""
    return b"\x0c" + (upper.ljust(20) + lower.ljust(20)).encode("cp437")


ARTICLE = ("COCA COLA", "1,20")
TOTAL = ("TOTAL", "12,50")
CHANGE = ("CAMBIO", "7,50")
THANKS = ("GRACIAS POR", "SU VISITA")
IDLE = ("BIENVENIDOS", "CAJA 3")
WHOLE = [ARTICLE, ARTICLE, TOTAL, CHANGE, THANKS, IDLE]

Write = Callable[[str, str], bytes]
WAYS = pytest.mark.parametrize(("write", "how"), [(rows, CD), (page, EPSON), (page, CD)])


@WAYS
def test_a_total_and_then_the_change_is_one_sale(write: Write, how: PoleSettings) -> None:
    assert sales(*(write(*shown) for shown in WHOLE * 3), how=how) == 3


@WAYS
def test_thanks_alone_are_no_sale(write: Write, how: PoleSettings) -> None:
    shown = [IDLE, THANKS, IDLE, ARTICLE, CHANGE, THANKS]
    assert sales(*(write(*one) for one in shown), how=how) == 0


@WAYS
def test_a_sale_that_was_voided_is_none(write: Write, how: PoleSettings) -> None:
    shown = [ARTICLE, TOTAL, ("VENTA ANULADA", ""), THANKS]
    assert sales(*(write(*one) for one in shown), how=how) == 0
    shown = [ARTICLE, ("TOTAL", "-12,50"), ("CAMBIO", "12,50"), THANKS]
    assert sales(*(write(*one) for one in shown), how=how) == 0


def test_a_display_that_is_written_again_as_it_stands_tells_one_sale() -> None:
    settings, _ = till_settings_from({"kind": "pole", "port": "x", "dialect": "epson"})
    assert settings is not None
    reader = reader_from(settings)
    both = ("TOTAL   12,50", "CAMBIO   7,50")
    shown = [TOTAL, TOTAL, both, both, both, THANKS, IDLE]
    seen = [one for n, rows in enumerate(shown) for one in reader.feed(page(*rows), n * 400)]
    assert [one.rule for one in seen] == ["sale", "repeated", "repeated"]


def test_the_change_above_the_total_is_one_sale() -> None:
    shown = [TOTAL, ("CAMBIO   7,50", "TOTAL   12,50"), THANKS, IDLE]
    assert sales(*(page(*one) for one in shown), how=EPSON) == 1


def test_a_total_that_was_shown_long_ago_is_forgotten() -> None:
    reader = PoleReader(CD)
    reader.feed(rows(*TOTAL), 0)
    reader.feed(rows(*IDLE), 1)
    assert reader.feed(rows(*THANKS), LONGEST_SALE_MS + 1) == []


def test_unplugging_forgets_the_display_and_the_total() -> None:
    reader = PoleReader(CD)
    reader.feed(rows(*TOTAL), 0)
    reader.reset()
    assert reader.feed(rows(*CHANGE), 1) == []


def test_own_words_can_be_set() -> None:
    how = PoleSettings(total=("^ukupno",), done=("^hvala",))
    assert sales(rows("UKUPNO 3,00", ""), rows("HVALA", ""), how=how) == 1
    assert sales(rows(*TOTAL), rows(*THANKS), how=how) == 0


def test_half_a_command_and_then_silence_spoils_nothing() -> None:
    chunks = [b"\x1b&\x01\x20\xff\xff", *(rows(*one) for one in WHOLE)]
    assert sales(*chunks, gap=SILENCE_MS + 1) == 1


@pytest.mark.parametrize("how", [CD, EPSON])
def test_what_a_downloaded_character_holds_is_not_read(how: PoleSettings) -> None:
    inside = b"TOTAL" if how is CD else b"TOTAL\x00"
    size = len(inside) if how is CD else len(inside) // 2
    define = b"\x1b&\x02AA" + bytes((size,)) + inside
    assert sales(define + page(*THANKS), how=how) == 0


def shown(data: bytes, how: PoleSettings = CD) -> list[str]:
    reader = PoleReader(how)
    reader.feed(data, 0)
    return [row.rstrip() for row in reader._display.text("cp437").split("\n")]


@pytest.mark.parametrize(
    ("data", "rows_shown"),
    [
        (b"ABC\r\nDEF", ["ABC", "DEF"]),
        (b"ABC\rX", ["XBC", ""]),
        (b"A" * 25, ["A" * 20, "A" * 5]),
        (b"A" * 45, ["AAAAA" + "A" * 15, "A" * 20]),
        (b"\x1b\x12" + b"A" * 20 + b"B" * 20 + b"C", ["B" * 20, "C"]),
        (b"ABC\x1b[H\x1b[CX", ["AXC", ""]),
        (b"\x1b[BX\x1b[AY", ["Y".rjust(2), "X"]),
        (b"\x1b[KX\x1b[LY", ["", "Y".ljust(19) + "X"]),
        (b"ABC\x1b[D\x1b[DX\x1b[RY", ["AXC".ljust(19) + "Y", ""]),
        (b"\x1bl\x05\x02X", ["", "    X"]),
        (b"ABC\x08X", ["ABX", ""]),
        (b"A\tB\x0bX", ["X B", ""]),
        (b"ABC\x18D", ["D", ""]),
        (b"\x1bQA" + b"A" * 30 + b"\rB", ["BAAAAAAAAAAAAAAAAAAA", ""]),
        (b"\x1bQAONE\r\x1bQBTWO\r", ["ONE", "TWO"]),
        (b"ABC\x1b@", ["", ""]),
    ],
)
def test_the_glass_shows_what_a_cd5220_would(data: bytes, rows_shown: list[str]) -> None:
    assert shown(data) == rows_shown


@pytest.mark.parametrize(
    ("data", "rows_shown"),
    [
        (b"\x1f$\x05\x02X", ["", "    X"]),
        (b"\x1fBX", ["", "X".rjust(20)]),
        (b"\x1f\x02" + b"A" * 20 + b"B" * 20 + b"C", ["B" * 20, "C"]),
        (b"\x1f\x02\x1f\x01" + b"A" * 41, ["A" * 20, "A" * 20]),
        (b"\x1bW\x01\x00ABC", ["ABC", ""]),
        (b"\x1bW\x01\x01\x01\x01\x05\x02ABC", ["ABC", ""]),
        (b"\x1f(E\x02\x00XYABC", ["ABC", ""]),
    ],
)
def test_the_glass_shows_what_an_epson_would(data: bytes, rows_shown: list[str]) -> None:
    assert shown(data, EPSON) == rows_shown


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(WHOLE), max_size=12), st.lists(st.integers(0, 900), max_size=8))
def test_the_same_bytes_cut_anywhere_give_the_same_sales(
    told: list[tuple[str, str]], cuts: list[int]
) -> None:
    stream = b"".join(rows(*one) for one in told)
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    assert sales(*(stream[a:b] for a, b in pairwise(edges))) == sales(stream)


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from([CD, EPSON]),
    st.lists(
        st.binary(max_size=60)
        | st.sampled_from([b"\x1b", b"\x1f", b"\x1bl\xff\xff", b"\x1f$\x00\x00"]),
        max_size=12,
    ),
)
def test_no_bytes_make_it_raise_or_hold_more_than_it_may(
    how: PoleSettings, parts: list[bytes]
) -> None:
    reader = PoleReader(how)
    for at, part in enumerate(parts):
        reader.feed(part, at)
        assert reader.idle(at) == []
        assert reader.held <= MOST_HELD
        assert all(len(row) == how.columns for row in reader._display._rows)


def test_a_display_has_no_more_than_two_rows() -> None:
    display = Display(8)
    for _ in range(5):
        display.next_row()
        display.write(65)
    assert display.text("ascii").count("\n") == 1
