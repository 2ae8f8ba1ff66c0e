"""What an impostor can make of what was overheard, and what the notes say of who believed it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from shared.deliveries import Receipt
from shared.places import KioskId, PointId, StoreId
from shared.topics import Channel
from shared.wire import encode
from tests.drills.impostor import Impostor, heard_by
from tests.drills.seats import Manner, Seat
from tests.drills.witness import digest_of, serial_of
from tests.parts.authority import SmallAuthority

STORE, KIOSK, OTHER = StoreId("centro"), KioskId("k-1"), KioskId("k-2")


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    folder, point = tmp_path / "k-1", PointId("caja-1")
    return Seat(folder, STORE, point, KIOSK, name="k-1", manner=Manner())


def overheard() -> Impostor:
    hub, impostor = SmallAuthority(), Impostor()
    receipt = encode(Receipt("hub", 1, "5eed5eed5eed5eed", 7, "ab" * 16, 1))
    for kiosk in (KIOSK, OTHER):
        for serial in (1, 2):
            said = hub.signed(Channel.RECEIPT, receipt, serial=serial, store=STORE, kiosk=kiosk)
            impostor.overhear(kiosk, said)
    return impostor


def note(seat: Seat, payload: bytes, *, passed: bool, serial: int | None = None) -> None:
    told = {"heard": digest_of(payload), "serial": serial_of(payload) if serial is None else serial,
            "pid": 7, "passed": passed, "at": 1}  # fmt: skip
    with seat.notes.open("a") as notes:
        notes.write(json.dumps(told) + "\n")


def test_of_two_receipts_that_were_overheard_five_lies_are_made(seat: Seat) -> None:
    words = dict(overheard().words(seat, random.Random(1)))
    assert sorted(words) == [
        "another kiosk's", "under another body", "with a wrong signature",
        "with an older serial", "without a signature",
    ]  # fmt: skip
    assert len(set(words.values())) == 5


def test_where_nothing_was_overheard_nothing_is_said(seat: Seat) -> None:
    assert not list(Impostor().words(seat, random.Random(1)))


def test_who_refuses_every_lie_and_passes_over_what_is_old_is_right(seat: Seat) -> None:
    impostor = overheard()
    newest = impostor.loot[KIOSK][2]
    note(seat, newest, passed=True)
    for what, payload in impostor.words(seat, random.Random(1)):
        impostor.told(seat, what, payload)
        note(seat, payload, passed=False)
    heard = heard_by([seat], impostor)
    assert (heard.wrong, heard.refused, heard.passed_over) == ([], 4, 1)


@pytest.mark.parametrize("what", ["without a signature", "another kiosk's", "under another body"])
def test_who_believes_a_lie_is_found_out(seat: Seat, what: str) -> None:
    impostor = overheard()
    payload = dict(impostor.words(seat, random.Random(1)))[what]
    impostor.told(seat, what, payload)
    note(seat, payload, passed=True)
    assert heard_by([seat], impostor).wrong == [
        "k-1 believed a receipt that the hub never said to it"
    ]


def test_who_believes_an_older_word_is_found_out_within_one_life(seat: Seat) -> None:
    impostor = overheard()
    note(seat, impostor.loot[KIOSK][2], passed=True)
    note(seat, impostor.loot[KIOSK][1], passed=True)
    assert heard_by([seat], impostor).wrong == [
        "k-1 believed a receipt older than one it had heard"
    ]
