"""Tells other systems of alerts, a few at a time, for as long as that helps."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol

import structlog

from hub.adapters.worker import Worker
from hub.core.measures import WEBHOOKS, Meter
from hub.core.waiting.outward import SIGNATURE, Errand, body_of, signature
from shared.errors import SemblanteError, WebhookFailed
from shared.places import StoreId

log = structlog.get_logger(__name__)

NAME: Final = "webhooks"
EVERY_S: Final = 2.0
"""An alert is told within five seconds: two until it is seen, and some for a slow receiver."""

AT_ONCE: Final = 8
OF_A_STORE: Final = 2
"""So one store whose receiver hangs holds up nobody else's alerts."""


class Alerts(Protocol):
    """What is to be told. Any method may raise ArchiveError."""

    def due(self, now: int) -> Sequence[Errand]:
        """What is to be told now: what was never tried first, then the oldest."""

    def claim(self, errand: Errand, now: int) -> bool:
        """Whether this process is to try it: of several that would, one is."""

    def told(self, errand: Errand, now: int) -> None:
        """It was taken."""


class Post(Protocol):
    """How it is sent."""

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Returns once it was taken; raises WebhookFailed."""


class Messenger:
    """A part of the hub: it looks again and again, and sends in threads of its own."""

    def __init__(
        self, alerts: Alerts, post: Post, now: Callable[[], int], meter: Meter | None = None
    ) -> None:
        self._alerts, self._post, self._now = alerts, post, now
        self._meter = meter
        self._worker = Worker(NAME, self.step)
        self._pool = ThreadPoolExecutor(AT_ONCE, "webhook")
        self._under_way: Counter[StoreId] = Counter()
        self._lock, self._ending = threading.Lock(), threading.Event()

    def start(self) -> None:
        """Begin."""
        self._worker.start()

    def stop(self) -> None:
        """Send no other; what is under way ends within seconds."""
        self._ending.set()
        self._worker.stop()
        self._pool.shutdown(cancel_futures=True)

    def step(self) -> None:
        """Look, send, and wait a little; raises ArchiveError."""
        try:
            self.look()
        finally:
            self._ending.wait(EVERY_S)

    def look(self) -> None:
        """Begin to send what is due, as far as there is room."""
        for errand in self._alerts.due(self._now()):
            if self._takes(errand.key.store_id):
                self._begin(errand)

    def _count(self, outcome: str) -> None:
        if self._meter is not None:
            self._meter.add(WEBHOOKS, label=outcome)

    def _takes(self, store: StoreId) -> bool:
        with self._lock:
            return self._under_way.total() < AT_ONCE and self._under_way[store] < OF_A_STORE

    def _begin(self, errand: Errand) -> None:
        if not self._alerts.claim(errand, self._now()):
            return  # another process is at it
        with self._lock:
            self._under_way[errand.key.store_id] += 1
        self._pool.submit(self._send, errand)

    def _send(self, errand: Errand) -> None:
        store, attempt = errand.key.store_id, errand.attempts + 1
        try:
            body = body_of(errand, self._now())
            headers = {
                "Content-Type": "application/json",
                "User-Agent": "Semblante",
                SIGNATURE: signature(errand.hook.key, body),
            }
            self._post.post(errand.hook.address, body, headers)
            self._alerts.told(errand, self._now())
            self._count("told")
            log.info("webhooks.told", store=store, id=errand.name)
        except WebhookFailed as fault:
            self._count("failed")
            log.warning(
                "webhooks.failed", store=store, attempt=attempt, why=str(fault), hint=fault.hint
            )
        except SemblanteError as fault:
            log.warning("webhooks.not_noted", store=store, why=str(fault), hint=fault.hint)
        except Exception:
            log.exception("webhooks.fault", store=store)
        finally:
            with self._lock:
                self._under_way[store] -= 1
