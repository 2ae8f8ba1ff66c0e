"""What stands on a device's card in a drill: which version is current, and whether it is whole."""

from __future__ import annotations

import json
from pathlib import Path

KEYS = "release-keys.json"

PROGRAM = b"all of it"
"""What stands for a program: it is whole, or it is not."""


def works(data: Path) -> bool:
    """Whether `current` leads to a version that is whole."""
    folder = data / "current"
    program = folder / "program"
    return (folder / ".complete").exists() and program.exists() and program.read_bytes() == PROGRAM


def current(data: Path) -> tuple[str, int]:
    """The version that runs next, and its serial."""
    manifest = json.loads((data / "current" / "manifest.json").read_text())
    return str(manifest["version"]), int(manifest["serial"])
