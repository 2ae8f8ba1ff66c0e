"""The real kiosk as `semblante-kiosk` runs it; it only says when it first showed something."""

from __future__ import annotations

import sys
from typing import Any

from kiosk.__main__ import main
from kiosk.screen import glass
from tests.bench.first_flip import tell_first_flip

_open_window = glass.open_window


def _open_and_tell(*size: tuple[int, int], **wishes: Any) -> Any:
    window = _open_window(*size, **wishes)
    tell_first_flip(window)
    return window


if __name__ == "__main__":
    glass.open_window = _open_and_tell
    # The hub's packages bring rich, which structlog then loads; no kiosk has it installed.
    sys.modules["rich"] = None  # type: ignore[assignment]
    sys.exit(main(["run", "--config", sys.argv[1]]))
