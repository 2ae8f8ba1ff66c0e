"""Wheel and source archive, the same to the last byte whoever builds them from one commit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from shared.errors import ReleaseRefused


def build(tree: Path, moment: int, into: Path) -> None:
    """Build both into the folder `into`; every file in them bears the date `moment`."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(moment), "PYTHONHASHSEED": "0"}
    done = subprocess.run(  # noqa: S603 (our own words, no shell)
        [sys.executable, "-m", "hatchling", "build", "-d", str(into)],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise ReleaseRefused(f"it cannot be built: {done.stderr.strip()[-500:]}")
