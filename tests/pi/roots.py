"""A bare arm64 Debian 13, made once and kept: what Raspberry Pi OS stands on, under emulation."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from deploy.raspberrypi.bundling.bundle import LOCKED
from tests.deploy.hub.roots import cache as cache  # noqa: PLC0414 - all roots lie in one place
from tests.parts.namespaces import unshare

PACKAGES: Final = ("python3", "systemd", "ca-certificates")
"""Raspberry Pi OS has these, and bare Debian has not; all else the installer must bring or do."""

BYTECODE: Final = "/var/cache/bytecode"
"""Where Python keeps what it compiled: under emulation that takes minutes, and may be brought."""

_BINFMT: Final = Path("/proc/sys/fs/binfmt_misc")
_RULE: Final = (
    r":qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:"
    r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:"
    "/usr/bin/qemu-aarch64-static:PF"
)
"""As Debian's own package writes it; F: it works inside of other roots, too."""


def emulate() -> None:
    """Let this kernel run programs for arm64, unless it does."""
    if os.uname().machine == "aarch64" or (_BINFMT / "qemu-aarch64").exists():
        return
    if not (_BINFMT / "register").exists():
        mount = ["mount", "-t", "binfmt_misc", "binfmt_misc", str(_BINFMT)]
        subprocess.run(mount, check=True, timeout=20)
    (_BINFMT / "register").write_text(_RULE)


@dataclass(frozen=True, slots=True)
class Debian:
    """Debian 13 with these packages, kept in the cache under this name.

    `making` and `unpacking`: how long they may take, in seconds.
    """

    name: str
    packages: Sequence[str]
    making: int
    unpacking: int
    arch: str = "arm64"

    def unpack(self, to: Path) -> Path:
        """The root; the first time on a machine it is made, which takes minutes."""
        tar = cache() / f"{self.name}.tar"
        if not tar.exists():
            self._make(tar)
        to.mkdir(parents=True)
        subprocess.run(["tar", "-C", to, "-xf", tar], check=True, timeout=self.unpacking)
        return to

    def _make(self, tar: Path) -> None:
        if self.arch == "arm64":
            emulate()
        fresh = tar.with_suffix(".new.tar")
        words = ["mmdebstrap", "--quiet", f"--arch={self.arch}", "--variant=minbase"]
        words += [f"--include={','.join(self.packages)}", "trixie", str(fresh)]
        subprocess.run(words, check=True, timeout=self.making, stdout=subprocess.DEVNULL)
        fresh.replace(tar)


_BARE: Final = Debian("arm64-trixie", PACKAGES, 1_500, 100)


def unpack(to: Path) -> Path:
    """The bare root."""
    return _BARE.unpack(to)


def kept_bytecode() -> Path:
    """Where the bytecode of the locked packages is kept between runs, once it was made."""
    return cache() / f"bytecode-{sha256(LOCKED.read_bytes()).hexdigest()[:8]}.tar"


def inside(root: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the root, with a /proc of its own that goes with it."""
    mount = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
    command = [*unshare("--pid", "--fork"), "sh", "-c", mount, str(root), *words]
    told = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", **env}
    return subprocess.run(
        command, env=told, capture_output=True, text=True, timeout=300, check=False
    )


def installer_of(bundle: Path, folder: Path) -> Path:
    """The installer that a bundle brings along."""
    subprocess.run(["tar", "-C", folder, "-xf", bundle, "install.pyz"], check=True, timeout=60)
    return folder / "install.pyz"


def bring_bytecode(root: Path, version: str) -> None:
    """What another root compiled of the same packages, for this version; anybody may add to it."""
    kept, folder = kept_bytecode(), root / BYTECODE.lstrip("/")
    if kept.exists():
        named = f"--transform=s,versions/0\\.1\\.0,versions/{version},"
        subprocess.run(["tar", "-C", root, "-xf", kept, named], check=True, timeout=60)
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["chmod", "-R", "a+rwX", folder], check=True, timeout=60)
