"""Replay one seed (`python -m tests.simulation 1234 -v`), or run many (`--seeds 20000`)."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from tests.simulation.quiet import quiet
from tests.simulation.scenario import MOST_VISITS
from tests.simulation.simulation import simulate
from tests.simulation.teeth import first_bite
from tests.simulation.variants import VARIANTS
from tests.simulation.world import Violation


def main() -> int:
    """The exit code: 0 where all laws held."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("seed", type=int, nargs="?", help="replay this one")
    parser.add_argument("-v", "--verbose", action="store_true", help="print the event log")
    parser.add_argument("--seeds", type=int, default=2_000, help="how many, from --first on")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--visits", type=int, default=MOST_VISITS, help="more than 100: all long")
    parser.add_argument("--teeth", action="store_true", help="the table of safeguards removed")
    said = parser.parse_args()
    with quiet():
        if said.teeth:
            return show_teeth()
        if said.seed is not None:
            return replay(said.seed, verbose=said.verbose, visits=said.visits)
        return run_many(said.first, said.seeds, said.visits)


def replay(seed: int, *, verbose: bool, visits: int = MOST_VISITS) -> int:
    """One seed, with its event log."""
    try:
        print(simulate(seed, tell=print if verbose else None, visits=visits))
    except Violation as fault:
        print(f"seed {seed}: {fault}")
        return 1
    return 0


def command(seed: int, visits: int) -> str:
    """What replays this seed."""
    long = f" --visits {visits}" if visits != MOST_VISITS else ""
    return f".venv/bin/python -m tests.simulation {seed} -v{long}"


def show_teeth() -> int:
    """Markdown: each safeguard, the first seed that fails without it, and what the judge says."""
    bites = [(variant.safeguard, first_bite(variant)) for variant in VARIANTS]
    for safeguard, bite in bites:
        print(
            f"| {safeguard} | {bite.seed} | {bite.why[:90]} |" if bite else f"| {safeguard} | – |"
        )
    return 0 if all(bite for _, bite in bites) else 1


def run_many(first: int, count: int, visits: int) -> int:
    """So many seeds, with a progress line; the failing ones are printed."""
    began, failed = time.monotonic(), 0
    faults: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    slowest = 0
    for done, seed in enumerate(range(first, first + count), 1):
        try:
            result = simulate(seed, visits=visits)
        except Violation as fault:
            failed += 1
            print(f"\nseed {seed}: {fault}\n  {command(seed, visits)}")
            continue
        faults += result.faults
        sums.update(
            visits=result.visits,
            walks=result.walks,
            thanked=result.thanked,
            records=result.records,
            lost=result.lost,
        )
        slowest = max(slowest, result.recovery_ms)
        if done % 50 == 0 or done == count:
            seconds = time.monotonic() - began
            line = f"{done}/{count} seeds, {failed} failed, {seconds:.0f} s, {dict(sums)}"
            print(f"\r{line}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"{count} seeds, {failed} failed; {dict(sums)}; slowest recovery {slowest / 1000:.1f} s")
    for kind, times in sorted(faults.items()):
        print(f"  {times:9,}  {kind}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
