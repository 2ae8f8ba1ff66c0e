"""Writes diagnostic files, whole or not at all, and keeps the newest few."""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from shared.errors import HardwareError

MOST_KEPT: Final = 10
"""A technician takes one; the card is small."""

_HINT: Final = "Give the kiosk's user a folder to write in: [panel] diagnostics in kiosk.toml."


def write_diagnosis(folder: Path, kiosk: str, wall_ms: int, document: Any) -> Path:
    """Where it lies; raises HardwareError."""
    when = datetime.fromtimestamp(wall_ms / 1_000, UTC)
    file = folder / f"{kiosk}-{when:%Y%m%dT%H%M%SZ}.json"
    half = file.with_suffix(".half")
    text = json.dumps(document, ensure_ascii=False, indent=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half.write_text(text, encoding="utf-8")
        half.replace(file)
        for old in sorted(folder.glob(f"{kiosk}-*.json"))[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as fault:
        raise HardwareError(f"{file}: {fault.strerror or fault}", hint=_HINT) from fault
    return file


def machine() -> dict[str, str]:
    """On what the program runs."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "kernel": platform.release(),
        "processor": platform.machine(),
    }
