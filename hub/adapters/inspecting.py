"""A hub sees for itself that the broker keeps kiosks apart: at its start, and now and then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Protocol

import structlog

from shared.errors import SemblanteError

log = structlog.get_logger(__name__)

EVERY_S: Final = 900.0
"""From look to look while rights are kept. So long forged records could come unseen; and a look is
two connections and some thirty small messages, which no broker feels."""

AGAIN_S: Final = 30.0
"""Until it is tried again where the broker was not there (it starts beside the hub), or where
rights were not kept: whoever mends them wants to see it."""

_STOPPING_S: Final = 2.0


class Inspections(Protocol):
    """Where it is kept what was seen."""

    def begin(self, at: int) -> None:
        """From now on somebody should look; may raise ArchiveError."""

    def note(self, heard: int, at: int) -> None:
        """Something forbidden arrived on so many topics; may raise ArchiveError."""


class Inspection:
    """Looks now and then, in a thread of its own; where it cannot look it goes on trying."""

    def __init__(
        self,
        look: Callable[[], list[str]],
        book: Inspections,
        now_ms: Callable[[], int],
        pauses: tuple[float, float] = (EVERY_S, AGAIN_S),
    ) -> None:
        """`look` names the topics on which a kiosk was heard that may not write there."""
        self._look, self._book, self._now_ms = look, book, now_ms
        self._every, self._again = pauses
        self._begun = False
        self._said: list[str] | None = None  # what the log knows already
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inspection", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End; a broker that does not answer is not waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOPPING_S)

    def _run(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                pause = self._again if self._inspect() else self._every
            except SemblanteError as fault:
                self._said = None
                log.warning("inspection.not_possible", why=str(fault), hint=fault.hint)
                pause = self._again

    def _inspect(self) -> list[str]:
        if not self._begun:
            self._book.begin(self._now_ms())
            self._begun = True
        heard = sorted(set(self._look()))
        if not self._stopping.is_set():
            self._book.note(len(heard), self._now_ms())
            self._tell(heard)
        return heard

    def _tell(self, heard: list[str]) -> None:
        """A line in the log where it is news; the topics hold a name that is new each time."""
        before, self._said = self._said, heard
        if before is not None and len(before) == len(heard):
            return
        if heard:
            hint = "Run “semblante-hub broker files”, and let the broker read them."
            log.error("inspection.rights_not_kept", topics=heard, hint=hint)
        else:
            log.info("inspection.rights_kept")
