"""`python3 install.pyz BUNDLE`: a machine, or an image of one, becomes a kiosk."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.plans.course import Walk
from deploy.plans.machine import Machine
from deploy.raspberrypi.installing.carrying import open_bundle
from deploy.raspberrypi.installing.finishing import finishing_plan
from deploy.raspberrypi.installing.plan import kiosk_plan, version_plan
from shared.errors import DeviceError, SemblanteError


def main(words: Sequence[str] | None = None) -> int:
    """0 all is (or would be) as it should be, 1 it could not be done, 2 not said right."""
    chosen = _parser().parse_args(words)
    try:
        _install(chosen)
    except SemblanteError as fault:
        print(f"✗ {fault}\n  → {fault.hint}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"✗ {fault}\n  → Mend it and run the same again: it goes on.", file=sys.stderr)
        return 1
    return 0


def _install(chosen: argparse.Namespace) -> None:
    if os.geteuid() != 0 and not chosen.version_only and not chosen.check:
        raise DeviceError("only root can make a kiosk", hint="Say it with sudo.", code="root")
    machine = Machine(chosen.root.resolve())
    walk = Walk(_say, time.monotonic, machine.systemd_runs, chosen.check)
    if chosen.finish:
        walk.through(finishing_plan(machine))
        return
    if chosen.bundle is None:
        raise DeviceError("no bundle was named", hint="install.pyz semblante-kiosk-VERSION.tar")
    bundle = open_bundle(chosen.bundle)
    if chosen.version_only:
        plan = version_plan(machine, bundle, chosen.bytecode)
    else:
        plan = kiosk_plan(machine, bundle, chosen.drawing, chosen.bytecode)
    _say(f"Semblante {bundle.manifest.version}: {walk.through(plan).told()}")


def _say(line: str) -> None:
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("install.pyz", description="Make a machine a kiosk.")
    parser.add_argument("bundle", type=Path, nargs="?", help="the file semblante-kiosk-VERSION.tar")
    parser.add_argument("--finish", action="store_true", help="end of first boot: root read-only")
    parser.add_argument("--root", type=Path, default=Path("/"), help="an image or chroot instead")
    parser.add_argument(
        "--check", action="store_true", help="say what would change; change nothing"
    )
    parser.add_argument(
        "--version-only", action="store_true", help="an update: unpack the version, switch nothing"
    )
    parser.add_argument(
        "--without-glass",
        dest="drawing",
        action="store_false",
        help="leave out the packages for glass and pins: for roots that never draw",
    )
    parser.add_argument(
        "--without-bytecode",
        dest="bytecode",
        action="store_false",
        help="for roots under emulation, where a minute of work takes ten",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
