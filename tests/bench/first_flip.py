"""The moment at which a window first shows something, told as a line that a parent can read."""

from __future__ import annotations

import os
import time
from typing import Any


def tell_first_flip(window: Any) -> None:
    """Print our process number and the monotonic time, once, right after the first flip."""
    flip = window.flip

    def flip_and_tell() -> None:
        flip()
        window.flip = flip
        print(f"first-flip {os.getpid()} {time.monotonic()}", flush=True)

    window.flip = flip_and_tell
