"""Answering: receipts say where a ledger stands, problems say what to do."""

from __future__ import annotations

import pytest

from hub.core.answering import receipt, refused_record, stranger_in
from hub.core.hearing import Heard, hear
from hub.core.ledger import Ledger
from hub.core.ports import Directory, Hub, LedgerKey
from hub.core.quarantine import HINTS
from hub.core.settling import Refused
from shared.deliveries import Refusal
from tests.fakes.kiosk import FakeKiosk, visit
from tests.parts.archives import CENTRO, K1, K2, PUERTO

HUB = Hub("h" * 32, 3)
DIRECTORY = Directory(HUB, {K1: CENTRO}, {}, {})


def heard(kiosk: FakeKiosk) -> Heard:
    kiosk.seal(visit())
    found = hear(kiosk.message())
    assert isinstance(found, Heard)
    return found


def test_a_receipt_says_who_holds_what_and_how_far() -> None:
    key = LedgerKey(CENTRO, K1, "0" * 16)
    topic, told = receipt(HUB, 99, key, Ledger(7, b"\xab" * 16), None, [Refusal(3, "kind")])
    assert str(topic) == "semblante/v1/centro/k-1/receipt"
    assert (told.hub, told.generation, told.at) == (HUB.hub_id, 3, 99)
    assert (told.epoch, told.upto, told.chain) == ("0" * 16, 7, "ab" * 16)
    assert (told.refused, told.problem, told.hint) == ((Refusal(3, "kind"),), None, None)


@pytest.mark.parametrize("problem", sorted(HINTS))
def test_every_problem_says_what_to_do(problem: str) -> None:
    key = LedgerKey(CENTRO, K1, "0" * 16)
    assert receipt(HUB, 99, key, Ledger(0, b"0" * 16), problem)[1].hint == HINTS[problem]


def test_who_writes_where_it_belongs_is_no_stranger() -> None:
    assert stranger_in(DIRECTORY, heard(FakeKiosk())) is None


@pytest.mark.parametrize(
    ("kiosk", "code"),
    [(FakeKiosk(K1, PUERTO), "foreign_store"), (FakeKiosk(K2), "unknown_kiosk")],
)
def test_anybody_else_is(kiosk: FakeKiosk, code: str) -> None:
    captive = stranger_in(DIRECTORY, heard(kiosk))
    assert captive is not None
    assert captive.code == code
    assert kiosk.kiosk_id in captive.detail


def test_a_refused_record_keeps_its_place_in_the_epoch() -> None:
    kiosk = FakeKiosk()
    captive = refused_record(Refused(1, b"{}", "kind", "why"), heard(kiosk))
    assert (captive.epoch, captive.seq, captive.payload) == (kiosk.epoch, 1, b"{}")
