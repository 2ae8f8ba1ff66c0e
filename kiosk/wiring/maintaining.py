"""`semblante-kiosk apply-update` and `guard`: what units beside the kiosk's own call."""

from __future__ import annotations

import argparse
import fcntl
import platform
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from kiosk.adapters.bundles import release_keys, take_out, verified
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.disk import Card
from kiosk.adapters.fetching import fetch
from kiosk.adapters.logs import configure_logs
from kiosk.adapters.outbox_tables import SCHEMA
from kiosk.core.fitting import Machine, check_room
from kiosk.wiring.updating import Tools, Updater
from shared.bundles import INSTALLER, Manifest
from shared.errors import DeviceError

DATA: Final = Path("/data/semblante")

KEYS: Final = Path("/etc/semblante/release-keys.json")
"""On the part of the card that nobody but root can write: who may give this kiosk a program."""

LEFT: Final = 3
"""A version that ran was left: the kiosk has to begin anew."""

INSTALL_SECONDS: Final = 1_500
"""Thirty wheels on the slowest board and card take four minutes."""

_PYTHON: Final = "/usr/bin/python3"


def run_apply_update(words: Sequence[str]) -> int:
    """Take up what was interrupted, and do what lies in the inbox; what is refused is told."""
    chosen = _parsed("apply-update", words)
    with _alone(chosen.data):
        _updater(chosen).tend()
    return 0


def run_guard(words: Sequence[str]) -> int:
    """Before each start of a kiosk on trial; or, with --overdue, while one runs."""
    chosen = _parsed("guard", words)
    with _alone(chosen.data):
        if chosen.overdue:
            return LEFT if _updater(chosen).leave_overdue() else 0
        _updater(chosen).guard()
    return 0


def _updater(chosen: argparse.Namespace) -> Updater:
    data, card, clock = chosen.data, Card(), SystemClock()
    tools = Tools(
        fetch=lambda url, to: fetch(
            url, to, data / "identity" / "authority.pem",
            lambda coming: check_room(coming, card.free(to.parent)),
        ),
        verify=lambda bundle: verified(bundle, release_keys(chosen.keys)),
        install=partial(_install, data),
    )  # fmt: skip
    python = ".".join(platform.python_version_tuple()[:2])
    machine = Machine(platform.machine(), python, SCHEMA)
    now = clock.now().boot
    return Updater(data, card, machine, tools, boot=clock.boot_id, now=now)


def _install(data: Path, bundle: Path, manifest: Manifest, _folder: Path) -> None:
    """Let the release install itself beside what runs: it knows best how, and it is verified."""
    installer = bundle.with_suffix(".pyz")
    expected = manifest.files.get(INSTALLER)
    if expected is None:
        raise DeviceError("the bundle holds no installer", code="manifest")
    take_out(bundle, INSTALLER, expected, installer)
    root = data.resolve().parents[1]
    command: list[str | Path] = [_PYTHON, "-I", installer, bundle, "--version-only"]
    command += ["--root", root]
    try:
        done = subprocess.run(  # noqa: S603 nothing of it comes from outside
            command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as fault:
        raise _not_installed("it took too long") from fault
    finally:
        installer.unlink(missing_ok=True)
    if done.returncode != 0:
        raise _not_installed(done.stderr.strip()[-300:])


def _not_installed(why: str) -> DeviceError:
    hint = "What is current stays. Look at the log: “journalctl -u semblante-update”."
    return DeviceError(f"the version cannot be installed: {why}", hint=hint, code="install")


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """The update unit and the guard do not change the same links at the same time."""
    try:
        lock = (data / "update.lock").open("a")
    except OSError as fault:
        hint = "Say --data FOLDER, as the user semblante-update."
        raise DeviceError(f"{data}: {fault.strerror}", hint=hint, code="data") from fault
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _parsed(command: str, words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(f"semblante-kiosk {command}", description=_SAYS[command])
    parser.add_argument("--data", type=Path, default=DATA, help=f"the folder ({DATA})")
    if command == "guard":
        parser.add_argument("--overdue", action="store_true", help="while it runs; 3: it was left")
    parser.add_argument("--keys", type=Path, default=KEYS, help="who signs releases")
    configure_logs("console", "info")
    return parser.parse_args(words)


_SAYS: Final = {
    "apply-update": "Do what lies in the inbox: take another version of the program, or go back.",
    "guard": "Judge a version on trial, before each start of it.",
}
