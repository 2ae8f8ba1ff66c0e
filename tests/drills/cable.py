"""A kiosk in a network of its own, joined to ours by one cable that can be pulled.

The proxy (`proxy.py`) makes the faults of a line by hand; here the kernel makes them: segments that
nobody answers and that are sent again, addresses that answer nobody, no route at all. It needs the
right to make network namespaces, and is meant to run in one: then nobody outside sees the broker.
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from tests.demo.programs import Program

PATIENCE_S = 10.0


class Cable:
    """Two ends: `near` is ours, the far one lies in a namespace that lives as long as we do."""

    def __init__(self, number: int, logs: Path) -> None:
        self._net = f"10.73.{number}"
        self.near = f"{self._net}.1"
        self._ends = f"near{number}", f"far{number}"
        self._last_byte = 2
        self._holder = Program(f"cable-{number}", ["unshare", "--net", "sleep", "infinity"], logs)

    def lay(self) -> None:
        """Make the namespace, and plug both ends in."""
        self._holder.start()
        self._await_namespace()
        near, far = self._ends
        _ip("link", "add", "name", near, "type", "veth", "peer", "name", far)
        _ip("link", "set", far, "netns", str(self._pid))
        _ip("address", "add", f"{self.near}/24", "dev", near)
        for end in (far, "lo"):  # paho speaks to itself over the loopback
            self._ip_there("link", "set", end, "up")
        self.plug()
        self.give_address()

    def take_away(self) -> None:
        """End the namespace, and the cable with it."""
        self._holder.kill()

    def inside(self, command: Sequence[str]) -> list[str]:
        """The same command at the far end."""
        return ["nsenter", "--target", str(self._pid), "--net", "--", *command]

    def pull(self) -> None:
        """What is sent is gone, and nobody says so."""
        _ip("link", "set", self._ends[0], "down")

    def plug(self) -> None:
        """Plug it in again."""
        _ip("link", "set", self._ends[0], "up")

    def take_address(self) -> None:
        """Leave the far end without address and route."""
        self._ip_there("address", "flush", "dev", self._ends[1])

    def give_address(self) -> None:
        """Another one than last time, as a router may do: what stood belongs to nobody now."""
        self.take_address()
        self._last_byte = 5 - self._last_byte
        self._ip_there("address", "add", f"{self._net}.{self._last_byte}/24", "dev", self._ends[1])

    @property
    def _pid(self) -> int:
        assert self._holder._process is not None, "it lies nowhere yet"
        return self._holder._process.pid

    def _ip_there(self, *words: str) -> None:
        _run(self.inside(["ip", *words]))

    def _await_namespace(self) -> None:
        ours, deadline = Path("/proc/self/ns/net").readlink(), time.monotonic() + PATIENCE_S
        while Path(f"/proc/{self._pid}/ns/net").readlink() == ours:
            assert time.monotonic() < deadline, self._holder.last_words(3)
            time.sleep(0.01)  # another process makes it


def is_alone() -> bool:
    """Whether this process is in a network without any way out."""
    return [name for _, name in socket.if_nameindex()] == ["lo"]


def alone(command: Sequence[str]) -> list[str]:
    """The same command in a network of its own."""
    return ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *command]


def may_be_laid() -> bool:
    """Whether this machine lets us make networks."""
    alone = "ip link add name a0 type veth peer name b0"
    try:
        return subprocess.run(["unshare", "--net", "sh", "-c", alone], capture_output=True,
                              timeout=PATIENCE_S, check=False).returncode == 0  # fmt: skip
    except OSError:
        return False


def _ip(*words: str) -> None:
    _run(["ip", *words])


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_S)
