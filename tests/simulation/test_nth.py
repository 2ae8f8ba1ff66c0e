"""The first operation fails, then the second, and so on until a run meets no failure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import pytest

from kiosk.adapters.outbox import SqliteOutbox
from shared.errors import OutboxError
from shared.places import KioskId
from tests.fakes.kiosk import sale, visit
from tests.parts.databases import migrated_sqlite
from tests.simulation.failing import SEAMS, FailingSimulation, calm
from tests.simulation.quiet import quiet
from tests.simulation.real import parts_on
from tests.simulation.simulation import Simulation
from tests.simulation.vfs import CODES, asked_files, failing

MOST = 2_000
"""No run of the small scenario has so many operations of one kind."""

STRIDE = {"sync": 3, "write": 11}
"""On the real adapters not each one: a run there takes a third of a second."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet():
        yield


@pytest.mark.parametrize("seam", SEAMS)
def test_whichever_operation_fails_the_laws_hold(seam: str) -> None:
    for nth in range(1, MOST):
        simulation = FailingSimulation(calm(), seam, nth)
        simulation.run()
        if not simulation.failed:
            break
    assert 5 < nth < MOST - 1


@pytest.mark.parametrize("operation", CODES)
def test_whichever_file_operation_fails_the_laws_hold_on_the_real_adapters(
    operation: str, memory_path: Path
) -> None:
    """Two in a row, so that the log cannot be tidied away either."""
    met, nth = [1], 1
    while met:
        ask, met = failing(operation, nth, 2)
        folder = memory_path / str(nth)
        folder.mkdir()
        with migrated_sqlite(folder / "hub.db") as engine:
            simulation = Simulation(calm(visits=3), parts_on(engine, folder))
            with asked_files(ask):
                simulation.run()
        nth += STRIDE[operation]
    assert nth > 20


@pytest.mark.parametrize("operation", CODES)
@pytest.mark.parametrize("times", [1, 2, 3, 6])
def test_whichever_file_operation_fails_the_outbox_seals_each_record_once(
    operation: str, times: int, memory_path: Path
) -> None:
    """With two in a row the log cannot be tidied away either: it is found at the next start."""
    assert fill_while_failing(operation, times, memory_path) > 5


def test_without_looking_for_what_failed_the_outbox_would_seal_it_twice(memory_path: Path) -> None:
    with (
        patch.object(SqliteOutbox, "_stands", return_value=False),
        pytest.raises(AssertionError, match="th sync, 2 times"),
    ):
        fill_while_failing("sync", 2, memory_path)


def fill_while_failing(operation: str, times: int, memory_path: Path) -> int:
    """Fill outboxes until no operation fails; returns how many there were."""
    for nth in itertools.count(1):
        ask, met = failing(operation, nth, times)
        path = memory_path / f"{nth}.db"
        with closing(SqliteOutbox(path, KioskId("k-1"))):
            pass  # the file is there, as on every start but the first
        with asked_files(ask):
            outbox = stubborn(lambda path=path: SqliteOutbox(path, KioskId("k-1")))  # type: ignore[misc]
            with closing(outbox):
                for number in range(1, 4):
                    stubborn(lambda: outbox.add(sale(number=number)))  # noqa: B023 called at once
                    stubborn(lambda: outbox.keep_open(visit()))  # noqa: B023 called at once
                    stubborn(lambda: outbox.seal(visit()))  # noqa: B023 called at once
                batch = outbox.batch_from(1, 100)
        assert batch is not None
        kinds = [bytes(record[:8]) for record in batch.records]
        assert kinds == [b'{"sale":', b'{"visit"'] * 3, f"the {nth}th {operation}, {times} times"
        if not met:
            break
    return nth


T = TypeVar("T")


def stubborn(work: Callable[[], T]) -> T:
    """Try until it is done, as the writer does."""
    for _ in range(20):
        try:
            return work()
        except OutboxError:
            continue
    raise AssertionError("it never ends")
