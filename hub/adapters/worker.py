"""A thread that keeps doing one thing, whatever happens while it does it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)

_PAUSE = 1.0
"""Seconds after a step that failed in a way nobody foresaw: no hot loop, no long silence."""


class Worker:
    """Calls `step` again and again until stopped; a step waits for work a second at most."""

    def __init__(self, name: str, step: Callable[[], None]) -> None:
        self.name = name
        self._step = step
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Let the step under way end, and no other begin; safe to call twice."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(30)  # a step ends within a second; a commit may take longer

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._step()
            except Exception:
                log.exception("worker.step_failed", worker=self.name)
                self._stopping.wait(_PAUSE)
