"""Pull the plug: `python -m tests.drills.power`, with --long for every sector of every write."""

from __future__ import annotations

import argparse
import sys

from tests.drills.power.run import run
from tests.drills.power.variants import VARIANTS, bites
from tests.simulation.quiet import quiet


def main() -> int:
    """The exit code: 0 where nothing promised was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills.power", description=__doc__)
    parser.add_argument("--long", action="store_true", help="every write and every sector")
    parser.add_argument("--seed", type=int, default=1, help="the first story")
    parser.add_argument("--seeds", type=int, help="how many stories of each kind")
    parser.add_argument("--teeth", action="store_true", help="the table of safeguards removed")
    said = parser.parse_args()
    with quiet():
        if said.teeth:
            return show_teeth()
        result = run(long=said.long, seed=said.seed, seeds=said.seeds)
    for violation in result.violations:
        print(violation)
    print(
        f"{result.moments:,} moments, {result.states:,} cuts, {result.distinct:,} distinct cards "
        f"opened, {len(result.violations)} wrong"
    )
    for fate, times in sorted(result.fates.items()):
        print(f"  {times:9,}  {fate}")
    return 1 if result.violations else 0


def show_teeth() -> int:
    """Markdown: each safeguard, at how many cuts the judge found harm, and the worst of it."""
    everywhere = True
    for variant in VARIANTS:
        result, worst = bites(variant, all_of_them=True)
        everywhere = everywhere and worst is not None
        says = "–" if worst is None else worst.why[:70]
        print(f"| {variant.safeguard} | {len(result.violations)} of {result.states} | {says} |")
    return 0 if everywhere else 1


if __name__ == "__main__":
    sys.exit(main())
