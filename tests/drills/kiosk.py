"""A kiosk process of a drill: the real one, `run` and all, with shoppers instead of a window."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from kiosk.__main__ import RESTART
from kiosk.adapters.logs import configure_logs
from kiosk.core.delivery import Limits
from kiosk.core.events import Event, InvitationTouched
from kiosk.core.pages import State
from kiosk.core.patience import patience_ms
from kiosk.core.restarting import RestartAsked
from kiosk.settings import Settings, load_settings
from kiosk.wiring import whole
from kiosk.wiring.front import EarlyGlass, Glass
from kiosk.wiring.outward import open_outbox
from kiosk.wiring.whole import Kiosk
from shared.deliveries import Receipt
from shared.notices import KioskSettings
from shared.visits import Visit
from tests.demo.crowd import Hand
from tests.demo.hands import InboxHand, WindowHand
from tests.drills.clock import DrillClock, true_ms
from tests.drills.safeguards import without
from tests.drills.shelves import KEYS, current, works
from tests.drills.shoppers import Crowd, Notebook, Pace, WatchedGlass
from tests.drills.walks import InboxStroll, Strolling, WindowStroll
from tests.drills.witness import Witnessed

THANKS_MS = 50
"""How long the thanks stand: a setting counts seconds, and a drill has a million to thank."""

PAUSE_MS = 2_000
"""After a refusal the courier pauses 30 s, for people must act first; here the nemesis has."""

_LOOKS_EVERY_S = 0.1

LOOKS_S = 0.5
"""A kiosk looks every five seconds whether another version is current; a drill has no time."""

NO_PROGRAM = 203
"""systemd's word for a program that is not there."""


def quick_patience(state: State, settings: KioskSettings) -> int:
    """As on any kiosk, but for the thanks."""
    return THANKS_MS if state is State.THANKING else patience_ms(state, settings)


def hurried() -> AbstractContextManager[object]:
    """Nobody is thanked for longer than that."""
    return patch("kiosk.core.patience.patience_ms", quick_patience)


def watched(options: argparse.Namespace, write: Callable[..., None], settings: Settings) -> Any:
    """The kiosk's outbox: what it forgets is noted, and its card is as slow as somebody wants."""
    outbox = open_outbox(settings)
    forget, keep_open = outbox.forget, outbox.keep_open

    def told(receipt: Receipt) -> int:
        gone = forget(receipt)
        write(
            receipt=receipt.upto, epoch=receipt.epoch, hub=receipt.hub,
            generation=receipt.generation, at=true_ms(),
        )  # fmt: skip
        return gone

    def kept(visit: Visit) -> None:
        if options.slow_card:
            threading.Event().wait(options.slow_card)
        keep_open(visit)

    setattr(outbox, "forget", told)  # noqa: B010 the courier is told of the same method
    setattr(outbox, "keep_open", kept)  # noqa: B010
    return outbox


