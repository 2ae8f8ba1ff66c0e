"""Something to post to that a test can wait on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE_SECONDS = 10.0
"""A machine under load; what is waited for mostly comes within milliseconds."""


class Collected(Generic[T]):
    """Takes whatever it is called with; `until` waits for so many."""

    def __init__(self) -> None:
        self.all: list[T] = []
        self._came = threading.Condition()

    def __call__(self, one: T) -> None:
        with self._came:
            self.all.append(one)
            self._came.notify_all()

    def until(self, enough: Callable[[list[T]], bool]) -> list[T]:
        """Everything so far, as soon as it is enough."""
        with self._came:
            assert self._came.wait_for(lambda: enough(self.all), PATIENCE_SECONDS), self.all
            return list(self.all)

    def first(self, count: int) -> list[T]:
        """Everything so far, as soon as so many came."""
        return self.until(lambda all_: len(all_) >= count)
