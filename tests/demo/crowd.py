"""Simulated shoppers: they see a page, think, and touch it; and they write down what they saw."""

from __future__ import annotations

import json
import queue
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from kiosk.core.effects import Asking, Page, Resting, Thanks
from shared.places import PointId
from shared.visits import Face
from tests.demo.stores import DemoStore, Shopper, shopper

_EAGER = 2
"""Shoppers of a demo are asked twice in their heads, so that there is more to see."""


class Hand(Protocol):
    """What a shopper can do to a kiosk."""

    def touch_face(self, face: Face) -> None:
        """Touch a face."""

    def touch_not_now(self) -> None:
        """Touch “not now”."""

    def touch_reason(self, reason: str) -> None:
        """Touch a reason on the thanks page."""

    def touch_done(self) -> None:
        """Touch “done”."""


class Notebook:
    """One line for each thing that was seen, on disk at once: a judge reads it afterwards."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", buffering=1)
        self._lock = threading.Lock()

    def write(self, **note: object) -> None:
        """Add a line."""
        with self._lock:
            self._file.write(json.dumps(note) + "\n")

    def close(self) -> None:
        """End it."""
        self._file.close()


class Crowd:
    """The shoppers at one kiosk, one after the other, in a thread of their own."""

    def __init__(
        self,
        store: DemoStore,
        point: PointId,
        hand: Hand,
        notes: Notebook,
        seed: int,
        hour: Callable[[], int],
    ) -> None:
        self._store, self._point, self._hand, self._notes = store, point, hand, notes
        self._rng = random.Random(f"{seed}/{store.store_id}/{point}/live")
        self._hour = hour
        self._pages: queue.SimpleQueue[Page | None] = queue.SimpleQueue()
        self._last: Page | None = None
        self._thread = threading.Thread(target=self._run, name=f"crowd-{point}", daemon=True)

    def start(self) -> None:
        """Let them come."""
        self._thread.start()

    def stop(self) -> None:
        """Nobody touches anything any more."""
        self._pages.put(None)
        self._thread.join(5)

    def saw(self, page: Page) -> None:
        """The kiosk shows this page now."""
        if isinstance(page, Thanks) and not isinstance(self._last, Thanks):
            self._notes.write(kiosk=self._store.kiosk_at(self._point), thanked=1)
        notice = page.notice if isinstance(page, Resting) else None
        told = {} if notice is None else {"wait": notice.minutes, "told_at": notice.at}
        self._notes.write(kiosk=self._store.kiosk_at(self._point), page=type(page).__name__, **told)
        self._last = page
        self._pages.put(page)

    def _run(self) -> None:
        somebody = Shopper(None, None, skips=False)
        before: Page | None = None
        while (page := self._pages.get()) is not None:
            if isinstance(page, Asking) and not page.leaving:
                somebody = self._next_shopper()
                self._answer(somebody)
            elif isinstance(page, Thanks) and not isinstance(before, Thanks):
                self._give_reason(somebody)
            before = page

    def _next_shopper(self) -> Shopper:
        somebody = shopper(self._rng, self._store, self._point, self._hour())
        for _ in range(_EAGER - 1):
            if somebody.face is None and not somebody.skips:
                somebody = shopper(self._rng, self._store, self._point, self._hour())
        return somebody

    def _answer(self, somebody: Shopper) -> None:
        if somebody.face is not None:
            self._think(0.8, 2.0)
            self._hand.touch_face(somebody.face)
        elif somebody.skips:
            self._think(0.5, 1.5)
            self._hand.touch_not_now()

    def _give_reason(self, somebody: Shopper) -> None:
        if somebody.reason is not None:
            self._think(0.6, 1.2)
            self._hand.touch_reason(somebody.reason)
        if self._rng.random() < 0.4:
            self._think(0.5, 1.0)
            self._hand.touch_done()

    def _think(self, least: float, most: float) -> None:
        threading.Event().wait(self._rng.uniform(least, most))
