"""A join code from the hub: its own command, here or over SSH."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from deploy.raspberrypi.cards.settings_file import DeviceWishes
from shared.errors import DeviceError

Ask = Callable[[Sequence[str]], str]
"""Runs a command of the hub and returns what it said; raises DeviceError."""

_SECONDS: Final = 60


def with_code(wishes: DeviceWishes, ask: Ask) -> DeviceWishes:
    """The wishes with a code, the hub's address and its fingerprint, where they were not given."""
    if wishes.join_code:
        return wishes
    words = ("join", "new", wishes.store, wishes.point, wishes.kiosk, "--json")
    try:
        said = json.loads(ask(words))
        code, hub, print_ = (str(said[key]) for key in ("code", "hub", "fingerprint"))
    except (ValueError, KeyError, TypeError) as fault:
        raise DeviceError(
            "the hub's answer to “join new” cannot be read",
            hint="Is the hub of the same version? “semblante-hub --version” says it.",
            code="hub",
        ) from fault
    return replace(wishes, join_code=code, hub=wishes.hub or hub, fingerprint=print_)


def asking(host: str | None, command: str = "semblante-hub") -> Ask:
    """By the hub's command on this machine, or on `host` over SSH."""

    def ask(words: Sequence[str]) -> str:
        line = [*shlex.split(command), *words]
        if host:
            line = ["ssh", "-o", "BatchMode=yes", "--", host, shlex.join(line)]
        try:
            done = subprocess.run(  # noqa: S603 - quoted word by word
                line, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise _unheard(f"{line[0]} cannot be run ({fault})") from fault
        if done.returncode:
            raise _unheard((done.stderr or done.stdout).strip() or f"ended with {done.returncode}")
        return done.stdout

    return ask


def not_asking(_words: Sequence[str]) -> str:
    """What stands for the hub's answer where nothing is to be made: a check costs no code."""
    answer = {"code": "", "hub": "https://the-hub-says.example", "fingerprint": "0" * 64}
    return json.dumps(answer)


def _unheard(why: str) -> DeviceError:
    return DeviceError(
        f"the hub gave no join code: {why}",
        hint="Say JOIN_CODE=, HUB= and FINGERPRINT= from the page “Kiosks”, or HUB_SSH=user@hub.",
        code="hub",
    )
