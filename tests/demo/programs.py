"""Child programs that are started together, watched, and never left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PATIENCE_S = 6
"""A kiosk may take 3 s to stop and a hub with open streams 2 s."""


class Program:
    """One child, with its output in a log file; it dies with us even if we are killed -9."""

    def __init__(self, name: str, command: Sequence[str], logs: Path) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        """Start it, appending to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(extra or {})},
                preexec_fn=_die_with_parent,  # noqa: PLW1509 — the demo starts programs from its only thread
            )

    @property
    def process_id(self) -> int:
        """Its number, while it runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def ended(self) -> int | None:
        """Its exit code if it has ended without being killed by us, else None."""
        return None if self._process is None else self._process.poll()

    @property
    def plug_pulled(self) -> bool:
        """Whether somebody else killed it with -9."""
        return self.ended == -signal.SIGKILL

    def signal(self, which: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(which)

    def ask_to_stop(self) -> None:
        """Send SIGTERM and go on."""
        self.signal(signal.SIGTERM)

    def stop(self) -> None:
        """Ask it to end, and make it end if it does not."""
        self.ask_to_stop()
        self._wait()

    def kill(self) -> None:
        """Pull its plug: kill -9."""
        self.signal(signal.SIGKILL)
        self._wait()
        self._process = None

    def last_words(self, lines: int = 15) -> str:
        """The end of its log, for whoever must find out why it ended."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _wait(self) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_PATIENCE_S)


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules with this very interpreter."""
    return [sys.executable, "-m", module, *arguments]


def _die_with_parent() -> None:
    # A Ctrl-C reaches the whole terminal group; only the demo itself should act on it, in order.
    os.setpgid(0, 0)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
