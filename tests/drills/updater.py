"""An update unit's process of a drill: the real program, killed before its nth step if so told."""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from kiosk.adapters.disk import Card
from kiosk.wiring.maintaining import run_apply_update
from tests.drills.safeguards import without

STEPS = ("write", "sync", "sync_folder", "rename", "symlink", "remove", "remove_tree",
         "make_folder", "settle")  # fmt: skip
"""What changes a card."""


def dying(before: int) -> ExitStack:
    """The program is killed before its step of that number."""
    stack, numbers = ExitStack(), count(1)
    for name in STEPS:
        step = getattr(Card, name)

        def taken(*words: Any, step: Any = step) -> Any:
            if next(numbers) == before:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*words)

        stack.enter_context(patch.object(Card, name, taken))
    return stack


def main(words: Sequence[str] | None = None) -> None:
    """Do what is owed, as the unit does."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills.updater", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--cut", type=int, default=0, help="killed before this step; 0: never")
    parser.add_argument("--without", default="", help="the safeguard to remove")
    chosen = parser.parse_args(words)
    with dying(chosen.cut), without(chosen.without):
        run_apply_update(["--data", str(chosen.data), "--keys", str(chosen.keys)])


if __name__ == "__main__":
    main()
