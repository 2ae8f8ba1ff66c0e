"""Receipts in, sales out: none invented and none swallowed, whatever lies between them."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.documents import Rules, Seen
from kiosk.core.receipts import MOST_RECEIPT_HELD, End, ReceiptReader, ReceiptSettings
from kiosk.core.silence import SILENCE_MS
from tests.demo import paper

RECEIPTS = ReceiptSettings()
LATER = SILENCE_MS + 1

SALE = paper.sale(1, random.Random(1))


def rules(seen: list[Seen]) -> list[str]:
    return [one.rule for one in seen]


def read(*chunks: bytes, how: ReceiptSettings = RECEIPTS, gap: int = 0) -> list[str]:
    """The verdicts on these chunks, `gap` ms apart."""
    reader = ReceiptReader(how)
    heard = [reader.feed(chunk, number * gap) for number, chunk in enumerate(chunks)]
    return [rule for seen in heard for rule in rules(seen)]


def chunked(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(edges)]


seeds = st.integers(0, 2**32).map(random.Random)
numbers = st.integers(0, 999_999)
printed = st.one_of(
    st.tuples(st.builds(paper.sale, numbers, seeds), st.just("sale")),
    st.tuples(
        st.builds(lambda n, s: paper.sale(n, s, copied=True), numbers, seeds), st.just("copy")
    ),
    st.tuples(st.builds(paper.refund, numbers, seeds), st.just("refund")),
    st.tuples(st.builds(paper.report, numbers), st.just("report")),
    st.tuples(st.builds(paper.drawer), st.just("drawer")),
    st.tuples(st.builds(paper.card_slip, numbers), st.just("card_slip")),
    st.tuples(st.builds(paper.gift, numbers), st.just("gift")),
)
documents = st.lists(printed, max_size=6)
cuts = st.lists(st.integers(0, 20_000), max_size=12)


@settings(deadline=None, max_examples=60)
@given(documents, cuts)
def test_any_documents_cut_anywhere_get_the_same_verdicts(
    told: list[tuple[bytes, str]], where: list[int]
) -> None:
    stream = b"".join(data for data, _ in told)
    assert read(*chunked(stream, where)) == [verdict for _, verdict in told]


def test_byte_by_byte_is_the_same_as_all_at_once() -> None:
    assert read(*(bytes((byte,)) for byte in SALE * 2)) == read(SALE * 2) == ["sale", "sale"]


@settings(deadline=None, max_examples=60)
@given(documents, st.lists(st.binary(max_size=300), min_size=7, max_size=7))
def test_rubbish_and_then_silence_costs_no_sale_and_makes_none(
    told: list[tuple[bytes, str]], rubbish: list[bytes]
) -> None:
    chunks = [part for pair in zip(rubbish, told, strict=False) for part in (pair[0], pair[1][0])]
    verdicts = read(*chunks, rubbish[-1], gap=LATER)
    assert verdicts.count("sale") == [verdict for _, verdict in told].count("sale")


@settings(deadline=None, max_examples=60)
@given(st.integers(1, len(SALE) - 2))
def test_half_a_receipt_and_then_silence_takes_nothing_from_the_next(length: int) -> None:
    assert read(SALE[:length], SALE, gap=LATER) == ["sale"]


@pytest.mark.parametrize("half", [paper.sale(1, random.Random(2), copied=True), paper.report(1)])
def test_half_a_copy_does_not_make_the_next_receipt_a_copy(half: bytes) -> None:
    assert read(half[:-4], SALE, gap=LATER) == ["sale"]


def test_half_a_copy_before_an_unplugging_does_not_either() -> None:
    reader = ReceiptReader(RECEIPTS)
    reader.feed(paper.sale(1, random.Random(2), copied=True)[:-4], 0)
    reader.reset()
    assert rules(reader.feed(SALE.removeprefix(b"\x1b@"), 100)) == ["sale"]


def test_a_receipt_printed_article_by_article_with_pauses_is_one() -> None:
    lines = SALE.split(b"\r\n")
    assert read(*(line + b"\r\n" for line in lines), gap=LATER) == ["sale"]


def test_plain_letters_in_the_middle_do_not_begin_a_new_document() -> None:
    data = b"\x1b@SHOP\nDEVOLUCION\n\x1b@ARTICLE\nTOTAL 1,00\n\x1dV\x00"
    assert read(data) == ["refund"]


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400))
def test_a_picture_may_hold_anything(payload: bytes) -> None:
    picture = b"\x1d8L" + len(payload).to_bytes(4, "little") + payload
    assert read(b"\x1b@" + picture + SALE) == ["sale"]


def test_a_length_that_was_noise_swallows_nothing_after_a_silence() -> None:
    assert read(b"\x1d8L\xff\xff\x07\x00", SALE, SALE, gap=LATER) == ["sale", "sale"]


def test_nor_where_the_driver_asks_for_the_state_every_second() -> None:
    reader = ReceiptReader(RECEIPTS)
    reader.feed(b"\x1d8L\xff\xff\x07\x00", 0)
    for at in range(500, 10_000, 1_000):
        assert reader.feed(b"\x10\x04\x01", at) == []
    assert rules(reader.feed(SALE, 10_000)) == ["sale"]


def test_a_silence_is_noticed_also_when_only_idle_tells_of_it() -> None:
    reader = ReceiptReader(RECEIPTS)
    reader.feed(b"\x1d8L\xff\xff\x07\x00", 0)
    for at in range(100, 2_200, 100):
        assert reader.idle(at) == []
    assert rules(reader.feed(SALE, 2_200)) == ["sale"]


MODES = [b"\x00", b"\x01", b"0", b"1", *(bytes((mode, 32)) for mode in b"ABabgh")]


@pytest.mark.parametrize("mode", MODES)
def test_every_kind_of_cut_ends_a_document(mode: bytes) -> None:
    body = SALE[: SALE.rindex(b"\x1dVB")]
    assert read((body + b"\x1dV" + mode) * 2) == ["sale", "sale"]


@pytest.mark.parametrize("cut", [b"\x1bi", b"\x1bm"])
def test_the_older_cuts_end_a_document_too(cut: bytes) -> None:
    body = SALE[: SALE.rindex(b"\x1dVB")]
    assert read((body + cut) * 2) == ["sale", "sale"]


def test_an_unknown_mode_of_cut_is_no_cut() -> None:
    assert read(SALE[: SALE.rindex(b"\x1dVB")] + b"\x1dV\x63") == []


PLAIN = b"SHOP\r\nBREAD 1.20\r\n\r\n\r\nTOTAL 1.20\r\n"


def test_a_form_feed_ends_a_document_where_it_is_set() -> None:
    how = replace(RECEIPTS, ends=frozenset((End.FORM_FEED,)))
    assert read((PLAIN + b"\x0c") * 2, how=how) == ["sale", "sale"]
    assert read((PLAIN + b"\x0c") * 2) == []


@pytest.mark.parametrize(
    "feed", [b"\r\n" * 6, b"\n" * 6, b"\x1bd\x06", b"\x1bJ\xb4", b"\n\n\x1bd\x04"]
)
def test_blank_lines_end_a_document_where_there_is_no_cutter(feed: bytes) -> None:
    how = replace(RECEIPTS, ends=frozenset((End.BLANK_LINES,)))
    assert read((PLAIN + feed + b"\n" * 9) * 2, how=how) == ["sale", "sale"]


def test_carriage_return_and_line_feed_make_one_line_and_not_a_blank_one() -> None:
    how = replace(RECEIPTS, ends=frozenset((End.BLANK_LINES,)), blank_lines=2)
    assert read(b"A\r\nB\r\nTOTAL 3\r\n\r\n\r\n", how=how) == ["sale"]


def test_a_picture_in_a_line_is_not_blank() -> None:
    how = replace(RECEIPTS, ends=frozenset((End.BLANK_LINES,)), blank_lines=2)
    stripe = b"\x1b*\x00\x02\x00..\n"
    assert read(b"A\nB\n" + stripe * 20 + b"TOTAL 3\n\n\n", how=how) == ["sale"]


def test_accents_are_read_by_the_code_page_that_the_till_chose() -> None:
    only = Rules(ordered=(), must=("café",), fewest_lines=0)
    how = replace(RECEIPTS, rules=only)
    for number, codec in ((2, "cp850"), (16, "cp1252"), (19, "cp858")):
        data = b"\x1bt" + bytes((number,)) + "CAFÉ".encode(codec) + b"\n\x1dV\x00"
        assert read(data, how=how) == ["sale"]
    assert read("\x1bt\x02CAFÉ\n\x1dV\x00".encode(), how=replace(how, encoding="utf-8")) == ["sale"]


def test_a_receipt_that_is_all_picture_is_a_sale_only_where_it_is_set() -> None:
    data = b"\x1b@\x1dv0\x00\x02\x00\x02\x00....\x1bp\x00\x19\xfa\x1dV\x00"
    pictures = replace(RECEIPTS, rules=Rules(pictures_are_sales=True))
    assert (read(data), read(data, how=pictures)) == (["picture"], ["picture"])
    assert ReceiptReader(pictures).feed(data, 0)[0].sale
    assert not ReceiptReader(RECEIPTS).feed(data, 0)[0].sale


def test_a_kick_alone_ends_nothing_and_spoils_nothing() -> None:
    assert read(paper.silent_drawer() * 3) == []
    assert read(paper.silent_drawer() * 3 + SALE) == ["sale"]


def test_cuts_one_after_the_other_are_empty_documents() -> None:
    assert read(b"\x1dV\x00" * 3) == ["empty"] * 3


noise = st.lists(
    st.binary(max_size=40)
    | st.sampled_from([b"\x1b", b"\x1d", b"\x1dv0\x00\xff", b"A" * 900, SALE]),
    max_size=20,
)


@settings(deadline=None, max_examples=60)
@given(noise)
def test_no_bytes_make_it_raise_or_hold_more_than_it_may(parts: list[bytes]) -> None:
    reader = ReceiptReader(RECEIPTS)
    for number, part in enumerate(parts):
        reader.feed(part, number * 7)
        reader.idle(number * 7 + 3)
        assert reader.held <= MOST_RECEIPT_HELD


@settings(deadline=None, max_examples=60)
@given(noise)
def test_noise_alone_is_never_a_sale(parts: list[bytes]) -> None:
    reader = ReceiptReader(RECEIPTS)
    told = [one for part in parts if part != SALE for one in reader.feed(part, 0)]
    assert not any(one.sale for one in told)
