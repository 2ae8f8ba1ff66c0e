"""A bare Debian root, and the Python packages of a hub for it; both kept in a cache."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from tests.parts.namespaces import unshare

ROOT: Final = Path(__file__).parents[3]
SUITE: Final = "trixie"
PYTHON: Final = "3.13"
"""Debian 13's own; the machine that runs the tests may have another."""

_LOCK: Final = ROOT / "deploy" / "hub" / "requirements.txt"
_DEBS: Final = "var/cache/apt/archives"


def cache() -> Path:
    """Where what takes long to get is kept between runs."""
    chosen = os.environ.get("SEMBLANTE_CACHE")
    folder = Path(chosen) if chosen else Path.home() / ".cache" / "semblante"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def unpack(to: Path, packages: tuple[str, ...]) -> Path:
    """A bare root, in which apt finds these packages without a network: they are not installed."""
    digest = hashlib.sha256(" ".join(packages).encode()).hexdigest()
    tar = cache() / f"bare-{SUITE}-{digest[:8]}.tar"
    if not tar.exists():
        _make(tar, packages)
    to.mkdir()
    subprocess.run(["tar", "-C", to, "-xf", tar], check=True, timeout=60)
    shutil.copyfile("/etc/resolv.conf", to / "etc" / "resolv.conf")
    return to


def _make(tar: Path, packages: tuple[str, ...]) -> None:
    """Nothing is installed but what every Debian has; the packages only lie in apt's own cache."""
    fresh = tar.with_suffix(".new.tar")
    get = 'chroot "$1" apt-get install --quiet --yes --no-install-recommends --download-only'
    subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", "--skip=cleanup/apt",
         "--aptopt=APT::Keep-Downloaded-Packages true",
         f"--customize-hook={get} {' '.join(packages)}", SUITE, fresh],
        check=True, timeout=400, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    fresh.replace(tar)


def wheels() -> Path:
    """All packages of the locked list as wheels for the root's own Python."""
    wanted = "\n".join(_applying(_LOCK.read_text()))
    folder = cache() / f"wheels-{PYTHON}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}"
    if not folder.exists():
        fresh = folder.with_name(f"{folder.name}.new")
        fresh.mkdir(exist_ok=True)
        (fresh / "wanted.txt").write_text(wanted)
        platforms = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
             "--require-hashes", "--only-binary=:all:", f"--python-version={PYTHON}",
             *(f"--platform={name}_x86_64" for name in platforms), "--platform=any",
             f"--dest={fresh}", f"--requirement={fresh / 'wanted.txt'}"],
            check=True, timeout=400, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        fresh.replace(folder)
    return folder


def _applying(lock: str) -> Iterator[str]:
    """Those lines of a list for every machine that are meant for this one."""
    here = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.5"}
    for block in re.split(r"\n(?=\S)", lock):
        head, *hashes = block.partition("\n    # via")[0].split("\\\n")
        if "==" in head:
            wanted = Requirement(head.strip())
            if wanted.marker is None or wanted.marker.evaluate(here):
                yield "\\\n".join([f"{wanted.name}{wanted.specifier} ", *hashes])


def seeing_itself(root: Path) -> list[str]:
    """Words before a command, by which the root has its own /proc, /run and ports, and this /dev.

    A database that this machine has, or another test makes, listens where the root's will.
    """
    mounts = (
        'ip link set lo up && mount -t proc proc "$0/proc" && '
        'mount --rbind /dev "$0/dev" && mount -t tmpfs tmpfs "$0/run" && exec "$@"'
    )
    alone = unshare("--net", "--pid", "--fork", "--kill-child")
    return [*alone, "sh", "-c", mounts, str(root)]
