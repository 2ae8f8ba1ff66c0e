"""Text lines in, sales out."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.lines import MOST_LINE_HELD, LineReader, LineSettings
from kiosk.core.silence import SILENCE_MS

HOW = LineSettings(pattern=(r"^sale \d+ ok",), unless=("test",))


def read(*chunks: bytes, gap: int = 0) -> list[str]:
    reader = LineReader(HOW)
    heard = [reader.feed(chunk, number * gap) for number, chunk in enumerate(chunks)]
    return [one.rule for seen in heard for one in seen]


def test_a_line_that_matches_is_a_sale_and_others_are_not() -> None:
    assert read(b"SALE 12 OK\r\nHELLO\nSALE 13 OK\rSALE 14 OK TEST\n\n") == [
        "sale",
        "other",
        "sale",
        "unless",
    ]


def test_a_line_counts_when_it_ends_and_not_before() -> None:
    assert read(b"SALE 1", b"2 OK") == []
    assert read(b"SALE 1", b"2 OK", b"\n") == ["sale"]


def test_half_a_line_and_then_silence_spoils_nothing() -> None:
    assert read(b"\xff\x00SALE", b"SALE 12 OK\n", gap=SILENCE_MS + 1) == ["sale"]


def test_half_a_line_before_an_unplugging_spoils_nothing() -> None:
    reader = LineReader(HOW)
    reader.feed(b"SA", 0)
    reader.reset()
    assert reader.feed(b"SALE 12 OK\n", 1)[0].sale


def test_a_hand_that_types_slowly_is_heard() -> None:
    assert read(*(bytes((byte,)) for byte in b"SALE 12 OK\n"), gap=600) == ["sale"]


def test_what_a_line_has_too_much_is_passed_over() -> None:
    assert read(b"SALE 12 OK" + b"x" * 5_000 + b"\nSALE 13 OK\n") == ["sale", "sale"]


lines = st.sampled_from([b"SALE 12 OK", b"HELLO", b"SALE 1 OK TEST", b"\xff\xfe", b"x" * 900])


@settings(deadline=None)
@given(st.lists(lines, max_size=20), st.lists(st.integers(0, 5_000), max_size=8))
def test_the_same_bytes_cut_anywhere_give_the_same_sales(
    told: list[bytes], cuts: list[int]
) -> None:
    stream = b"".join(line + b"\r\n" for line in told)
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    verdicts = read(*(stream[a:b] for a, b in pairwise(edges)))
    assert verdicts.count("sale") == told.count(b"SALE 12 OK")


@settings(deadline=None)
@given(st.lists(st.binary(max_size=2_000), max_size=10))
def test_no_bytes_make_it_raise_or_hold_more_than_it_may(parts: list[bytes]) -> None:
    reader = LineReader(HOW)
    for at, part in enumerate(parts):
        reader.feed(part, at)
        assert reader.idle(at) == []
        assert reader.held <= MOST_LINE_HELD