class DrillKiosk(Kiosk):
    """All parts of a kiosk, and who stands before it."""

    def __init__(
        self,
        settings: Settings,
        stack: ExitStack,
        greeting: EarlyGlass | None = None,
        *,
        options: argparse.Namespace,
    ) -> None:
        self._options = options
        self._notes = Notebook(options.notes)
        self._ending = threading.Event()
        super().__init__(settings, stack, greeting)
        seed = f"{options.seed}/{settings.place.kiosk_id}/{true_ms()}"
        world = self._seen, self._notes, self._clock, self._post, self._hand()
        pace = Pace(options.pace, options.rush)
        self._crowd = Crowd(
            *world, pace, seed, stroll=self._stroll(), walks=options.walks,
            quick=not self._has_window,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._open_shop, name="crowd", daemon=True)

    def start(self) -> None:
        """Start the parts, then let the shoppers come."""
        super().start()
        self._notes.write(started=os.getpid(), at=true_ms())
        self._thread.start()
        self._stack.callback(self._close_shop)

    def _post(self, event: Event) -> None:
        """Whoever touched it, and with what: a walk is written down before the loop hears of it."""
        if isinstance(event, InvitationTouched):
            self._seen.invited = name = secrets.token_hex(8)
            boot, boot_id = event.at.boot, self._clock.boot_id
            self._notes.write(walk=name, true=true_ms(), boot=boot, boot_id=boot_id)
        super()._post(event)

    def _glass(self) -> Glass:
        self._seen = WatchedGlass(self._notes, super()._glass())
        return self._seen

    def _hand(self) -> Hand:
        if not self._has_window:
            return InboxHand(self._post, self._clock)
        window = self._seen.glass
        return WindowHand(lambda: getattr(window, "_stage", None))

    def _stroll(self) -> Strolling:
        hand = self._hand()
        if isinstance(hand, WindowHand):
            return WindowStroll(hand)
        return InboxStroll(self._post, self._clock)

    @property
    def _has_window(self) -> bool:
        return self._settings.screen.driver != "none"

    def _open_shop(self) -> None:
        door, window = self._options.door, self._seen.glass
        while self._has_window and getattr(window, "_stage", None) is None:
            if self._ending.wait(_LOOKS_EVERY_S):
                return
        self._crowd.come(lambda: self._ending.is_set() or door.exists())
        told = -1
        while not self._ending.wait(_LOOKS_EVERY_S):
            held = self._outbox.held()
            if held.owed == 0 and held.last != told and self._outbox.open_visit() is None:
                told = held.last
                self._notes.write(drained=told, epoch=held.epoch, pid=os.getpid())

    def _close_shop(self) -> None:
        self._ending.set()
        self._thread.join(10)


def started_version(data: Path) -> str | None:
    """What systemd does before a start: whoever judges a trial first, then whatever is current."""
    if not (data / "versions").exists():
        return None
    if (data / "trial.json").exists():
        from kiosk.wiring.maintaining import run_guard  # noqa: PLC0415 another program's memory

        run_guard(["--data", str(data), "--keys", str(data.parent / KEYS)])
    if not works(data):
        sys.exit(NO_PROGRAM)
    return current(data)[0]


def as_version(data: Path, version: str | None) -> AbstractContextManager[object]:
    """The program knows as which version it runs, and looks often whether it still should."""
    stack = ExitStack()
    if version is not None:
        own = patch("kiosk.wiring.proving.own_version", lambda _prefix: (data, version))
        for one in (own, patch("kiosk.wiring.whole.VERSION", version),
                    patch("kiosk.wiring.proving.EVERY_SECONDS", LOOKS_S)):  # fmt: skip
            stack.enter_context(one)
    return stack


def main() -> None:
    """Run it until SIGTERM, or worse."""
    options = _options()
    settings = load_settings(options.config)
    version = started_version(settings.folder)
    write = Notebook(options.notes).write
    ear = partial(Witnessed, write=write)
    configure_logs(settings.log.format, settings.log.level)
    made: Callable[..., Kiosk] = partial(DrillKiosk, options=options)
    with (
        patch("kiosk.wiring.whole.SystemClock", partial(DrillClock, options.clock)),
        patch("kiosk.wiring.whole.Kiosk", made),
        patch("kiosk.wiring.whole.open_outbox", partial(watched, options, write)),
        patch("kiosk.wiring.outward.Verified", ear),
        patch("kiosk.wiring.outward.Limits", partial(Limits, pause=PAUSE_MS)),
        hurried(),
        as_version(settings.folder, version),
        without(options.without),
    ):
        try:
            whole.run(settings)
        except RestartAsked:
            sys.exit(RESTART)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.drills.kiosk", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--clock", type=Path, required=True)
    parser.add_argument("--door", type=Path, required=True, help="no shopper comes once it exists")
    parser.add_argument("--pace", type=float, default=5, help="shoppers in a second")
    parser.add_argument("--rush", type=float, default=0, help="seconds of more than that at first")
    parser.add_argument("--walks", type=float, default=0, help="the share that accepts to walk")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--slow-card", type=float, default=0, help="seconds a commit takes longer")
    parser.add_argument("--without", default="", help="the safeguard to remove")
    return parser.parse_args()


if __name__ == "__main__":
    main()
