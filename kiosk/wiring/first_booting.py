"""The command `first-boot`: what it is told, what it prints, and whose the files are afterwards."""

from __future__ import annotations

import argparse
import os
import pwd
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from kiosk.adapters.clock import SystemClock
from kiosk.adapters.first_boot_report import NAME, Report, Stage
from kiosk.adapters.setting_up import Machine, nudge
from kiosk.wiring.first_boot import Ground, first_boot
from shared.errors import DeviceError

AGAIN = 1
"""The exit code that says: begin anew in a while, for something may be there then."""


def run_first_boot(words: Sequence[str]) -> tuple[int, list[str]]:
    """The exit code, and what to print; 0 also where only a person can go on."""
    chosen = _parser().parse_args(words)
    ground = Ground(chosen.settings, chosen.data, chosen.root, chosen.ssh)
    is_running_system = chosen.root.resolve() == Path("/")
    machine = Machine(chosen.root, nudge if is_running_system else _tell_nobody)
    try:
        report = first_boot(ground, machine, SystemClock())
    except OSError as fault:
        hint = "Is the partition of the kiosk's data mounted, and can it be written?"
        raise DeviceError(f"{chosen.data}: {fault.strerror or fault}", hint=hint) from fault
    hand_over(ground, chosen.owner)
    return AGAIN if report.stage is Stage.TRYING else 0, told(report)


def told(report: Report) -> list[str]:
    """The report in lines for a terminal."""
    if report.stage is Stage.DONE:
        return ["✓ this device is a kiosk"]
    lines: list[str] = []
    for one in report.troubles:
        where = "" if one.line is None else f"line {one.line}: "
        lines += [f"✗ {where}{one.text}", *([f"  → {one.hint}"] if one.hint else [])]
    return lines


def hand_over(ground: Ground, owner: str) -> None:
    """Let the kiosk's own user have what was written, where there is one and we may."""
    try:
        user = pwd.getpwnam(owner)
    except KeyError:
        return
    if os.geteuid() != 0:
        return
    files = [ground.data / name for name in ("kiosk.toml", NAME, "identity")]
    for file in [*files, *(ground.data / "identity").rglob("*")]:
        with suppress(FileNotFoundError):
            os.chown(file, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("semblante-kiosk first-boot")
    boot = Path("/boot/firmware/semblante.toml")
    parser.add_argument("--settings", type=Path, default=boot, help="the file on the card")
    parser.add_argument("--data", type=Path, default=Path("/data/semblante"))
    parser.add_argument("--root", type=Path, default=Path("/"), help="the system to set up")
    parser.add_argument(
        "--ssh", type=Path, default=Path("root/.ssh/authorized_keys"), help="below the root"
    )
    parser.add_argument("--owner", default="semblante", help="the kiosk's user")
    return parser


def _tell_nobody(_words: Sequence[str]) -> None:
    """The system below that root does not run."""
