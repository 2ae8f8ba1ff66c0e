"""A join code from the hub: its own command, here or over SSH."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from deploy.raspberrypi.cards.settings_file import DeviceWishes
from shared.errors import DeviceError

Ask = Callable[[Sequence[str]], str]
"""Runs a command of the hub and returns what it said; raises DeviceError."""

_SECONDS: Final = 60
NAME: Final = "semblante-hub"


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


def asking(
    host: str | None,
    command: str | None = None,
    config: Path | None = None,
    tell: Callable[[str], None] = lambda _line: None,
) -> Ask:
    """By the hub's command on this machine, or on `host` over SSH; `tell` hears its warnings."""
    program = shlex.split(command) if command else [NAME if host else _here()]

    def ask(words: Sequence[str]) -> str:
        line = [*program, *words, *(("--config", str(config)) if config else ())]
        if host:
            line = ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "--", host,
                    shlex.join(line)]  # fmt: skip
        try:
            done = subprocess.run(  # noqa: S603 - quoted word by word
                line, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise _unheard(f"{line[0]} cannot be run ({fault})") from fault
        if done.returncode:
            raise _refused(words, done.stderr or done.stdout, done.returncode, host)
        for aside in done.stderr.splitlines():
            if aside.startswith("! "):
                tell(aside)
        return done.stdout

    return ask


def not_asking(_words: Sequence[str]) -> str:
    """What stands for the hub's answer where nothing is to be made: a check costs no code."""
    answer = {"code": "", "hub": "https://the-hub-says.example", "fingerprint": "0" * 64}
    return json.dumps(answer)


def _here() -> str:
    """The one that was installed with this Python, else whichever is found."""
    beside = Path(sys.executable).with_name(NAME)
    return str(beside) if beside.exists() else NAME


def _refused(words: Sequence[str], said: str, code: int, host: str | None) -> DeviceError:
    """The hub's own sentence and hint; where there is none, it was not the hub that spoke."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    faults = [line.strip("✗ ") for line in lines if line.startswith("✗")]
    hints = [line.strip("→ ") for line in lines if line.startswith("→")]
    if not faults:
        last = lines[-1] if lines else f"“{' '.join(words[:2])}” ended with {code}"
        return _unheard(f"{host}: {last}" if host else last)
    return DeviceError(
        f"the hub says: {'; '.join(faults)}", hint=hints[-1] if hints else None, code="hub"
    )


def _unheard(why: str) -> DeviceError:
    return DeviceError(
        f"the hub is not reached: {why}",
        hint="HUB_SSH=user@hub says on which server “semblante-hub” is asked. For a card or a "
        "kiosk JOIN_CODE=, HUB= and FINGERPRINT= from the page “Kiosks” do it, too.",
        code="hub",
    )
