"""From five prints to [till]: a proposal reproduces them, and what cannot be known is said."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.learning import conclude
from kiosk.core.learnt import Again, Kind, Proposal, Undecided, replay
from kiosk.core.tills import PortSettings
from tests.demo import paper
from tests.kiosk.core.tills_papers import (
    BEER,
    BREAD,
    KINDS,
    MILK,
    RUM,
    foreign,
    foreign_five,
    prints,
    spanish,
    with_even_parity,
)

HEADING = r"^(?!.*\d[.,]\d\d\W{0,3}$)"
PORT = PortSettings("/dev/ttyUSB0")


def proposed(datas: list[bytes], kinds: Any = KINDS) -> Proposal:
    found = conclude(prints(datas, kinds), PORT)
    assert isinstance(found, Proposal), found
    return found


def test_a_till_that_the_default_rules_suit_needs_no_rules_of_its_own() -> None:
    found = proposed(spanish())
    assert found.table == {
        "kind": "receipt", "port": "/dev/ttyUSB0", "baud": 9_600,
        "encoding": "auto", "ends": ["cut"],
    }  # fmt: skip
    assert "end: a cut (5 of 5 prints end with it)" in found.evidence
    assert "a copy: rule “copy” (1 of 1 copies, 0 of 3 sales)" in found.evidence
    assert "a refund: rule “refund” (1 of 1 refunds, 0 of 3 sales)" in found.evidence
    assert [one.rules for one in found.outcomes] == [("sale",)] * 3 + [("copy",), ("refund",)]


def test_words_of_another_tongue_become_rules() -> None:
    found = proposed(foreign_five())
    assert found.table["must"] == [r"^[\W_]*celkem\s{1,9}kc\b"]
    copy, refund = found.table["rules"]
    assert copy["patterns"] == [HEADING + r"[\W_]*opis[\W\d_]*$"]
    assert refund["patterns"] == [HEADING + r"[\W_]*vratka[\W\d_]*$"]
    assert "a sale: says “celkem kc” (3 of 3 sales)" in found.evidence


def test_an_article_that_is_called_like_the_heading_of_a_copy_is_sold() -> None:
    table = proposed(foreign_five()).table
    sold = prints([foreign((("OPIS", 4_000), BREAD))], (Kind.SALE,))
    assert [one.right for one in replay(table, sold)] == [True]


def test_a_refund_without_a_heading_is_known_by_its_minus() -> None:
    found = proposed(foreign_five(refund=""))
    (_, refund) = found.table["rules"]
    sale, back = foreign((RUM, BREAD)), foreign((("CHLEB", -100),))
    refunds = prints([sale, back], (Kind.SALE, Kind.REFUND))
    assert [one.right for one in replay(found.table, refunds)] == [True, True]
    assert "celkem" in refund["patterns"][0]


@pytest.mark.parametrize(
    ("end", "told"),
    [(b"\n" * 9, "5 blank lines"), (b"\n\x0c", "a form feed"), (b"\n\n\x1bi", "a cut")],
)
def test_the_end_is_what_all_prints_have(end: bytes, told: str) -> None:
    found = proposed(foreign_five(end=end))
    assert f"end: {told} (5 of 5 prints end with it)" in found.evidence


def test_a_head_or_a_kick_behind_the_cut_belongs_to_the_next_receipt() -> None:
    head, kick = b"OBCHOD U LIPY\nIC 12345678\n", b"\x1bp\x00\x19\xfa"
    for behind in (head, kick):
        found = proposed([one + behind for one in foreign_five()])
        assert found.table["ends"] == ["cut"]
    half = [one + head for one in foreign_five()]
    half[2] = half[2][:150]
    asked = conclude(prints(half), PORT)
    assert isinstance(asked, Again)
    assert asked.dropped == (2,)


def test_a_copy_like_a_sale_is_said_to_be_one_and_nothing_is_proposed() -> None:
    found = conclude(prints(foreign_five(copy="")), PORT)
    assert isinstance(found, Undecided)
    assert "a copy looks like a sale" in found.why
    assert "heading on its copies" in found.hint


def test_a_refund_like_a_sale_is_said_to_be_one() -> None:
    *four, _ = foreign_five()
    found = conclude(prints([*four, foreign((MILK, BREAD))]), PORT)
    assert isinstance(found, Undecided)
    assert "a refund looks like a sale" in found.why


def test_no_end_is_told_with_what_to_do() -> None:
    found = conclude(prints(foreign_five(end=b"\n")), PORT)
    assert isinstance(found, Undecided)
    assert "nothing marks the end" in found.why
    assert "cut" in found.hint


def test_half_a_receipt_is_asked_for_again() -> None:
    five = spanish()
    five[1] = five[1][: len(five[1]) // 2]
    found = conclude(prints(five), PORT)
    assert isinstance(found, Again)
    assert (found.kind, found.dropped) == (Kind.SALE, (1,))
    assert "half a receipt" in found.why


def test_two_sales_in_one_print_are_asked_for_again() -> None:
    five = spanish()
    five[0] += five[1]
    found = conclude(prints(five), PORT)
    assert isinstance(found, Again)
    assert found.dropped == (0,)
    assert "holds 2 receipts" in found.why


def test_a_till_that_prints_every_sale_twice_counts_once() -> None:
    one, two, three, copy, refund = spanish()
    found = proposed([one * 2, two * 2, three * 2, copy, refund])
    assert found.table["least_ms_between"] == 4_000
    assert [outcome.sales for outcome in found.outcomes] == [1, 1, 1, 0, 0]


def test_a_card_slip_beside_a_receipt_is_no_second_sale() -> None:
    one, two, three, copy, refund = spanish()
    found = proposed([one, two, three + paper.card_slip(3), copy, refund])
    assert found.outcomes[2].rules == ("sale", "card_slip")


def test_a_default_rule_that_speaks_in_every_sale_is_left_out() -> None:
    rows = ((BREAD, MILK), (BEER, BREAD), (RUM, BEER))
    sales = [foreign(each, head="* COPIA *") for each in rows]
    copy = foreign(rows[2], head="* COPIA *").replace(b"IC 1", b"NACHDRUCK\nIC 1")
    other = foreign(rows[2], head="* OPIS *").replace(b"IC 1", b"* COPIA *\nIC 1")
    refund = foreign((("RUM", -30_000),), head="* COPIA *")
    for copied in (copy, other):
        found = proposed([*sales, copied, refund])
        assert found.table["without_rules"] == ["copy"]
        assert found.table["rules"][0]["name"] == "own_copy"


def test_a_till_in_training_mode_is_sent_out_of_it() -> None:
    five = foreign_five()
    training = [foreign((BREAD, each), head="TRAINING MODE") for each in (MILK, BEER, RUM)]
    found = conclude(prints([*training, *five[3:]]), PORT)
    assert isinstance(found, Undecided)
    assert "training" in found.hint


def test_two_lines_that_could_be_the_heading_ask_for_another_copy() -> None:
    five = foreign_five()
    rows = (RUM, BEER)
    copy = foreign(rows, head="OPIS DOKLADU", foot="ANNA NOVAKOVA")
    found = conclude(prints([*five[:3], copy, five[4]]), PORT)
    assert isinstance(found, Again)
    assert (found.kind, found.dropped) == (Kind.COPY, ())
    another = foreign((BREAD, MILK), head="OPIS DOKLADU")
    kinds = (*KINDS, Kind.COPY)
    done = proposed([*five[:3], copy, five[4], another], kinds)
    assert done.table["rules"][0]["patterns"] == [HEADING + r"[\W_]*opis\s{1,9}dokladu[\W\d_]*$"]
    assert "(2 of 2 copies, 0 of 3 sales)" in " ".join(done.evidence)


def test_pictures_are_said_to_be_pictures() -> None:
    picture = b"\x1b@\x1dv0\x00\x10\x00\x30\x00" + bytes(16 * 48) + CUT
    found = conclude(prints([picture] * 5), PORT)
    assert isinstance(found, Undecided)
    assert "pictures" in found.hint or "pictures" in found.why


CUT = b"\x1dV\x00"


def test_a_line_of_seven_bits_is_known_by_its_parity() -> None:
    found = proposed([with_even_parity(one) for one in foreign_five()])
    assert (found.table["bits"], found.table["parity"]) == (7, "even")


def test_accents_tell_the_code_page() -> None:
    accented = [one.replace(b"MLEKO", "PANADERÍA".encode("cp1252")) for one in foreign_five()]
    found = proposed(accented)
    assert found.table["encoding"] == "cp1252"
    utf8 = [one.replace(b"MLEKO", "MLÉKO".encode()) for one in foreign_five()]
    assert proposed(utf8).table["encoding"] == "utf-8"


def test_a_till_of_another_script() -> None:
    words = {b"OPIS": "КОПИЯ", b"VRATKA": "ВОЗВРАТ", b"CELKEM Kc": "ИТОГО"}
    five = foreign_five(copy="OPIS")
    for old, new in words.items():
        five = [one.replace(old, new.encode("cp866")) for one in five]
    found = proposed([b"\x1b@\x1bt\x11" + one for one in five])
    assert "a sale: says “итого” (3 of 3 sales)" in found.evidence
    copy, refund = (rule["patterns"][0] for rule in found.table["rules"])
    assert "копия" in copy
    assert "возврат" in refund


def test_a_till_that_writes_a_line_for_each_sale() -> None:
    five = [b"SALE %d OK 3.50\r\n" % number for number in (1, 2, 13)]
    found = proposed([*five, b"", b"REFUND 14 3.50\r\n"])
    assert found.table["kind"] == "line"
    assert "a copy: is not told by this wire, so none is counted" in found.evidence
    refused = conclude(prints([*five, b"SALE 3 OK 3.50\r\n", b"REFUND 14 3.50\r\n"]), PORT)
    assert isinstance(refused, Undecided)


def test_a_customer_display() -> None:
    def shown(total: bytes, change: bytes) -> bytes:
        return b"\x0c\x1bQATOTAL   %s\r\x1bQACAMBIO  %s\r\x1bQBGRACIAS\r" % (total, change)

    sales = [shown(b"12,30", b"1,00"), shown(b"3,10", b"0,20"), shown(b"7,00", b"3,00")]
    found = proposed([*sales, b"", b"\x0c\x1bQATOTAL   -3,00\r\x1bQBGRACIAS\r"])
    assert found.table["kind"] == "pole"


def test_what_is_missing_is_asked_for_and_a_silent_sale_is_told() -> None:
    five = prints(spanish())
    found = conclude(five[:3], PORT)
    assert isinstance(found, Again)
    assert found.kind is Kind.COPY
    assert isinstance(conclude(prints([b"", *spanish()[1:]]), PORT), Undecided)


def test_settings_of_the_line_are_kept() -> None:
    port = PortSettings("/dev/ttyS0", 19_200, 7, "odd", 2, "rts_cts")
    found = conclude(prints(foreign_five()), port)
    assert isinstance(found, Proposal)
    kept = {"baud": 19_200, "bits": 7, "parity": "odd", "stop_bits": 2, "flow": "rts_cts"}
    assert kept.items() <= found.table.items()


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6), step=st.integers(1, 60))
def test_however_a_print_is_cut_on_its_way_the_same_is_found(seed: int, step: int) -> None:
    five = spanish(seed)
    assert conclude(prints(five, step=step), PORT) == conclude(prints(five), PORT)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.binary(max_size=120), min_size=5, max_size=5))
def test_rubbish_raises_nothing_and_is_no_receipt(datas: list[bytes]) -> None:
    found = conclude(prints(datas), PORT)
    assert not isinstance(found, Proposal) or all(one.right for one in found.outcomes)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 4))
def test_a_print_that_was_spoilt_never_spoils_a_proposal(seed: int, number: int) -> None:
    chance = random.Random(seed)
    five = spanish(seed)
    at = chance.randrange(len(five[number]))
    five[number] = five[number][:at] + chance.randbytes(40) + five[number][at + 40 :]
    found = conclude(prints(five), PORT)
    if isinstance(found, Proposal):
        assert all(one.right for one in found.outcomes)
        assert replay(found.table, prints(five)) == found.outcomes
