"""The speaker: plays what was made ahead, one part after the other, in a thread of its own."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

import structlog

from kiosk.adapters.speech import MOST_BYTES, prompt_file, utterance_file
from kiosk.core.ports import Trouble
from kiosk.core.sayings import Part, Prompt, Utterance

log = structlog.get_logger(__name__)

TROUBLE: Final = "voice"
"""A sentence was not made ahead, or the program that plays them is not there or fails."""

LOOK_SECONDS: Final = 0.1
"""How often it is seen whether the speaker is done; only while something is being said."""

LONGEST_SECONDS: Final = 100.0
"""No part is as long, see MOST_BYTES: a program that still plays hangs."""

STOP_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Saying:
    language: str
    parts: tuple[Part, ...]
    volume: int


_SILENCE: Final = _Saying("", (), 0)


class Speaker:
    """Port `Voice`. What goes wrong is an alarm and no more: nobody needs the sound to answer."""

    def __init__(
        self,
        folder: Path,
        said: Path,
        program: str,
        *,
        worded: Callable[[str, Prompt], Utterance],
        rehearse: Callable[[tuple[Utterance, ...]], None],
        trouble: Trouble,
    ) -> None:
        """Prompts lie in `folder` (`es/asking.wav`), what `rehearse` has had made in `said`.

        So is a prompt that is not in `folder`, by its words. The program plays what it reads.
        """
        self._worded = worded
        self._folder, self._said = folder, said
        self._program = program
        self.rehearse = rehearse
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

    def say(self, language: str, parts: tuple[Part, ...], volume: int) -> None:
        """Say them aloud and return at once; they cut off what is being said."""
        self._put(_Saying(language, parts, volume))

    def hush(self) -> None:
        """Say no more, at once."""
        self._put(_SILENCE)

    def _put(self, saying: _Saying | None) -> None:
        self._sayings.put(saying)
        self._interrupted.set()

    def _run(self) -> None:
        while (saying := self._sayings.get()) is not None:
            self._interrupted.clear()
            if saying.volume <= 0 or not self._sayings.empty():  # of several the last one counts
                continue
            try:
                self._tell(self._say_all(saying))
            except OSError as fault:
                self._tell(str(fault))
            except Exception as fault:
                log.exception("voice_fault")
                self._tell(type(fault).__name__)

    def _say_all(self, saying: _Saying) -> str | None:
        """Why a part could not be said, if one could not; the others were."""
        why = None
        for part in saying.parts:
            if not self._sayings.empty():
                break
            try:
                sound = self._sound(saying, part)
            except (OSError, ValueError, EOFError, wave.Error) as fault:
                why = str(fault)
            else:
                self._play(sound)
        return why

    def _sound(self, saying: _Saying, part: Part) -> bytes:
        """What is to be played; nothing where a store's words are not made (yet)."""
        if isinstance(part, Prompt):
            return louder(_read(self._prompt(saying.language, part)), saying.volume)
        file = utterance_file(self._said, part)
        return louder(_read(file), saying.volume) if file.exists() else b""

    def _prompt(self, language: str, prompt: Prompt) -> Path:
        made = prompt_file(self._folder, language, prompt)
        other = utterance_file(self._said, self._worded(language, prompt))
        return other if other.exists() and not made.exists() else made

    def _play(self, sound: bytes) -> None:
        if not sound:
            return
        with _in_memory(sound) as read:
            playing = subprocess.Popen(  # noqa: S603 the program of the settings, and no shell
                [self._program, "-q", "-"],
                stdin=read,
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
