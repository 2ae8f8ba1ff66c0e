"""The demo's judge: what waits in a kiosk is not missing, what stands nowhere is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from kiosk.adapters.outbox import SqliteOutbox
from shared.places import KioskId
from tests.demo.judge import Judgement, Kept, kept
from tests.kiosk.samples import sale

KIOSK = KioskId("k-012-01")
FINE = Judgement(
    sales=9, visits=8, thanked=4, answered=4, received=20, missing=0, differences=0, kiosks=2
)


def test_what_a_kiosk_holds_waits_and_what_nobody_holds_is_gone(tmp_path: Path) -> None:
    outbox = SqliteOutbox(tmp_path / f"{KIOSK}.db", KIOSK)
    assert kept(tmp_path, {}) == Kept()
    for number in range(3):
        outbox.add(sale(number))
    assert kept(tmp_path, {}) == Kept(waiting=3)
    assert kept(tmp_path, {KIOSK: 2}) == Kept(waiting=1)
    outbox.close()
    with closing(sqlite3.connect(tmp_path / f"{KIOSK}.db")) as file, file:
        file.execute("UPDATE about SET forgotten = 2")
        file.execute("DELETE FROM records WHERE seq <= 2")
    assert kept(tmp_path, {KIOSK: 2}) == Kept(waiting=1)
    assert kept(tmp_path, {KIOSK: 1}) == Kept(waiting=1, gone=1)


def test_a_visit_may_be_sealed_at_each_kiosk_as_it_is_switched_off_and_no_more() -> None:
    assert FINE.agrees
    assert replace(FINE, waiting=2).agrees
    assert not replace(FINE, waiting=3).agrees
    assert not replace(FINE, missing=1).agrees
