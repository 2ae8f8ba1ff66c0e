"""A root whose own systemd is its first process, in namespaces and a control group of its own."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.parts.namespaces import unshare

LONGEST: Final = 300
"""Seconds until it is ended in any case, also where whoever started it is gone."""

_ALL: Final = ("-m", "-p", "-n", "-u", "-i", "-C", "-r", "-w")
"""Every namespace of a machine, its root and its working folder: as nsenter calls them."""

BOOT = """
echo $$ > "$1/cgroup.procs"
exec timeout --signal=KILL "$2" \
    $4 --net --pid --uts --ipc --cgroup --fork --kill-child sh -euc '
mount --make-rprivate / 2>/dev/null || true  # of a chroot, which is no mount, it cannot be said
mount --bind "$0" "$0"
mount -t proc proc "$0/proc"
if [ -z "$1" ]; then
    mount -t sysfs -o ro sysfs "$0/sys"
else  # of a /sys that can be written systemd awaits its disks; this one has none
    mount -t tmpfs tmpfs "$0/sys"
    mkdir -p "$0/sys/fs/cgroup"
fi
mount -t cgroup2 cgroup2 "$0/sys/fs/cgroup"
mount -t tmpfs tmpfs "$0/run"
mount -t tmpfs tmpfs "$0/tmp"
mount -t tmpfs -o mode=755 tmpfs "$0/dev"
for device in null zero full random urandom tty; do
    touch "$0/dev/$device"
    mount --bind "/dev/$device" "$0/dev/$device"
done
if [ -n "$1" ]; then
    touch "$0/dev/tty1"
    mount --bind "$1" "$0/dev/tty1"
fi
mkdir "$0/dev/pts" "$0/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$0/dev/pts"
mount -t tmpfs tmpfs "$0/dev/shm"
ln -s pts/ptmx "$0/dev/ptmx"
ln -s /proc/self/fd "$0/dev/fd"
ip link set lo up
hostname hub
exec env container=test chroot "$0" /lib/systemd/systemd
' "$0" "$3"
"""


@dataclass(frozen=True, slots=True)
class Booted:
    """A machine that runs; `first` is its first process, as this one sees it."""

    first: int

    def run(self, *words: str, seconds: float = 90) -> subprocess.CompletedProcess[str]:
        """A command on it, as root; what it said comes back."""
        enter = ["nsenter", f"--target={self.first}", *_ALL]
        path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return subprocess.run(
            [*enter, "env", path, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )


@contextmanager
def booted(root: Path, longest: int = LONGEST, glass: str = "") -> Iterator[Booted]:
    """This root as a machine of its own, until the end of the block, or so many seconds.

    A terminal that is its `glass` is its console /dev/tty1; such a machine waits for disks, too.
    """
    group = _mounted() / f"semblante-{os.getpid()}"
    group.mkdir(exist_ok=True)
    outer = subprocess.Popen(
        ["sh", "-euc", BOOT, str(root), str(group), str(longest), glass, shlex.join(unshare())],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        first = _child(_child(outer.pid))  # timeout has unshare, which has systemd
        machine = Booted(first)
        _until_up(machine)
        yield machine
        machine.run("systemctl", "stop", "semblante-*", "postgresql@*")
        os.kill(first, signal.SIGKILL)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(outer.pid, signal.SIGKILL)
        outer.wait(10)
        _remove(group)


def _mounted() -> Path:
    """Where control groups of the second version are."""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, place, kind, *_ = line.split()
        if kind == "cgroup2":
            return Path(place)
    raise AssertionError("no control groups of version 2 on this machine")


def _child(pid: int) -> int:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.02)
    raise TimeoutError(f"{pid} has no child")


def _until_up(machine: Booted) -> None:
    deadline, said = time.monotonic() + 90, ""
    while time.monotonic() < deadline:
        said = machine.run("systemctl", "is-system-running").stdout.strip()
        if said in {"running", "degraded"}:
            return
        time.sleep(0.2)
    raise TimeoutError(f"systemd is not up: {said}")


def _remove(group: Path) -> None:
    """A control group is a folder that can go once nobody is in it."""
    deadline = time.monotonic() + 10
    while group.exists() and time.monotonic() < deadline:
        for folder in sorted(group.rglob("*/"), key=lambda path: -len(path.parts)):
            with suppress(OSError):
                folder.rmdir()
        with suppress(OSError):
            group.rmdir()
        time.sleep(0.05)
