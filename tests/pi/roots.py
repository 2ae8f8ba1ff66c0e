"""A bare arm64 Debian 13, made once and kept: what Raspberry Pi OS stands on, under emulation."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from tests.parts.namespaces import unshare

PACKAGES: Final = ("python3", "systemd", "ca-certificates")
"""Raspberry Pi OS has these, and bare Debian has not; all else the installer must bring or do."""

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


def cache() -> Path:
    """Where what takes long to get is kept between runs."""
    chosen = os.environ.get("SEMBLANTE_CACHE")
    folder = Path(chosen) if chosen else Path.home() / ".cache" / "semblante"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def unpack(to: Path) -> Path:
    """The bare root; the first time on a machine it is made, which takes five minutes."""
    tar = cache() / "arm64-trixie.tar"
    if not tar.exists():
        fresh = tar.with_suffix(".new.tar")
        words = ["mmdebstrap", "--quiet", "--arch=arm64", "--variant=minbase"]
        words += [f"--include={','.join(PACKAGES)}", "trixie", str(fresh)]
        subprocess.run(words, check=True, timeout=1_500, stdout=subprocess.DEVNULL)
        fresh.replace(tar)
    to.mkdir(parents=True)
    subprocess.run(["tar", "-C", to, "-xf", tar], check=True, timeout=100)
    return to


def inside(root: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the root, with a /proc of its own that goes with it."""
    mount = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
    command = [*unshare("--pid", "--fork"), "sh", "-c", mount, str(root), *words]
    told = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", **env}
    return subprocess.run(
        command, env=told, capture_output=True, text=True, timeout=300, check=False
    )


def bring_bytecode(root: Path, kept: Path, version: str, folder: str) -> None:
    """What another root compiled of the same packages, for this version; anybody may add to it."""
    if kept.exists():
        named = f"--transform=s,versions/0\\.1\\.0,versions/{version},"
        subprocess.run(["tar", "-C", root, "-xf", kept, named], check=True, timeout=60)
    (root / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
    subprocess.run(["chmod", "-R", "a+rwX", root / folder.lstrip("/")], check=True, timeout=60)
