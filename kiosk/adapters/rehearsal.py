"""Has a store's own words made ahead, in the background: one at a time, when nobody is in need."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from kiosk.adapters.speech import PROGRAM, is_whole, make, utterance_file
from kiosk.core.ports import Trouble
from kiosk.core.sayings import Utterance
from shared.errors import HardwareError

log = structlog.get_logger(__name__)

TROUBLE: Final = "voice"
"""Something could not be made: it stands on the glass, and is not said."""

LEAST: Final = 19
"""The lowest priority that there is: whoever touches the glass meanwhile does not wait."""

PAUSE_SECONDS: Final = 0.2
"""After each one, so that the card is free for answers most of the time."""

PATIENCE_SECONDS: Final = 10.0
"""For one of them; it takes a tenth of a second."""

AGAIN_SECONDS: Final = 3_600.0
"""What could not be made is tried again so much later: somebody may have installed the program."""

MOST: Final = 3_000
"""Fifty questions of twelve choices in four languages are 2,600."""

MOST_BYTES: Final = 128_000_000
"""Thirty questions of six choices in four languages are 90 million."""

SPARE_BYTES: Final = 100_000_000
"""What must be free beside it: answers come first, and they may lie on the same card."""

TRIES: Final = 3
"""A language in which so many fail, and none was made, has no voice here."""

STOP_SECONDS: Final = 3.0


class Rehearsal:
    """Keeps a folder of sounds: what was wanted last is in it, and soon nothing else."""

    def __init__(
        self,
        folder: Path,
        *,
        trouble: Trouble,
        pause: float = PAUSE_SECONDS,
        patience: float = PATIENCE_SECONDS,
        again: float = AGAIN_SECONDS,
    ) -> None:
        """The folder is this kiosk's alone."""
        self._folder = folder
        self._trouble = trouble
        self._pause, self._patience, self._again = pause, patience, again
        self._wanted: tuple[Utterance, ...] | None = None
        self._ending = False
        self._failing = False
        self._stirred = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="rehearsal", daemon=True)

    def start(self) -> None:
        """Begin to wait for something to make."""
        self._thread.start()

    def close(self) -> None:
        """End at once; what is being made is not kept. Safe to call twice."""
        with self._stirred:
            self._ending = True
            self._stirred.notify_all()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def rehearse(self, utterances: tuple[Utterance, ...]) -> None:
        """Make these, the first ones first, and forget all others; returns at once."""
        with self._stirred:
            self._wanted = utterances
            self._stirred.notify_all()

    # The thread

    def _run(self) -> None:
        with suppress(OSError):  # the programs that it starts inherit it
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LEAST)
        wanted: tuple[Utterance, ...] | None = None
        while not self._ending:
            wanted = self._next(wanted)
            if wanted is not None:
                self._try(wanted)

    def _next(self, last: tuple[Utterance, ...] | None) -> tuple[Utterance, ...] | None:
        """What to make now: something new, or after a while what failed."""
        with self._stirred:
            if self._wanted is None and not self._ending:
                self._stirred.wait(self._again if self._failing else None)
            wanted, self._wanted = self._wanted, None
        if self._ending:
            return None
        return last if wanted is None else wanted

    def _try(self, wanted: tuple[Utterance, ...]) -> None:
        try:
            why = self._make_all(wanted)
        except (OSError, HardwareError) as fault:
            why = str(fault)
        except Exception as fault:
            log.exception("voice_fault")
            why = type(fault).__name__
        if not self._is_disturbed():
            self._tell(why)

    def _make_all(self, wanted: tuple[Utterance, ...]) -> str | None:
        """Why something is missing in the end, if anything is."""
        self._folder.mkdir(parents=True, exist_ok=True)
        files = {utterance_file(self._folder, one): one for one in wanted[:MOST]}
        why = self._make_missing(files)
        if self._is_disturbed():
            return None
        for file in set(self._folder.iterdir()) - files.keys():
            file.unlink(missing_ok=True)
        return why if len(wanted) <= MOST else f"{len(wanted)} sentences, at most {MOST}"

    def _make_missing(self, files: dict[Path, Utterance]) -> str | None:
        why, total = None, 0
        tries: dict[str, int] = {}  # by language: how many failed before any was made
        for file, utterance in files.items():
            if self._is_disturbed():
                break
            if not is_whole(file):
                language = utterance.language
                if tries.get(language, 0) >= TRIES:
                    continue
                if (full := self._full(total)) is not None:
                    return full
                if (fault := self._make(file, utterance)) is not None:
                    why = why or fault
                    tries[language] = tries.get(language, 0) + 1
                    continue
            tries[utterance.language] = -MOST
            total += _size(file)
        return why

    def _full(self, total: int) -> str | None:
        """Why no more can be kept, if so."""
        if total >= MOST_BYTES:
            return f"more than {MOST_BYTES} bytes of sentences"
        free = shutil.disk_usage(self._folder).free
        return f"{self._folder}: {free} bytes are free" if free < SPARE_BYTES else None

    def _make(self, file: Path, utterance: Utterance) -> str | None:
        """Why it could not be made, if so."""
        if shutil.which(PROGRAM) is None:
            return f"{PROGRAM} is not installed"
        try:
            make(file, utterance, patience=self._patience, stopped=self._is_disturbed)
        except HardwareError as fault:
            return str(fault)
        with self._stirred:
            if not self._is_disturbed():
                self._stirred.wait(self._pause)
        return None

    def _is_disturbed(self) -> bool:
        """Whether it is the end, or something else is wanted by now."""
        return self._ending or self._wanted is not None

    def _tell(self, why: str | None) -> None:
        if why is not None and not self._failing:
            log.error("voice_failed", why=why)
        if (why is not None) != self._failing:
            self._trouble(None if why is None else TROUBLE)
        self._failing = why is not None


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
