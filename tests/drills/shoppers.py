"""Shoppers at one kiosk, one after the other: they ring up, touch, and write down what they see.

Laws of this page
1. What a shopper does is written down before the kiosk hears of it; what the kiosk shows, while it
   shows it. So whatever lies at the hub was done, and whoever was thanked is in the notebook.
2. The notebook is no file of the kiosk's. Each note is handed to the kernel at once: kill -9 takes
   none. (No sync: nobody cuts the power of the paper in a shopper's hand.)
"""

from __future__ import annotations

import json
import os
import queue
import random
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.core.effects import Asking, Page, Questioning, Resting, Sorry, Thanks
from kiosk.core.events import ChangeTouched, SaleSeen
from kiosk.core.ports import Clock, Post
from kiosk.wiring.front import Glass
from shared.sales import SaleSource
from shared.visits import Face
from tests.demo.crowd import Hand
from tests.drills.clock import true_ms
from tests.drills.walks import Stroller, Strolling

FACES = tuple(Face)

REASONS = ("wait", "service", "products", "other", "nobody-knows-this-one")

PATIENCE_S = 6.0
"""A kiosk that cannot keep an answer says so after five seconds."""

_GLANCE_S = 0.3
"""What a shopper waits for a page that may not come."""


class Notebook:
    """One line a note, at the end of a file that many runs share."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_APPEND | os.O_CREAT | os.O_WRONLY)

    def write(self, **note: object) -> None:
        """Add a line, whole, from any thread."""
        os.write(self._file, json.dumps(note).encode() + b"\n")


class WatchedGlass:
    """A glass, be it a window or none, at which somebody looks: thanks are noted when shown."""

    def __init__(self, notes: Notebook, glass: Glass) -> None:
        self.glass = glass
        self.pages: queue.SimpleQueue[Page] = queue.SimpleQueue()
        self.coming: str | None = None  # the sale whose page has not been shown yet
        self.current: str | None = None
        self.invited: str | None = None  # the walk whose first question has not been shown yet
        self.walking: str | None = None
        self._notes = notes

    def run(self) -> None:
        """Serve the window."""
        self.glass.run()

    def stop(self) -> None:
        """Close it."""
        self.glass.stop()

    def every(self, seconds: float, call: Callable[[], None]) -> None:
        """Call it from the window's loop."""
        self.glass.every(seconds, call)

    @property
    def drawn(self) -> bool:
        """Whether a page was painted."""
        return self.glass.drawn

    def dress(self, night: bool, calm: bool) -> None:
        """Show it by night, or by day."""
        self.glass.dress(night, calm)

    def show(self, page: Page) -> None:
        """Show it to whoever stands there."""
        self.glass.show(page)
        if isinstance(page, Questioning):
            self._question(page)
        elif isinstance(page, Thanks) and self.walking is not None:
            self._notes.write(walked=self.walking, at=true_ms())
        else:
            self.walking = None
            self._visit(page)
        self.pages.put(page)

    def _question(self, page: Questioning) -> None:
        if self.invited is not None:
            self.walking, self.invited = self.invited, None
        if page.answer is not None:
            self._notes.write(stood=self.walking, question=page.question.id, answer=page.answer)

    def _visit(self, page: Page) -> None:
        if isinstance(page, Asking) and not page.leaving and self.coming is not None:
            self.current, self.coming = self.coming, None
        elif isinstance(page, Thanks):
            self._notes.write(thanked=self.current, reason=page.chosen, at=true_ms())
        elif isinstance(page, Sorry):
            self._notes.write(sorry=self.current)


RUSH_PACE: Final = 15.0
"""Shoppers in a second: the thanks alone take 50 ms of 67."""


@dataclass(frozen=True)
class Pace:
    """How many come in a second, at most."""

    usual: float
    rush_s: float = 0

    def after(self, seconds: float) -> float:
        """So long after the shop opened."""
        return RUSH_PACE if seconds < self.rush_s else self.usual


