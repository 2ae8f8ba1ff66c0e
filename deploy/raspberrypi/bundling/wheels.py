"""The wheelhouse: every locked package for the Pi, fetched once by hash, and our own wheel."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shared.errors import DeviceError

ARCH: Final = "aarch64"
PYTHON: Final = "3.13"  # Debian 13 “Trixie”, on which today's Raspberry Pi OS stands
_GLIBC: Final = ("2_17", "2_27", "2_28", "2_31", "2_34", "2_39")
"""Trixie has glibc 2.41; pip wants each tag by name."""

_EPOCH: Final = "1767225600"
"""2026-01-01: files in our wheel bear this date, so that two builds are the same bytes."""


def fetch_wheels(locked: Path, into: Path) -> Sequence[Path]:
    """Fetch what is not in the cache yet; nothing is taken whose hash the list does not name."""
    folder = into / hashlib.sha256(locked.read_bytes()).hexdigest()[:16]
    if not (folder / ".complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        platforms = [f"--platform=manylinux_{glibc}_{ARCH}" for glibc in _GLIBC]
        _run(
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
            *platforms, f"--platform=manylinux2014_{ARCH}", f"--python-version={PYTHON}",
            "--implementation=cp", "--only-binary=:all:", "--require-hashes", "--no-deps",
            f"--dest={folder}", f"--requirement={locked}",
        )  # fmt: skip
        (folder / ".complete").touch()
    return sorted(folder.glob("*.whl"))


def build_wheel(source: Path, into: Path) -> Path:
    """Our own wheel, by the locked build tool and without network."""
    before = set(into.glob("*.whl"))
    _run(
        sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(into),
        folder=source, SOURCE_DATE_EPOCH=_EPOCH,
    )  # fmt: skip
    (wheel,) = set(into.glob("*.whl")) - before
    return wheel


def _run(*words: str, folder: Path | None = None, **more: str) -> None:
    done = subprocess.run(  # noqa: S603 - words of our own
        words, cwd=folder, env={**os.environ, **more}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-5:]
        raise DeviceError(
            "\n  ".join([f"{' '.join(words[1:4])} failed:", *last]),
            hint="Wheels are fetched once; that needs the internet, or a mirror of the index.",
            code="wheels",
        )
