"""A whole kiosk, off screen on its real outbox file, with one shopper after the other before it.

`python -m tests.bench.kiosk_visited CONFIG WHAT COUNT` writes one line of JSON for each pair of
visits or each sample, and ends. WHAT is one of

* `taps`: milliseconds until the thanks are painted, with the commit and with nothing in its place,
  and how long the card takes meanwhile for a bare write that is synced;
* `gaps`: milliseconds from frame to frame while the answer is kept, as it is and in 80 ms;
* `soak`: megabytes in memory as visits go by.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from uuid6 import uuid7

from kiosk.adapters.logs import configure_logs
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.effects import Asking, Thanks
from kiosk.core.events import SaleSeen
from kiosk.core.ports import Post
from kiosk.screen.app import KioskScreen
from kiosk.settings import Settings, load_settings
from kiosk.wiring.front import Glass
from kiosk.wiring.whole import Kiosk
from shared.records import Record
from shared.sales import SaleSource
from shared.visits import Face, Visit
from tests.bench.kiosk_finger import Finger
from tests.bench.kiosk_frames import Frames
from tests.bench.kiosk_standing import memory_mb

SLOW_S: Final = 0.08
"""What a worn SD card may take for one commit."""

WATCHED_S: Final = 0.2
"""After a touch: the slow commit, the change of page, and some frames more."""

CONTACT_S: Final = 0.03
"""How long the finger stays: longer than a frame, so that landing and lifting are two events."""

FRAME_S: Final = 1 / 60

ANSWER_BYTES: Final = 12_288
"""Three pages of SQLite's log."""

WARM: Final = 10
"""Pairs that do not count: caches fill, and the graphics driver compiles."""

SAMPLES: Final = 50
"""Readings of the memory in a soak."""

SOAK_FPS: Final = 240
"""Nobody looks at a soak: the window polls for touches more often than 60 times a second."""


class MoodyOutbox(SqliteOutbox):
    """The real outbox, which can also be slow about answers, or keep nothing at all."""

    mood = "disk"

    def keep_open(self, visit: Visit) -> None:
        """Make this the open visit."""
        if self.mood == "slow":
            time.sleep(SLOW_S)
        self._unless_nothing(super().keep_open, visit)

    def seal(self, visit: Visit) -> None:
        """Give the visit its seq."""
        self._unless_nothing(super().seal, visit)

    def add(self, record: Record) -> None:
        """Give any other record its seq."""
        self._unless_nothing(super().add, record)

    def _unless_nothing(self, commit: Callable[[Any], None], record: Record) -> None:
        if self.mood != "nothing":
            commit(record)


class VisitedKiosk(Kiosk):
    """The real kiosk, whose outbox has moods and whose till is us."""

    def __init__(self, settings: Settings, stack: ExitStack) -> None:
        super().__init__(settings, stack)
        self.point = settings.place.point_id

    def ring_up(self) -> None:
        """A sale that no till told of."""
        self._post(SaleSeen(self._clock.now(), uuid7().hex, SaleSource.MANUAL))

    def bare_sync(self) -> float:
        """Seconds for as many bytes as an answer's commit, beside the outbox."""
        file = os.open(self._settings.outbox.path.with_name("bare"), os.O_WRONLY | os.O_CREAT)
        began = time.perf_counter()
        try:
            os.pwrite(file, b"a" * ANSWER_BYTES, 0)
            os.fdatasync(file)
        finally:
            os.close(file)
        return time.perf_counter() - began

    def _memory(self) -> SqliteOutbox:
        outbox, kiosk = self._settings.outbox, self._settings.place.kiosk_id
        self.outbox = MoodyOutbox(outbox.path, kiosk, quota=outbox.quota)
        return self.outbox

    def _glass(self) -> Glass:
        self.glass = super()._glass()
        listen: Callable[[Post], None] = getattr(self.glass, "listen")  # noqa: B009 a window's alone
        listen(self._post)  # nobody told of trouble: we tap faster than any hand may
        return self.glass


