"""A kiosk of the demo: the real one, all parts of it, with simulated shoppers in front of it.

`--config` may be given several times: then the kiosks have no window and share this process, and
each rings up its own sales.
"""

from __future__ import annotations

import argparse
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from uuid6 import uuid7

from kiosk.adapters.logs import configure_logs
from kiosk.core.effects import Page
from kiosk.core.events import SaleSeen
from kiosk.settings import Settings, load_settings
from kiosk.wiring.front import Glass
from kiosk.wiring.signals import ended_by_signal
from kiosk.wiring.whole import Kiosk
from shared.sales import SaleSource
from tests.demo.crowd import Crowd, Notebook
from tests.demo.hands import InboxHand, WindowHand
from tests.demo.stores import DemoStore, demo_stores

_LOOK_SECONDS = 0.1


class WatchedGlass:
    """A glass that also tells the shoppers what is on it."""

    def __init__(self, glass: Glass, kiosk: DemoKiosk) -> None:
        self._glass, self._kiosk = glass, kiosk

    def show(self, page: Page) -> None:
        """Show it, and let it be seen."""
        self._glass.show(page)
        self._kiosk.crowd.saw(page)

    def dress(self, night: bool, calm: bool) -> None:
        """Show it by night, or by day."""
        self._glass.dress(night, calm)

    def run(self) -> None:
        """Serve the window."""
        self._glass.run()

    def stop(self) -> None:
        """Close the window."""
        self._glass.stop()

    def every(self, seconds: float, call: Callable[[], None]) -> None:
        """Call it from the window's loop."""
        self._glass.every(seconds, call)

    @property
    def drawn(self) -> bool:
        """Whether a page was painted."""
        return self._glass.drawn

    @property
    def stage(self) -> Any:
        """What the window holds."""
        return getattr(self._glass, "_stage", None)


class DemoKiosk(Kiosk):
    """The real kiosk with a crowd in front of it."""

    crowd: Crowd

    def __init__(
        self, settings: Settings, stack: ExitStack, store: DemoStore, notes: Notebook, seed: int
    ) -> None:
        super().__init__(settings, stack)
        self.point, self.kiosk_id = settings.place.point_id, settings.place.kiosk_id
        self.pace = store.pace
        windowed = settings.screen.driver != "none"
        glass = self.screen
        hand = (
            WindowHand(lambda: getattr(glass, "stage", None))
            if windowed
            else InboxHand(self._post, self._clock)
        )
        zone = ZoneInfo(store.zone)
        self.crowd = Crowd(
            store, self.point, hand, notes, seed, lambda: datetime.now(UTC).astimezone(zone).hour
        )

    def _glass(self) -> Glass:
        return WatchedGlass(super()._glass(), self)

    def start(self) -> None:
        """Start the parts, then let the shoppers come."""
        super().start()
        self.crowd.start()
        self._stack.callback(self.crowd.stop)

    def ring_up(self) -> None:
        """A sale that no till told of."""
        self._post(SaleSeen(self._clock.now(), uuid7().hex, SaleSource.MANUAL))


class Tills:
    """Rings up sales at kiosks that have no till of their own, until told to stop."""

    def __init__(self, kiosks: list[DemoKiosk], notes: Notebook) -> None:
        self._kiosks, self._notes = kiosks, notes
        self._rng = random.Random(1)
        self.closed = False  # no Event: a signal's handler sets it, and must take no lock
        self._thread = threading.Thread(target=self._run, name="tills", daemon=True)

    def start(self) -> None:
        """Open."""
        self._thread.start()

    def close(self, *_: object) -> None:
        """Ring up no more."""
        self.closed = True

    def _run(self) -> None:
        due = [time.monotonic() + self._rng.uniform(0, kiosk.pace) for kiosk in self._kiosks]
        while not self.closed:
            for place, kiosk in enumerate(self._kiosks):
                if time.monotonic() >= due[place]:
                    due[place] += kiosk.pace * self._rng.uniform(0.6, 1.4)
                    self._notes.write(sale=1, kiosk=kiosk.kiosk_id)
                    kiosk.ring_up()
            time.sleep(_LOOK_SECONDS)


def main() -> None:
    """Run one kiosk with a window, or several without."""
    options = _options()
    configure_logs("console", "info")
    stores = {store.store_id: store for store in demo_stores(options.born)}
    with ExitStack() as stack:
        notes = Notebook(options.notes)
        stack.callback(notes.close)
        kiosks = []
        for file in options.config:
            settings = load_settings(file)
            store = stores[settings.place.store_id]
            kiosks.append(DemoKiosk(settings, stack, store, notes, options.seed))
        tills = Tills(kiosks, notes)
        # SIGUSR1: no more sales; SIGTERM, or Ctrl-C: end.
        signal.signal(signal.SIGUSR1, tills.close)
        stack.enter_context(ended_by_signal(kiosks[0].screen.stop))
        for kiosk in kiosks:
            kiosk.start()
        if options.rings_up:
            tills.start()
        kiosks[0].screen.run()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.demo.kiosk", description=__doc__)
    parser.add_argument("--config", type=Path, action="append", required=True)
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--born", type=datetime.fromisoformat, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rings-up", action="store_true", help="sales at the store's own pace")
    return parser.parse_args()


if __name__ == "__main__":
    main()
