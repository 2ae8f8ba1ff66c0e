"""A whole machine for arm64: its own firmware, clock, watchdog and disk, emulated by qemu."""

from __future__ import annotations

import json
import queue
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from deploy.raspberrypi.remote.ssh import Said

PROGRAM: Final = "qemu-system-aarch64"
HOST: Final = "10.0.2.2"
"""Where the machine finds services that listen on 127.0.0.1 of the host."""

STARTS_WITHIN: Final = 1_200.0
"""Seconds: every instruction is emulated, and the host has other things to do."""

_LINE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Parts:
    """What is put into the machine."""

    kernel: Path
    initrd: Path
    card: Path
    words: str
    """The kernel's command line; on a Pi the firmware reads it off the card."""


def command(parts: Parts, folder: Path, rtc: str) -> list[str]:
    """The emulator with a card, a watchdog that resets, a network that ends at the host.

    Its time is counted in its own instructions (2 ns each, about a Pi 3): however busy the host
    is, a second of the machine is a second's work, and a watchdog bites nobody who is well.
    """
    return [
        "nice", "-n", "10", PROGRAM,
        "-M", "virt", "-cpu", "cortex-a72", "-m", "1024",
        "-accel", "tcg,tb-size=512", "-icount", "shift=1",
        "-display", "none", "-nodefaults", "-no-user-config",
        "-kernel", str(parts.kernel), "-initrd", str(parts.initrd), "-append", parts.words,
        "-drive", f"if=none,id=card,format=raw,file={parts.card}",
        "-device", "virtio-blk-pci,drive=card",
        "-device", "i6300esb", "-action", "watchdog=reset",
        "-netdev", "user,id=store", "-device", "virtio-net-pci,netdev=store,romfile=",
        "-chardev", f"file,id=console,path={folder}/console.log,append=on",
        "-serial", "chardev:console",
        "-device", "virtio-serial-pci",
        "-chardev", f"socket,id=hand,path={folder}/hand,server=on,wait=off",
        "-device", "virtserialport,chardev=hand,name=hand",
        "-qmp", f"unix:{folder}/qmp,server=on,wait=off",
        "-rtc", f"base={rtc}",
    ]  # fmt: skip


class Machine:
    """It runs from `on` to `off`, and the card keeps what it keeps. (Also port `Remote`.)"""

    name = "the machine"

    def __init__(self, parts: Parts, folder: Path) -> None:
        self._parts, self._folder = parts, folder
        self._process: subprocess.Popen[bytes] | None = None
        self._hand: _Line | None = None
        self._monitor: _Line | None = None
        self._asked = 0
        self.start = ""
        """Which start of the machine answered last."""

    def on(self, rtc: str = "utc") -> None:
        """Give it power; `rtc` is the time that its clock shows, for a Pi has none."""
        for name in ("hand", "qmp"):
            (self._folder / name).unlink(missing_ok=True)
        words = command(self._parts, self._folder, rtc)
        with (self._folder / "qemu.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self._monitor = _Line(self._folder / "qmp", self._process)
        self._hand = _Line(self._folder / "hand", self._process)
        self._monitor.say({"execute": "qmp_capabilities"})

    def off(self) -> None:
        """Pull its plug: what it has not given to the card is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
        for line in (self._hand, self._monitor):
            if line is not None:
                line.close()
        self._process = self._hand = self._monitor = None

    def until_up(self, seconds: float = STARTS_WITHIN) -> float:
        """Wait until the system of another start answers; how many seconds that took."""
        began, hand = time.monotonic(), self._line(self._hand)
        while True:
            said = hand.hear(began + seconds - time.monotonic())
            if said is None:
                raise TimeoutError(f"the machine did not start within {seconds:.0f} s")
            if said.get("up", self.start) != self.start:
                self.start = said["up"]
                return time.monotonic() - began

    def run(self, *words: str, said: bytes = b"", seconds: float = 90) -> Said:
        """A program on it, as root; one that says nothing in time has ended with 124."""
        assert not said, "nothing is read there"
        hand, self._asked = self._line(self._hand), self._asked + 1
        hand.say({"id": self._asked, "words": words, "seconds": seconds})
        deadline = time.monotonic() + seconds + 30
        while (heard := hand.hear(deadline - time.monotonic())) is not None:
            if heard.get("id") == self._asked:
                return Said(heard["code"], heard["out"])
        return Said(124, "it never answered")

    def follow(self, say: Callable[[str], None], *words: str) -> int:
        """The same, told line by line once it has ended."""
        done = self.run(*words)
        for line in done.out.splitlines():
            say(line)
        return done.code

    def tell(self, *words: str) -> None:
        """A program on it that may take the machine with it: nobody waits for an answer."""
        self._asked += 1
        self._line(self._hand).say({"id": self._asked, "words": words, "seconds": 5})

    def event(self, name: str, seconds: float) -> float | None:
        """Seconds until the emulator tells of this event; None where it does not."""
        began, monitor = time.monotonic(), self._line(self._monitor)
        while (said := monitor.hear(began + seconds - time.monotonic())) is not None:
            if said.get("event") == name:
                return time.monotonic() - began
        return None

    def forget_events(self) -> None:
        """Those that were told until now."""
        while self._line(self._monitor).hear(0) is not None:
            pass

    def _line(self, line: _Line | None) -> _Line:
        assert line is not None, "the machine has no power"
        return line


class _Line:
    """Lines of JSON through a socket of the emulator; heard by a thread, so that none is missed."""

    def __init__(self, path: Path, process: subprocess.Popen[bytes]) -> None:
        self._socket = _connected(path, process)
        self._heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def say(self, said: dict[str, Any]) -> None:
        self._socket.sendall(json.dumps(said).encode() + b"\n")

    def hear(self, seconds: float) -> dict[str, Any] | None:
        try:
            return self._heard.get(timeout=seconds) if seconds > 0 else self._heard.get_nowait()
        except queue.Empty:
            return None

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._socket.close()

    def _listen(self) -> None:
        rest = b""
        with suppress(OSError):
            while chunk := self._socket.recv(_LINE):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    with suppress(ValueError):  # a line that a reset cut off
                        self._heard.put(json.loads(line))


def _connected(path: Path, process: subprocess.Popen[bytes]) -> socket.socket:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(path))
        except OSError:
            line.close()
            time.sleep(0.05)
        else:
            return line
    raise RuntimeError(f"{PROGRAM} does not run: see {path.parent}/qemu.log")


@contextmanager
def machine(parts: Parts, folder: Path) -> Iterator[Machine]:
    """One without power yet; at the end of the block it has none any more."""
    assert shutil.which(PROGRAM), f"{PROGRAM} is not installed: apt install qemu-system-arm"
    made = Machine(parts, folder)
    try:
        yield made
    finally:
        made.off()


def words_of(cmdline: str) -> str:
    """The card's command line for the kernel, with a console that we can read; and with patience
    for disks, which take as many minutes here as they take seconds on a board."""
    unseen = {"quiet", "loglevel=3"}
    kept = [one for one in cmdline.split() if not one.startswith("console=") and one not in unseen]
    return " ".join(["console=ttyAMA0", *kept, "systemd.default_device_timeout_sec=900"])
