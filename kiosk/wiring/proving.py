"""A version on trial gathers its proof; one that is no longer current ends, between shoppers."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from kiosk.adapters.disk import Card
from kiosk.adapters.durable import write_whole
from kiosk.adapters.versions import TRIAL, VERSIONS, Versions, own_version
from kiosk.core.ports import Clock, Outbox
from kiosk.core.proving import Evidence, is_over, proof_of
from kiosk.core.reach import Reach
from kiosk.wiring.updating import INBOX, PROOF
from shared.errors import OutboxError

log = structlog.get_logger(__name__)

EVERY_SECONDS: Final = 5.0
"""A look costs one reading of a link; nobody waits longer for a version that was switched to."""

STOP_SECONDS: Final = 3.0
CONNECT_SECONDS: Final = 3.0

ON_TRIAL: Final = "on-trial"
"""The name under which the outbox is written to, for the proof alone."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How the rest of the kiosk is asked, and told to begin anew."""

    drawn: Callable[[], bool]
    reach: Callable[[], Reach]
    at_rest: Callable[[], bool]
    begin_anew: Callable[[], None]


class Proving:
    """A thread of its own; it looks every few seconds, and writes only while on trial."""

    def __init__(
        self,
        data: Path,
        version: str,
        *,
        ways: Ways,
        outbox: Outbox,
        clock: Clock,
        broker: tuple[str, int],
    ) -> None:
        self._data, self._version = data, version
        self._ways, self._outbox, self._clock, self._broker = ways, outbox, clock, broker
        self._began = clock.now().boot
        self._proved = False
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proving", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """End; safe to call twice."""
        self._ending.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_SECONDS)

    def look(self) -> None:
        """Prove this version where it is on trial; end where another one is current."""
        current = Card().link(self._data / "current")
        if current is not None and current != f"{VERSIONS}/{self._version}":
            self._end_at_rest(current)
        elif not self._proved and (self._data / TRIAL).exists():
            self._prove()

    def _end_at_rest(self, current: str) -> None:
        if self._ways.at_rest():
            log.info("begins_anew", current=current)
            self._ways.begin_anew()

    def _prove(self) -> None:
        trial = Versions(self._data, Card()).shelf().trial
        if trial is None or trial.version != self._version:
            return
        evidence = self._evidence()
        proof = proof_of(evidence)
        if proof is not None:
            word = {"version": self._version, "by": proof.value}
            write_whole(self._data / INBOX / PROOF, json.dumps(word).encode(), 0o640)
            self._proved = True
            log.info("version_proved", version=self._version, by=proof.value)
        elif is_over(evidence.ran):
            log.error("version_unproved", version=self._version)
            self._ways.begin_anew()

    def _evidence(self) -> Evidence:
        reach, ran = self._ways.reach(), self._clock.now().boot - self._began
        receipt = reach.confirmed is not None
        return Evidence(
            ran=ran,
            drawn=self._ways.drawn(),
            written=self._is_written(),
            receipt=receipt,
            answering=receipt or answers(*self._broker),
        )

    def _is_written(self) -> bool:
        try:
            self._outbox.remember(ON_TRIAL, self._version.encode())
        except OutboxError:
            return False
        return True

    def _run(self) -> None:
        while not self._ending.wait(EVERY_SECONDS):
            try:
                self.look()
            except Exception:
                log.exception("proving_failed")


def answers(host: str, port: int) -> bool:
    """Whether anything takes a connection there."""
    with suppress(OSError), socket.create_connection((host, port), CONNECT_SECONDS):
        return True
    return False


def proving(
    ways: Ways, outbox: Outbox, clock: Clock, broker: tuple[str, int], prefix: str = sys.prefix
) -> Proving | None:
    """What proves this program, where it was installed as a version that can be left."""
    own = own_version(Path(prefix))
    if own is None:
        return None
    return Proving(*own, ways=ways, outbox=outbox, clock=clock, broker=broker)
