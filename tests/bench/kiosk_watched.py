"""The real kiosk as `semblante-kiosk` runs it; it says when it first showed and first served."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from kiosk.__main__ import main
from kiosk.screen import glass
from kiosk.screen.app import KioskScreen
from tests.bench.first_flip import tell_first_flip

_open_window = glass.open_window
_run = KioskScreen.run


def _open_and_tell(*size: tuple[int, int], **wishes: Any) -> Any:
    window = _open_window(*size, **wishes)
    tell_first_flip(window)
    return window


def _tell_and_run(screen: KioskScreen) -> None:
    print(f"serves {os.getpid()} {time.monotonic()}", flush=True)
    _run(screen)


if __name__ == "__main__":
    setattr(KioskScreen, "run", _tell_and_run)  # noqa: B010
    glass.open_window = _open_and_tell
    # The hub's packages bring rich, which structlog then loads; no kiosk has it installed.
    sys.modules["rich"] = None  # type: ignore[assignment]
    sys.exit(main(["run", "--config", sys.argv[1]]))
