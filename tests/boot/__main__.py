"""`make boot`: a card is booted in an emulated machine, and its promises are tried one by one."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from shared.topics import Channel
from tests.boot.ear import ear
from tests.boot.machine import machine
from tests.boot.site import site
from tests.boot.walk import TRIALS, Walk, Wrong


def main() -> int:
    """The exit code: 0 where all was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.boot", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("var/boot"), help="4 GB are needed")
    parser.add_argument("--alone", action="store_true", help="first boot in the machine, too")
    said = parser.parse_args()
    folder: Path = said.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "console.log").unlink(missing_ok=True)
    began = time.monotonic()
    with site(folder, said.alone) as brought, machine(brought.parts, folder) as made:
        print(f"the card: {', '.join(brought.notes)}", flush=True)
        authority = brought.hub.authority
        with ear(folder, brought.broker, authority, Channel.STATUS) as hears:
            walk = Walk(made, hears, brought.later, said.alone)
            seen = [_told(trial, walk) for trial in TRIALS]
    print(f"{seen.count(True)} of {len(seen)} trials seen; {time.monotonic() - began:.0f} s")
    if all(seen):
        return 0
    print(f"What the machine said: {folder}/console.log; its last lines:")
    print("\n".join((folder / "console.log").read_text(errors="replace").splitlines()[-30:]))
    return 1


def _told(trial: Callable[[Walk], str], walk: Walk) -> bool:
    began, name = time.monotonic(), (trial.__doc__ or "").partition("\n")[0]
    try:
        sign, what = "✓", trial(walk)
    except (Wrong, TimeoutError, OSError, ValueError) as fault:
        sign, what = "✗", str(fault)
    print(f"{sign} {name}\n    {what} ({time.monotonic() - began:.0f} s)", flush=True)
    return sign == "✓"


if __name__ == "__main__":
    sys.exit(main())
