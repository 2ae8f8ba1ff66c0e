"""Commands are passed over by their own lengths, whatever they hold and however they are cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.commands import LONGEST_PAYLOAD, MOST_HELD, Commands, Shape
from kiosk.core.escpos import SHAPES


def pieces(*chunks: bytes) -> list[bytes]:
    commands = Commands(SHAPES)
    return [piece for chunk in chunks for piece in commands.feed(chunk)]


def joined(found: list[bytes]) -> list[bytes]:
    """Pieces with runs of text put together, as a reader does."""
    whole: list[bytes] = []
    for piece in found:
        if whole and piece[0] >= 0x20 and whole[-1][0] >= 0x20:
            whole[-1] += piece
        else:
            whole.append(piece)
    return whole


def test_text_control_bytes_and_commands_come_apart() -> None:
    assert pieces(b"A\nB\x1b!\x10C") == [b"A", b"\n", b"B", b"\x1b!\x10", b"C"]


def test_an_unknown_command_costs_two_bytes() -> None:
    assert pieces(b"\x1b~A") == [b"\x1b~", b"A"]


def test_a_lead_that_is_followed_by_a_control_byte_was_noise() -> None:
    assert pieces(b"\x1b\nA") == [b"\n", b"A"]
    assert pieces(b"\x1b\x1b@") == [b"\x1b@"]
    assert pieces(b"\x1d\x1b@") == [b"\x1b@"]


def test_a_length_beyond_reason_is_noise() -> None:
    length = (LONGEST_PAYLOAD + 1).to_bytes(4, "little")
    assert pieces(b"\x1d8L" + length + b"A")[1:] == [b"A"]


def test_blocks_are_passed_over_one_by_one() -> None:
    characters = b"\x1b&\x03AB" + b"\x02" + b"\x1dV\x00\x1dV\x00" + b"\x01" + b"\x1bi!"
    assert pieces(characters + b"C") == [b"\x1b&\x03AB", b"C"]
    kept_pictures = b"\x1cq\x02" + b"\x01\x00\x01\x00" + b"\x1dV\x00\x1bi..." + b"\x00\x00\x00\x00"
    assert pieces(kept_pictures + b"C") == [b"\x1cq\x02", b"C"]


def test_blocks_the_wrong_way_round_are_none() -> None:
    assert pieces(b"\x1b&\x03BA\x02C") == [b"\x1b&\x03BA", b"\x02", b"C"]


def test_a_barcode_of_the_older_form_ends_with_nul() -> None:
    assert pieces(b"\x1dk\x041234\x00C") == [b"\x1dk\x04", b"C"]


def test_a_barcode_whose_end_was_lost_swallows_no_cut() -> None:
    assert pieces(b"\x1dk\x041234\x1dVA\x00") == [b"\x1dk\x04", b"\x1dVA"]


def test_a_barcode_of_the_newer_form_has_its_length() -> None:
    assert pieces(b"\x1dkI\x04\x1dV\x00\x1bC") == [b"\x1dkI\x04", b"C"]


def test_what_is_under_way_can_be_abandoned() -> None:
    commands = Commands(SHAPES)
    for begun in (
        b"\x1b",
        b"\x1bp\x00",
        b"\x1dv0\x00\xff\x01\xff\x01..",
        b"\x1cq\x09\x01",
        b"\x1bD\x01",
    ):
        list(commands.feed(begun))
        commands.abandon()
        assert list(commands.feed(b"A")) == [b"A"]
        assert commands.held == 0


def test_every_known_command_has_a_head_that_can_be_reached() -> None:
    for name, shape in SHAPES.items():
        assert 2 <= len(name) <= 3
        assert len(name) <= max(shape.head, 2) <= MOST_HELD
        if len(name) == 3:  # the name of two, if there is one, must wait for the third byte
            assert SHAPES.get(name[:2], Shape(head=3)).head >= 3


CUTS = st.lists(st.integers(0, 400), max_size=8)


@settings(deadline=None)
@given(st.binary(max_size=400), CUTS)
def test_the_same_bytes_cut_anywhere_give_the_same_pieces(data: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    chunks = [data[a:b] for a, b in pairwise(edges)]
    assert joined(pieces(*chunks)) == joined(pieces(data))


LEADS = st.sampled_from([b"\x1b", b"\x1d", b"\x1c", b"\x10", *SHAPES])


@settings(deadline=None)
@given(st.lists(LEADS | st.binary(max_size=12), max_size=60))
def test_no_bytes_make_it_raise_or_hold_more_than_it_may(parts: list[bytes]) -> None:
    commands = Commands(SHAPES)
    for byte in b"".join(parts):
        list(commands.feed(bytes((byte,))))
        assert commands.held <= MOST_HELD


@settings(deadline=None)
@given(st.binary(max_size=600), st.sampled_from(["raster", "columns", "function", "long", "code"]))
def test_a_payload_is_never_read_whatever_it_holds(payload: bytes, kind: str) -> None:
    size = len(payload).to_bytes(2, "little")
    head = {
        "raster": b"\x1dv0\x00" + size + b"\x01\x00",
        "columns": b"\x1b*\x00" + size,
        "function": b"\x1d(L" + size,
        "long": b"\x1d8L" + len(payload).to_bytes(4, "little"),
        "code": b"\x1d(k" + size,
    }[kind]
    assert pieces(head + payload + b"\x1dV\x00") == [head, b"\x1dV\x00"]
