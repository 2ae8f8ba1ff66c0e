"""Many seeds at once: each core has a process of its own, for a seed knows nothing of another."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context

from tests.simulation.quiet import quiet
from tests.simulation.simulation import simulate
from tests.simulation.world import Violation

MOST_PROCESSES = 4
"""More gain little: each costs a second until it has imported the programs."""


@dataclass
class Outcome:
    """What some seeds came to: what struck in all of them, and why some failed, by their number."""

    faults: Counter[str] = field(default_factory=Counter)
    failed: dict[int, str] = field(default_factory=dict)


def outcome_of(seeds: Sequence[int]) -> Outcome:
    """Let them happen, one after the other."""
    outcome = Outcome()
    with quiet():
        for seed in seeds:
            try:
                result = simulate(seed)
            except Violation as why:
                outcome.failed[seed] = str(why)
            else:
                outcome.faults += result.faults
                outcome.faults.update({"thanked": result.thanked, "lost": result.lost})
    return outcome


@contextmanager
def outcomes_of(parts: Sequence[Sequence[int]]) -> Iterator[list[Future[Outcome]]]:
    """Begin with all of them; who leaves does not wait for what nobody asked after."""
    # Begun anew, not forked: what this process has running is not in there.
    pool = ProcessPoolExecutor(
        min(MOST_PROCESSES, os.cpu_count() or 1), get_context("spawn"), warnings.simplefilter,
        ("error",),
    )  # fmt: skip
    try:
        yield [pool.submit(outcome_of, part) for part in parts]
    finally:
        pool.shutdown(cancel_futures=True)
