"""A few scenarios on the real adapters; and the fake of the card beside the real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.adapters.outbox import SqliteOutbox
from shared.deliveries import Receipt
from shared.places import KioskId
from tests.fakes.kiosk import sale, visit
from tests.parts.databases import migrated_sqlite
from tests.parts.memory import memory_folder
from tests.simulation.card import MemoryOutbox
from tests.simulation.quiet import quiet
from tests.simulation.real import parts_on
from tests.simulation.simulation import simulate

MOST_VISITS = 25
"""A real commit costs a hundred times the fake one."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet():
        yield


@pytest.mark.parametrize("seed", range(12))
def test_the_laws_hold_on_the_real_adapters_too(seed: int, memory_path: Path) -> None:
    with migrated_sqlite(memory_path / "hub.db") as engine:
        result = simulate(seed, parts_on(engine, memory_path), visits=MOST_VISITS)
    assert result.visits > 0


KIOSK = KioskId("k-1")
DEEDS = st.sampled_from(("sale", "visit", "open", "forget"))


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(DEEDS, st.integers(0, 6)), max_size=40), st.integers(2, 9))
def test_the_card_in_memory_keeps_its_quota_like_the_real_one(
    deeds: list[tuple[str, int]], quota: int
) -> None:
    with (
        memory_folder() as folder,
        closing(SqliteOutbox(folder / "outbox.db", KIOSK, quota=quota)) as real,
    ):
        fake = MemoryOutbox(KIOSK, real.held().epoch, quota)
        for number, (deed, some) in enumerate(deeds):
            for outbox in (real, fake):
                if deed == "sale":
                    outbox.add(sale(number=number + 1))
                elif deed == "visit":
                    outbox.seal(visit())
                elif deed == "open":
                    outbox.keep_open(visit())
                else:
                    batch = outbox.batch_from(1, some + 1)
                    if batch is not None:
                        upto, chain = batch.last, batch.chain
                        outbox.forget(Receipt("hub", 1, batch.epoch, upto, chain, 1))
            assert real.held() == fake.held()
            assert real.batch_from(1, 500) == fake.batch_from(1, 500)
            assert real.open_visit() == fake.open_visit()
