"""The demo's lines agree with what its tills really sell."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.places import KioskId
from tests.demo.counter import CROWD, PERIOD_S, TICK_S, Sales, Standing
from tests.demo.stores import Lines, demo_stores

STORES = {store.lines: store for store in demo_stores(datetime(2025, 11, 22, 12, tzinfo=UTC))}


def test_a_sale_is_read_once_and_only_when_its_line_is_written(tmp_path: Path) -> None:
    till, notes = tmp_path / "till.log", tmp_path / "notes"
    sales = Sales({till: KioskId("k-1"), notes: None})
    assert list(sales.new()) == []
    till.write_text('{"sale": 1, "at": 5}\nthe kiosk went away\n{"sale": 2, ')
    notes.write_text('{"sale": 1, "kiosk": "k-2"}\n{"kiosk": "k-2", "page": "Asking"}\n')
    assert list(sales.new()) == ["k-1", "k-2"]
    with till.open("a") as more:
        more.write('"at": 6}\n')
    assert list(sales.new()) == ["k-1"]
    assert list(sales.new()) == []


@pytest.mark.parametrize("lines", list(CROWD))
def test_a_line_comes_and_goes_while_its_registers_sell(lines: Lines) -> None:
    store, dice = STORES[lines], random.Random(1)
    kiosks = frozenset(
        map(store.kiosk_at, store.points if lines is Lines.ONE else store.points[:1])
    )
    line = Standing(store, kiosks, dice)
    stood, owed = list[int](), 0.0
    for tick in range(round(2 * PERIOD_S / TICK_S)):
        line.go_on(tick * TICK_S)
        owed += TICK_S * len(kiosks) / store.pace
        while owed >= 1:
            line.sold()
            owed -= 1
        stood.append(line.people)
    middle, swing = CROWD[lines]
    assert 0 < min(stood) < middle - swing / 2
    assert middle + swing / 2 < max(stood) < middle + 2 * swing


def test_nobody_steps_up_out_of_an_empty_line() -> None:
    line = Standing(STORES[Lines.ONE], frozenset(), random.Random(1))
    for _ in range(line.people + 3):
        line.sold()
    assert line.people == 0