class Shopper:
    """Pays, touches a face, sees the thanks; the next one pays."""

    def __init__(self, kiosk: VisitedKiosk, stage: Any, window: Any) -> None:
        self._kiosk, self._stage, self._height = kiosk, stage, window.height
        self._frames, self._finger = Frames(window, stage), Finger()
        self._draw = random.Random(7)

    def taps(self, pairs: int) -> Iterator[object]:
        """See the module."""
        for both in self._in_turn(pairs, "disk", "nothing"):
            took = {mood: self._visit(mood)[1] * 1_000 for mood in both}
            yield took | {"sync": self._kiosk.bare_sync() * 1_000}

    def gaps(self, pairs: int) -> Iterator[object]:
        """See the module."""
        _paint_always()
        for both in self._in_turn(pairs, "disk", "slow"):
            yield {mood: self._gaps_of(mood) for mood in both}

    def soak(self, visits: int) -> Iterator[object]:
        """See the module."""
        _hurry()
        for number in range(visits):
            if number % max(1, visits // SAMPLES) == 0:
                yield {"visits": number, "memory": memory_mb("self")}
            self._visit("disk", contact=0)
            self._give_reason(number)

    def _in_turn(self, pairs: int, one: str, other: str) -> Iterator[tuple[str, str]]:
        for number in range(-WARM, pairs):
            both = (one, other) if number % 2 else (other, one)
            if number >= 0:
                yield both
            else:
                for mood in both:
                    self._visit(mood)

    def _visit(self, mood: str, contact: float = CONTACT_S) -> tuple[float, float]:
        """When the finger lifted, and how long after that the thanks were painted."""
        self._kiosk.outbox.mood = mood
        self._kiosk.ring_up()
        self._frames.wait_for(lambda page: isinstance(page, Asking))
        if contact:  # people do not keep step with frames
            time.sleep(self._draw.uniform(0, FRAME_S))
        key = self._stage.asking.faces[self._draw.choice(list(Face))]
        lifted = self._touch(key, contact)
        return lifted, self._frames.wait_for(lambda page: isinstance(page, Thanks)) - lifted

    def _gaps_of(self, mood: str) -> list[float]:
        lifted, _ = self._visit(mood)
        time.sleep(max(0.0, lifted + WATCHED_S - time.perf_counter()))
        return [1_000 * gap for gap in self._frames.gaps(lifted, lifted + WATCHED_S)]

    def _give_reason(self, number: int) -> None:
        keys = [key for key in self._stage.thanks.reasons if key.opacity]
        key = keys[number % len(keys)]
        self._touch(key, 0)
        self._frames.wait_for(lambda page: isinstance(page, Thanks) and page.chosen == key.reason)

    def _touch(self, key: Any, contact: float) -> float:
        x, y = key.target.center
        self._finger.land(x, self._height - y)
        time.sleep(contact)
        lifted = time.perf_counter()
        self._finger.lift(x, self._height - y)
        return lifted


def _paint_always() -> None:
    """Something moves in every frame, whatever the page."""
    from kivy.clock import Clock  # noqa: PLC0415 the window comes first
    from kivy.core.window import Window  # noqa: PLC0415

    Clock.schedule_interval(lambda _: Window.canvas.ask_update(), 0)


def _hurry() -> None:
    from kivy.clock import Clock  # noqa: PLC0415 the window comes first

    Clock._max_fps = SOAK_FPS


def main() -> None:
    """Open the kiosk, let the shoppers come, and close it."""
    config, what, count = sys.argv[1:4]
    settings = load_settings(Path(config))
    configure_logs("console", "warning")
    with ExitStack() as stack:
        kiosk = VisitedKiosk(settings, stack)
        kiosk.start()
        screen = kiosk.glass
        assert isinstance(screen, KioskScreen)
        stage = screen.open()
        from kivy.core.window import Window  # noqa: PLC0415 the screen opens it

        shopper = Shopper(kiosk, stage, Window)

        def shop() -> None:
            try:
                for row in getattr(shopper, what)(int(count)):
                    print(json.dumps(row), flush=True)
                print("done", flush=True)
            finally:
                screen.stop()

        threading.Thread(target=shop, daemon=True).start()
        screen.run()


if __name__ == "__main__":
    main()
