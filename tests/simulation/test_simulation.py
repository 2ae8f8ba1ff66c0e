"""Two thousand scenarios, each with a judge; a seed that fails is named with how to replay it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout

import pytest

from tests.simulation.__main__ import replay
from tests.simulation.quiet import quiet
from tests.simulation.scenario import KINDS
from tests.simulation.simulation import simulate
from tests.simulation.world import Violation

SEEDS = 2_000
AT_ONCE = 100

COMMON = {
    "message dropped", "message doubled", "message reordered", "message garbled",
    "commit failed", "commit stalled", "publish refused", "queue overflow",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet():
        yield


@pytest.fixture(scope="module")
def faults() -> Counter[str]:
    """What struck in all scenarios together."""
    return Counter()


@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_nothing_thanked_is_lost_and_nothing_is_counted_twice(
    first: int, faults: Counter[str]
) -> None:
    failed = {}
    for seed in range(first, first + AT_ONCE):
        try:
            result = simulate(seed)
        except Violation as why:
            failed[f".venv/bin/python -m tests.simulation {seed} -v"] = str(why)
        else:
            faults += result.faults
            faults.update({"thanked": result.thanked, "lost": result.lost})
    assert not failed


def test_every_fault_that_can_strike_did(faults: Counter[str]) -> None:
    """After the seeds above: a nemesis that sleeps proves nothing."""
    if not faults:
        for seed in range(2 * AT_ONCE):  # this test alone was asked for
            faults += simulate(seed).faults
    missing = (KINDS.keys() | COMMON) - faults.keys()
    assert not missing


def test_a_seed_happens_the_same_way_again() -> None:
    """Also in another process, where sets have another order."""
    here = io.StringIO()
    with redirect_stdout(here):
        assert replay(7, verbose=True) == 0
    for hash_seed in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-m", "tests.simulation", "7", "-v"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
        )
        assert there.stdout == here.getvalue()
    assert len(here.getvalue().splitlines()) > 20
