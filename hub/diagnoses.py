"""Takes the diagnostic files that kiosks were asked for, from those that prove who they are."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol

import structlog

from hub.core.diagnosing import Diagnoses, Diagnosis, inert
from hub.core.guessing import Guesses
from hub.core.hours import DAY_MS
from hub.core.identity import Old
from hub.core.refusals import refused
from shared.commands import diagnosis_to_sign
from shared.errors import JoinRefused

log = structlog.get_logger(__name__)

LATE_DAYS: Final = 180
"""So long after its end a certificate still proves whose file it is: one that cannot be renewed is
what such a file may be wanted for."""


class Proving(Protocol):
    """Who knows whose key it is."""

    def proved(self, certificate: str, said: bytes, proof: str) -> Old:
        """The certificate whose key has signed this; raises JoinRefused."""


class Diagnosing:
    """Safe from several threads."""

    def __init__(self, shelf: Diagnoses, authority: Proving, now_ms: Callable[[], int]) -> None:
        self.shelf, self._authority, self._now_ms = shelf, authority, now_ms
        self._guesses, self._lock = Guesses(), threading.Lock()

    def take(
        self, certificate: str, command: str, document: str, proof: str, address: str
    ) -> Diagnosis:
        """Keep a file that was asked for by this command; raises JoinRefused."""
        now = self._now_ms()
        with self._guarded(address, proof, now):
            said = diagnosis_to_sign(command, document)
            old = self._authority.proved(certificate, said, proof)
            latest = old.not_after + LATE_DAYS * DAY_MS
            kept = self.shelf.keep(old, command, inert(document), now, latest)
        log.info("diagnosis.kept", store=kept.store_id, kiosk=kept.kiosk_id, size=kept.size)
        return kept

    @contextmanager
    def _guarded(self, address: str, guess: str, now: int) -> Iterator[None]:
        """Turn away who was refused too often: nobody reads long files for strangers."""
        guess = hashlib.sha256(guess.encode("utf-8", "replace")).hexdigest()
        with self._lock:
            if self._guesses.wait_ms(address, guess, now):
                raise refused("busy")
        try:
            yield
        except JoinRefused as fault:
            with self._lock:
                self._guesses.wrong(address, guess, now)
            log.warning("diagnosis.refused", code=fault.code, address=address, hint=fault.hint)
            raise
