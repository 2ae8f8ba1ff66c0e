"""The speaker: plays what was made ahead, in a thread of its own."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import wave
from array import array
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

import structlog

from kiosk.core.effects import Prompt
from kiosk.core.ports import Trouble

log = structlog.get_logger(__name__)

TROUBLE: Final = "voice"
"""A sentence was not made ahead, or the program that plays them is not there or fails."""

LOOK_SECONDS: Final = 0.1
"""How often it is seen whether the speaker is done; only while something is being said."""

LONGEST_SECONDS: Final = 30.0
"""No sentence is as long: a program that still plays hangs."""

MOST_BYTES: Final = 4_000_000
"""A minute and a half of espeak-ng's sound."""

STOP_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Saying:
    language: str
    prompt: Prompt
    volume: int


class Speaker:
    """Port `Voice`. What goes wrong is an alarm and no more: nobody needs the sound to answer."""

    def __init__(self, folder: Path, program: str, *, trouble: Trouble) -> None:
        """The sentences lie in the folder (`es/asking.wav`); the program plays what it reads."""
        self._folder = folder
        self._program = program
        self._trouble = trouble
        self._failing: bool | None = None
        self._sayings: queue.SimpleQueue[_Saying | None] = queue.SimpleQueue()  # None: the end
        self._interrupted = threading.Event()
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)

    def start(self) -> None:
        """Begin to listen for what is to be said."""
        self._thread.start()

    def close(self) -> None:
        """Be silent at once, and end; safe to call twice."""
        self._put(None)
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def say(self, language: str, prompt: Prompt, volume: int) -> None:
        """Say it aloud and return at once; it cuts off what is being said."""
        self._put(_Saying(language, prompt, volume))

    def _put(self, saying: _Saying | None) -> None:
        self._sayings.put(saying)
        self._interrupted.set()

    def _run(self) -> None:
        while (saying := self._sayings.get()) is not None:
            self._interrupted.clear()
            if saying.volume <= 0 or not self._sayings.empty():  # of several the last one counts
                continue
            try:
                self._play(saying)
            except (OSError, ValueError, EOFError, wave.Error) as fault:
                self._tell(str(fault))
            except Exception as fault:
                log.exception("voice_fault")
                self._tell(type(fault).__name__)
            else:
                self._tell(None)

    def _play(self, saying: _Saying) -> None:
        file = self._folder / saying.language / f"{saying.prompt.value}.wav"
        with _in_memory(louder(_read(file), saying.volume)) as sound:
            playing = subprocess.Popen(  # noqa: S603 the program of the settings, and no shell
                [self._program, "-q", "-"],
                stdin=sound,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        try:
            self._attend(playing)
        finally:
            playing.kill()  # where it has ended already, this does nothing
            playing.wait()

    def _attend(self, playing: subprocess.Popen[bytes]) -> None:
        for _ in range(round(LONGEST_SECONDS / LOOK_SECONDS)):
            self._interrupted.wait(LOOK_SECONDS)
            if not self._sayings.empty():
                return
            if (code := playing.poll()) is not None:
                if code:
                    raise OSError(f"{self._program} ended with {code}")
                return
        raise OSError(f"{self._program} does not end")

    def _tell(self, why: str | None) -> None:
        failing = why is not None
        if failing != self._failing:
            if failing:
                log.error("voice_failed", why=why)
            self._trouble(TROUBLE if failing else None)
        self._failing = failing


def louder(sound: bytes, volume: int) -> bytes:
    """The same WAV file at `volume` percent; raises ValueError where it is none of 16 bits."""
    with wave.open(BytesIO(sound)) as read:
        shape, frames = read.getparams(), read.readframes(read.getnframes())
    if shape.sampwidth != 2:
        raise ValueError(f"a sound of {8 * shape.sampwidth} bits")
    samples = array("h", frames[: len(frames) // 2 * 2])
    share = min(max(volume, 0), 100) / 100
    quieter = array("h", (int(sample * share) for sample in samples))
    made = BytesIO()
    with wave.open(made, "wb") as written:
        written.setparams(shape)
        written.writeframes(quieter.tobytes())
    return made.getvalue()


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        sound = opened.read(MOST_BYTES + 1)
    if len(sound) > MOST_BYTES:
        raise ValueError(f"{file} is too long")
    return sound


def _in_memory(sound: bytes) -> BinaryIO:
    """The sound as a file of the kernel's memory: a program can read it, and no card is written."""
    file = os.fdopen(os.memfd_create("sound"), "w+b")
    file.write(sound)
    file.seek(0)
    return file