class Crowd:
    """The shoppers at one kiosk, in a thread of their own; they come until the door is shut."""

    def __init__(
        self,
        glass: WatchedGlass,
        notes: Notebook,
        clock: Clock,
        post: Post,
        hand: Hand,
        pace: Pace,
        seed: str,
        *,
        stroll: Strolling,
        walks: float = 0,
        quick: bool = True,
    ) -> None:
        """`hand` is what they touch with, `walks` the share of who is invited, and accepts.

        A finger on a window is not `quick`: it is not down before a drill's thanks are gone.
        """
        self._glass, self._notes, self._clock, self._post = glass, notes, clock, post
        self._hand, self._pace, self._quick = hand, pace, quick
        self._dice = random.Random(seed)
        self._walks = walks
        self._stroller = Stroller(stroll, notes.write, self._see, self._dice)

    def come(self, door_is_shut: Callable[[], bool]) -> None:
        """One after the other."""
        opened = time.monotonic()
        while not door_is_shut():
            began = time.monotonic()
            self._visit()
            pace = self._pace.after(began - opened)
            rest = self._dice.uniform(0.5, 1.5) / pace - (time.monotonic() - began)
            if rest > 0:
                threading.Event().wait(rest)

    def _visit(self) -> None:
        sale = self._ring()
        if self._await(Asking, PATIENCE_S) is None:
            return
        mood = self._dice.random()
        if mood < 0.8:
            self._answer(sale)
        elif mood < 0.9:
            self._notes.write(skipped=sale)
            self._hand.touch_not_now()

    def _ring(self) -> str:
        sale, now = secrets.token_hex(16), self._clock.now()
        self._notes.write(
            sale=sale, true=true_ms(), wall=now.wall, boot=now.boot, synced=now.synced,
            boot_id=self._clock.boot_id,
        )  # fmt: skip
        self._forget_pages()
        self._glass.coming = sale
        seen = SaleSeen(now, sale, SaleSource.MANUAL)
        self._post(seen)
        if self._dice.random() < 0.03:  # an adapter that tells twice
            self._post(seen)
        return sale

    def _answer(self, sale: str) -> None:
        self._touch(sale)
        if self._dice.random() < 0.05:  # and the next one is at the till already
            return
        thanks = self._await(Thanks, PATIENCE_S)
        if thanks is None or (self._quick and self._stroll_from(thanks)):
            return
        if not self._quick:
            self._stroll_from(self._await(Resting, PATIENCE_S))
            return
        mood = self._dice.random()
        if mood < 0.25:
            self._give_reason(sale)
        elif mood < 0.35:
            self._change(sale)
        elif mood < 0.6:
            self._hand.touch_done()
        elif mood < 0.9:
            self._stroll_from(self._await(Resting, _GLANCE_S))

    def _stroll_from(self, page: Page | None) -> bool:
        """Whether somebody accepted the invitation on that page."""
        invited = isinstance(page, Thanks | Resting) and page.invited
        if page is None or not invited or self._dice.random() >= self._walks:
            return False
        self._stroller.walk(page, lambda: self._glass.walking)
        return True

    def _touch(self, sale: str) -> None:
        face = self._dice.choice(FACES)
        self._notes.write(touched=sale, face=face.value, at=true_ms())
        self._hand.touch_face(face)

    def _give_reason(self, sale: str) -> None:
        reason = self._dice.choice(REASONS)
        self._notes.write(reasoned=sale, reason=reason)
        self._hand.touch_reason(reason)
        self._await(Thanks, _GLANCE_S)

    def _change(self, sale: str) -> None:
        self._post(ChangeTouched(self._clock.now()))
        if self._await(Asking, _GLANCE_S) is not None:
            self._touch(sale)
            self._await(Thanks, PATIENCE_S)

    def _await(self, kind: type[Page], seconds: float) -> Page | None:
        """The next page of that kind; None where it does not come, or the visit is over."""
        over: tuple[type[Page], ...] = () if kind is Asking else (Resting, Sorry)
        page = self._see(lambda page: isinstance(page, (kind, *over)), seconds)
        return page if isinstance(page, kind) else None

    def _see(self, wanted: Callable[[Page], bool], seconds: float) -> Page | None:
        """The next page that is wanted; None where it does not come."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                page = self._glass.pages.get(timeout=left)
            except queue.Empty:
                return None
            if wanted(page):
                return page
        return None

    def _forget_pages(self) -> None:
        while not self._glass.pages.empty():
            self._glass.pages.get()
