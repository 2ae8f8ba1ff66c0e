"""A real X server without a monitor (Xvfb), and a hand that points and types (xdotool)."""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

PATIENCE = 20.0
"""Seconds for the server to come up or to do as it is told; it takes under one."""


@dataclass(frozen=True, slots=True)
class Display:
    """A running X server, by its name (`:99`)."""

    name: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a program that opens its window there."""
        return os.environ | {"DISPLAY": self.name}

    def hand(self, *arguments: str | int) -> str:
        """Do something with mouse or keyboard, by xdotool; its answer."""
        return subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        ).stdout

    def click(self, program: str, x: float, y: float) -> None:
        """Press and let go at that place of its window, counted from the upper left corner."""
        window = self.hand("search", "--onlyvisible", "--class", f"^{program}$").split()[-1]
        self.hand("mousemove", "--window", window, round(x), round(y), "click", 1)

    def press(self, *keys: str) -> None:
        """Press keys by their X names, e.g. `Escape`."""
        self.hand("key", *keys)


@contextmanager
def running_display(width: int = 1280, height: int = 1280) -> Iterator[Display]:
    """An X server with a free number, gone at the end."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [
            *("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24"),
            *("-nolisten", "tcp", "-noreset"),
        ],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        yield Display(f":{_number_from(reading)}")
    finally:
        os.close(reading)
        server.terminate()
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _number_from(pipe: int) -> int:
    """The display number, which the server writes as soon as it can be reached."""
    written = b""
    while not written.endswith(b"\n"):
        ready, _, _ = select.select([pipe], [], [], PATIENCE)
        part = os.read(pipe, 16) if ready else b""
        if not part:
            raise RuntimeError(f"Xvfb did not start within {PATIENCE:g} s")
        written += part
    return int(written)
