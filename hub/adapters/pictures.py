"""Pictures of what kiosks show, drawn by the kiosk's own program beside us.

The hub never imports the kiosk: it runs `semblante-kiosk draw`, one at a time, bounded in time and
in what it may leave, with nothing of the hub's own environment, and keeps what was drawn.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import structlog

from hub.core.pictures import PAGES, Glass
from shared.notices import KioskSettings
from shared.questions import Questionnaire
from shared.walking import Place
from shared.wire import encode

log = structlog.get_logger(__name__)

LONGEST_S = 40
"""A start of the graphics takes three seconds on a desk, and ten on a loaded small machine."""

LARGEST_PICTURE = 1_000_000
"""Bytes; a page of 1280×800 has about 40,000."""

MOST_KEPT = 400
"""Pictures in memory: eight questionnaires of 50 questions, about 12 MB."""

MOST_WAITING = 12
"""Requests that wait for a drawing; who comes then is told to come again."""


class DrawnPictures:
    """What the program drew, kept by what was to be seen."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = _program(command)
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._drawing, self._waiting = threading.Lock(), threading.Semaphore(MOST_WAITING)

    @property
    def available(self) -> bool:
        """Whether there is a program that draws."""
        return self._command is not None

    def picture(self, questionnaire: Questionnaire, question: str, glass: Glass) -> bytes | None:
        """A PNG of that question; None where it cannot be drawn, or not just now."""
        it = questionnaire
        languages = it.languages or (glass.language,)  # a draft may have none yet
        settings = KioskSettings(1, "", "", languages, questionnaire=it)
        count = len(it.questions)
        places = [Place(one, number, count) for number, one in enumerate(it.questions, 1)]
        keys = {f"{one.number}-{one.question.id}": _key(one, glass) for one in places}
        here = next((one for one in places if one.question.id == question), None)
        return None if here is None else self._found(_key(here, glass), settings, glass, keys)

    def page(self, settings: KioskSettings, page: str, glass: Glass) -> bytes | None:
        """The same of one of PAGES."""
        shown = replace(settings, serial=1, phone=None)  # of which nothing is seen
        keys = {
            f"{number}-{name}": _key_of_page(shown, name, glass)
            for number, name in enumerate(PAGES, 1)
        }
        return self._found(_key_of_page(shown, page, glass), shown, glass, keys, "--pages")

    def _found(
        self,
        key: str,
        settings: KioskSettings,
        glass: Glass,
        keys: Mapping[str, str],
        *more: str,
    ) -> bytes | None:
        """What is kept, else what the program draws now: all of `keys`, by their files' names."""
        if (kept := self._kept.get(key)) is not None or self._command is None:
            return kept
        if not self._waiting.acquire(blocking=False):
            return None
        try:
            with self._drawing:
                if key not in self._kept:  # somebody else may have let it be drawn meanwhile
                    self._draw(self._command, settings, glass, keys, more)
                return self._kept.get(key)
        finally:
            self._waiting.release()

    def _draw(
        self,
        command: Sequence[str],
        settings: KioskSettings,
        glass: Glass,
        keys: Mapping[str, str],
        more: Sequence[str],
    ) -> None:
        with tempfile.TemporaryDirectory(prefix="semblante-pictures-") as folder:
            home = Path(folder)
            file = home / "settings.json"
            file.write_bytes(encode(settings))
            words = ["draw", "--settings", str(file), "--language", glass.language]
            words += ["--size", glass.size, "--into", str(home / "drawn"), *more]
            words += ["--night"] if glass.night else []
            if not _run([*command, *words], home):
                return
            for name, key in keys.items():
                drawn = _read(home / "drawn" / f"{name}.png")
                if drawn is not None:
                    self._keep(key, drawn)

    def _keep(self, key: str, picture: bytes) -> None:
        self._kept[key] = picture
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)


def _run(command: Sequence[str], home: Path) -> bool:
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "KIVY_HOME": str(home)}
    try:
        done = subprocess.run(  # noqa: S603 - the program is the setting's, the words are ours
            command,
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        log.warning("pictures.not_drawn", why=type(fault).__name__)
        return False
    if done.returncode != 0:
        log.warning("pictures.not_drawn", why=f"exit code {done.returncode}")
    return done.returncode == 0


def _read(file: Path) -> bytes | None:
    try:
        with file.open("rb") as opened:
            picture = opened.read(LARGEST_PICTURE + 1)
    except OSError:
        return None
    whole = picture.startswith(b"\x89PNG") and len(picture) <= LARGEST_PICTURE
    return picture if whole else None


def _key(place: Place, glass: Glass) -> str:
    """By what is to be seen: the question, its place, and the glass."""
    return hashlib.sha256(f"{place} {glass}".encode()).hexdigest()


def _key_of_page(settings: KioskSettings, page: str, glass: Glass) -> str:
    return hashlib.sha256(f"{page} {glass} ".encode() + encode(settings)).hexdigest()


def _program(command: Sequence[str]) -> list[str] | None:
    """The program by its whole path: on the path, or beside the Python that runs us."""
    if not command:
        return None
    beside = Path(sys.executable).parent / command[0]
    found = shutil.which(command[0]) or (str(beside) if beside.is_file() else None)
    return None if found is None else [found, *command[1:]]
