"""Feeds systemd's watchdog: only while the glass is served and the outbox can be written."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import structlog

from kiosk.adapters.outbox_probe import is_writable
from kiosk.adapters.systemd import alive, patience

log = structlog.get_logger(__name__)

A_SHARE: Final = 4
"""Beats in systemd's patience: two may be missed in the worst moment of a bad card."""


class Served(Protocol):
    """A glass whose loop can call somebody."""

    def every(self, seconds: float, call: Callable[[], None]) -> None:
        """Call it so often from the loop that serves the glass, as long as that runs."""


class Heart:
    """Beaten by the glass; looks at the outbox in a thread of its own, and tells systemd."""

    def __init__(self, writable: Callable[[], bool], tell: Callable[[], None]) -> None:
        self._writable, self._tell = writable, tell
        self._beaten = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def beat(self) -> None:
        """The glass is served; returns at once."""
        self._beaten.set()

    def close(self) -> None:
        """End; safe to call twice."""
        self._ending = True
        self._beaten.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        well = True
        while True:
            self._beaten.wait()
            self._beaten.clear()
            if self._ending:
                return
            before, well = well, self._writable()
            if well:
                self._tell()
            elif before:
                log.error("outbox_not_writable", hint="systemd starts the kiosk anew.")


def beating(
    glass: Served,
    outbox: Path | None,
    stack: ExitStack,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Feed the watchdog, where systemd has one for us, until the stack ends.

    Without an outbox the glass alone counts: a kiosk that says that it is out of order is well.
    """
    seconds = patience(environment)
    if seconds is None:
        return
    writable = (lambda: True) if outbox is None else partial(is_writable, outbox)
    heart = Heart(writable, partial(alive, environment))
    stack.callback(heart.close)
    heart.start()
    heart.beat()
    glass.every(seconds / A_SHARE, heart.beat)
