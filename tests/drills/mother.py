"""A process that has imported a program already, and forks it: what a start costs is paid once.

Whoever is born here is a process of its own, with its own memory, files, threads and pid; it can be
killed -9 like any other, and dies with the drill. Only Python's imports are not done anew.

Laws of this page
1. The mother has no thread and opens nothing but its pipe, so that a fork takes nothing along.
2. It reaps a child only when asked, so a pid that the drill knows is never somebody else's.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from tests.demo.programs import Program, python

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Birth:
    """What is to be born: a module with a `main`, its arguments, surroundings and log."""

    module: str
    arguments: list[str]
    env: dict[str, str]
    log: str


class Mother:
    """The drill's side: asks for children; one at a time, from any thread."""

    def __init__(self, *modules: str) -> None:
        self._process = subprocess.Popen(
            python("tests.drills.mother", *modules), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._turn = threading.Lock()

    @property
    def pid(self) -> int:
        """Of the mother herself."""
        return self._process.pid

    def bear(self, birth: Birth) -> Child:
        """A new process."""
        return Child(self, int(self._ask({"bear": vars(birth)})))

    def reap(self, pid: int) -> int | None:
        """How that child ended; None while it lives."""
        code: int | None = self._ask({"reap": pid})
        return code

    def close(self) -> None:
        """No more; its children must have ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


@dataclass
class Child:
    """As much of `subprocess.Popen` as a `Program` uses."""

    mother: Mother
    pid: int
    code: int | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def poll(self) -> int | None:
        """How it ended; None while it lives."""
        with self._turn:
            if self.code is None:
                self.code = self.mother.reap(self.pid)
            return self.code

    def send_signal(self, which: int) -> None:
        """Signal it, if it lives."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, which)

    def kill(self) -> None:
        """Pull its plug."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float) -> int:
        """Until it has ended; raises TimeoutExpired."""
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            self._sleep(left)
        return code

    def _sleep(self, seconds: float) -> None:
        """Until it ends, or so long."""
        try:
            ends = os.pidfd_open(self.pid)
        except ProcessLookupError:  # another thread has just asked how it ended
            return
        try:
            select.select([ends], [], [], seconds)
        finally:
            os.close(ends)


class Forked(Program):
    """A program that its mother forks, instead of a Python that begins from nothing."""

    def __init__(
        self, name: str, mother: Mother, module: str, arguments: Sequence[str], logs: Path
    ) -> None:
        super().__init__(name, [module, *arguments], logs)
        self._mother = mother

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        """Start it, appending to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        module, *arguments = self._command
        env = {**os.environ, **(extra or {})}
        child = self._mother.bear(Birth(module, arguments, env, str(self.log)))
        self._process = cast("subprocess.Popen[bytes]", child)


def main() -> None:
    """Import what is named, then bear whoever is asked for, until nobody asks any more."""
    _die_with_parent()
    for module in sys.argv[1:]:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    mother = os.getpid()
    birth = _serve()
    if birth is not None:  # this is the child
        _become(birth, mother)


def _serve() -> Birth | None:
    for line in sys.stdin.buffer:
        question = json.loads(line)
        if "reap" in question:
            answer = _reaped(question["reap"])
        else:
            answer = os.fork()
            if not answer:
                return Birth(**question["bear"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return None


def _reaped(pid: int) -> int | None:
    gone, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if gone else None


def _become(birth: Birth, mother: int) -> None:
    os.setpgid(0, 0)  # Ctrl-C is for the drill alone
    _die_with_parent()
    if os.getppid() != mother:  # she died before it could be told of that
        sys.exit(1)
    _take(os.open(os.devnull, os.O_RDONLY), 0)
    _take(os.open(birth.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), 1)
    os.dup2(1, 2)
    os.environ.clear()
    os.environ.update(birth.env)
    sys.argv = [birth.module, *birth.arguments]
    importlib.import_module(birth.module).main()


def _take(file: int, place: int) -> None:
    os.dup2(file, place)
    os.close(file)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
