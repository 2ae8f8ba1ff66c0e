"""`make bench`: every promise of speed, as a figure beside its baseline from the same run."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable

from tests.bench import (
    fleet,
    hub,
    joining,
    kiosk,
    kiosks_page,
    live,
    misuse,
    questions,
    richly,
    updating,
    waits,
)
from tests.bench.rows import Row

PARTS: dict[str, Callable[[bool], list[Row]]] = {
    "hub": hub.run,
    "live": live.run,
    "kiosk": kiosk.run,
    "questions": questions.run,
    "richly": richly.run,
    "misuse": misuse.run,
    "waits": waits.run,
    "updating": updating.run,
    "joining": joining.run,
    "fleet": fleet.run,
    "kiosks": kiosks_page.run,
}


def main() -> int:
    """Print the table; 0 where every goal is met."""
    options = _options()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if not options.long:
        print("LONG=1 adds ten million records, full outboxes and 20,000 visits (about an hour).")
    missed = 0
    for name in options.part or PARTS:
        print(f"\n{name}")
        os.sync()  # what the part before wrote is no load of this one: a commit waited 0.4 s for it
        for row in PARTS[name](options.long):
            missed += not row.met
            mark = "✓" if row.met else "✗"
            print(
                f"  {mark} {row.name}: {row.figure}\n      goal {row.goal}; beside {row.baseline}"
            )
            sys.stdout.flush()
    print(f"\n{missed} goals missed" if missed else "\nevery goal met")
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("part", nargs="*", choices=[*PARTS, []])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
