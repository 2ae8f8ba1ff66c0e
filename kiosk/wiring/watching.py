"""Looks every minute how this device is, and at once where there is news, and tells the hub."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import structlog

from kiosk.adapters.disk import Card
from kiosk.adapters.durable import write_whole
from kiosk.adapters.first_boot_report import Stage, read_report
from kiosk.adapters.versions import trial_on
from kiosk.adapters.vitals import vitals
from kiosk.core.belonging import wants_to_ask
from kiosk.core.ports import Clock
from kiosk.core.telling import Looks
from kiosk.core.vitals import Equipment, health_of
from kiosk.courier import Courier
from kiosk.settings import Settings
from kiosk.wiring.outward import high_water, joined
from kiosk.wiring.updating import INBOX
from shared.commands import Answer
from shared.errors import DeviceError, SemblanteError
from shared.moments import Moment

log = structlog.get_logger(__name__)

STOP_SECONDS: Final = 3.0


class Watch:
    """A thread of its own, for a card may stall for seconds; `sold` and `again` suit any thread."""

    def __init__(
        self,
        settings: Settings,
        courier: Courier,
        clock: Clock,
        *,
        answers: Callable[[], tuple[Answer, ...]] = lambda: (),
        certificate_until: Callable[[], int | None] = lambda: None,
        trial: Callable[[], str | None] = lambda: None,
        root: Path = Path("/"),
    ) -> None:
        self._settings, self._courier, self._clock = settings, courier, clock
        self._answers, self._trial, self._root = answers, trial, root
        self._certificate_until = certificate_until
        self._high_water = high_water(settings)
        self._began = clock.now().boot
        self._sold: int | None = None
        self._asked: int | None = None
        self._looks = Looks()
        self._news = threading.Condition()  # of the looks, and of the end
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="vitals", daemon=True)

    def start(self) -> None:
        """Look for the first time, and go on."""
        self._thread.start()

    def close(self) -> None:
        """End; safe to call twice."""
        with self._news:
            self._ending = True
            self._news.notify_all()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def sold(self, boot: int) -> None:
        """The till told of a sale at this boot time."""
        self._sold = boot

    def again(self) -> None:
        """Something is to be told now: a command was answered, or a part failed."""
        with self._news:
            self._looks = self._looks.ask()
            self._news.notify_all()

    def look(self) -> None:
        """Read everything, and tell it."""
        settings, now, standing = self._settings, self._clock.now(), self._courier.standing
        found = vitals(settings.outbox.path, self._root)
        till = settings.till is not None or settings.drawer is not None or settings.door is not None
        parts = Equipment(
            till=till,
            buttons=settings.buttons is not None,
            sound=settings.sound is not None,
            heard=self._sold,
            began=self._began,
        )
        self._courier.alarm("card", found.card_ails)
        if settings.identity is not None:  # a trial's outbox may lie anywhere
            self._courier.alarm("volatile", found.durable is False)
            self._courier.alarm("file", _is_stuck(settings.folder))
        self._high_water.note(now)
        self._ask_the_hub(now)
        self._courier.health(
            health_of(
                found,
                parts,
                now,
                standing.version,
                standing.alarms,
                certificate_until=self._certificate_until(),
                trial=self._trial(),
                answers=self._answers(),
            )
        )

    def _ask_the_hub(self, now: Moment) -> None:
        """A renewal tells who is shut out why, and gives everybody else a certificate that fits."""
        if self._settings.identity is None:
            return
        if wants_to_ask(self._courier.reach, self._began, self._asked, now):
            self._asked = now.boot
            with suppress(OSError):  # no inbox: nobody is there to renew
                write_whole(self._settings.folder / INBOX / "renew", b"", 0o640)
                log.info("asks_the_hub")

    def _run(self) -> None:
        while self._is_due():
            try:
                self.look()
            except SemblanteError as fault:
                log.warning("vitals_not_read", why=str(fault)[:200])
            except Exception:
                log.exception("vitals_failed")

    def _is_due(self) -> bool:
        """Wait until it is time for a look; False where there is to be none any more."""
        with self._news:
            while not self._ending:
                now = self._clock.now().boot
                wait = self._looks.wait_ms(now)
                if not wait:
                    self._looks = self._looks.looked(now)  # before: what comes meanwhile counts
                    return True
                self._news.wait(wait / 1_000)
        return False


def watching(
    settings: Settings,
    courier: Courier,
    clock: Clock,
    stack: ExitStack,
    answers: Callable[[], tuple[Answer, ...]] = lambda: (),
) -> Watch:
    """A watch that works until the stack ends; it is started by whoever starts the courier."""
    watch = Watch(
        settings,
        courier,
        clock,
        answers=answers,
        certificate_until=lambda: _until(settings),
        trial=lambda: trial_on(settings.folder, Card()),
    )
    stack.callback(watch.close)
    return watch


def _is_stuck(folder: Path) -> bool:
    """Whether the file on the card was changed, and cannot be taken: it goes on as it was."""
    report = read_report(folder)
    return report is not None and report.stage is Stage.STUCK


def _until(settings: Settings) -> int | None:
    """Until when its certificate is valid, where it has one."""
    try:
        return None if settings.identity is None else joined(settings).until()
    except DeviceError:
        return None
