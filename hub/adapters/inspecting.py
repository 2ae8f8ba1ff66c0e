"""At its start a hub sees for itself that the broker keeps kiosks apart."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

import structlog

from shared.errors import SemblanteError

log = structlog.get_logger(__name__)

AGAIN_S: Final = 30.0
"""Until it is tried again where the broker was not there: it starts beside the hub."""


class Inspection:
    """Looks once, in a thread of its own; where it cannot look it goes on trying."""

    def __init__(self, look: Callable[[], list[str]], again: float = AGAIN_S) -> None:
        """`look` names the topics on which a kiosk was heard that may not write there."""
        self._look, self._again = look, again
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inspection", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is under way is not waited for."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                heard = sorted(set(self._look()))
            except SemblanteError as fault:
                log.warning("inspection.not_possible", why=str(fault), hint=fault.hint)
                self._stopping.wait(self._again)
                continue
            if heard:
                hint = "Run “semblante-hub broker files”, and let the broker read them."
                log.error("inspection.rights_not_kept", topics=heard, hint=hint)
            else:
                log.info("inspection.rights_kept")
            return
