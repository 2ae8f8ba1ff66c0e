"""The death of a thread on which everything hangs ends the program, which is then started anew."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from shared.errors import SemblanteError

VITAL: Final = frozenset({"intake", "fleet", "queue", "waits", "broker", "APScheduler"})
"""Threads that should run as long as the hub; those of single connections mend themselves."""
HINT: Final = "Report the fault that stands in the log; systemd starts the program anew."


@contextmanager
def ended_by_death(end: Callable[[], None]) -> Iterator[None]:
    """Within the block a vital thread that dies calls `end`; the block then raises.

    Without one of them the program would live on half dead, and look well.
    """
    dead: list[str] = []
    before = threading.excepthook

    def hear(died: threading.ExceptHookArgs) -> None:
        before(died)
        if died.thread is not None and died.thread.name in VITAL:
            dead.append(died.thread.name)
            end()

    threading.excepthook = hear
    try:
        yield
    finally:
        threading.excepthook = before
    if dead:
        raise SemblanteError(f"the thread “{dead[0]}” died", hint=HINT)
