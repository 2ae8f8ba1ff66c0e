"""Two thousand scenarios, each with a judge; a seed that fails is named with how to replay it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import redirect_stdout

import pytest

from tests.simulation.__main__ import command, replay
from tests.simulation.many import Outcome, outcomes_of
from tests.simulation.quiet import quiet
from tests.simulation.scenario import KINDS, MOST_VISITS
from tests.simulation.simulation import simulate

SEEDS = 2_000
AT_ONCE = 50
PARTS = [range(first, first + AT_ONCE) for first in range(0, SEEDS, AT_ONCE)]

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


@pytest.fixture(scope="module")
def outcomes() -> Iterator[list[Future[Outcome]]]:
    """Of all parts, on all cores; each test waits for its own."""
    with outcomes_of(PARTS) as begun:
        yield begun


@pytest.mark.parametrize("part", range(len(PARTS)), ids=lambda part: f"from {PARTS[part][0]}")
def test_nothing_thanked_is_lost_and_nothing_is_counted_twice(
    part: int, outcomes: list[Future[Outcome]], faults: Counter[str]
) -> None:
    outcome = outcomes[part].result()
    faults += outcome.faults
    assert {command(seed, MOST_VISITS): why for seed, why in outcome.failed.items()} == {}


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
