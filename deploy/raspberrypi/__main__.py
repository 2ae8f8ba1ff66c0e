"""`python -m deploy.raspberrypi`: what a technician says to cards and kiosks, one command each."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from deploy.raspberrypi.bundling.bundle import Wanted, build_bundle
from shared.errors import SemblanteError, SettingsError


def main(words: Sequence[str] | None = None) -> int:
    """0 done, 1 it could not be done, 2 it was not said right."""
    chosen = _parser().parse_args(words)
    try:
        return _COMMANDS[chosen.command](chosen)
    except SettingsError as fault:
        for one in fault.faults:
            print(f"✗ {one}", file=sys.stderr)
        print(f"  → {fault.hint}", file=sys.stderr)
        return 2
    except SemblanteError as fault:
        print(f"✗ {fault}\n  → {fault.hint}", file=sys.stderr)
        return 1


def _cache() -> Path:
    return Path(os.environ.get("SEMBLANTE_CACHE") or Path.home() / ".cache" / "semblante")


def _bundle(chosen: argparse.Namespace) -> int:
    now = time.time()
    wanted = Wanted(int(now), int(now * 1000), chosen.version)
    bundle = build_bundle(wanted, _cache(), chosen.out)
    print(f"✓ {bundle}: {bundle.stat().st_size / 1e6:.0f} MB")
    return 0


_COMMANDS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "bundle": _bundle,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m deploy.raspberrypi", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    bundle = commands.add_parser("bundle", help="build one version as one file")
    bundle.add_argument("--version", help="its name (our wheel's version if not given)")
    bundle.add_argument("--out", type=Path, default=Path("var/bundles"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
