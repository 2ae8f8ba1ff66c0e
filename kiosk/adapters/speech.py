"""Makes what a kiosk can say, ahead of time, with espeak-ng: whole files, or none."""

from __future__ import annotations

import subprocess
import time
import wave
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from kiosk.core.sayings import Prompt, Utterance
from shared.errors import HardwareError
from shared.visits import CODE_WORD

PROGRAM: Final = "espeak-ng"
WORDS_A_MINUTE: Final = "150"
"""Slower than it speaks by itself (175): for people who hear it among tills."""

PATIENCE_SECONDS: Final = 30.0
"""A sentence takes a tenth of a second; an old card may be slow."""

LOOK_SECONDS: Final = 0.1
"""How often it is seen whether somebody waits for the end."""

MOST_BYTES: Final = 4_000_000
"""A minute and a half; three hundred letters take half of one, and nobody listens longer."""

_INSTALL: Final = "Install the package espeak-ng, and make the sentences again."


def never() -> bool:
    """Nobody wants it to stop."""
    return False


def make_voices(folder: Path, sentences: Mapping[str, Mapping[Prompt, str]]) -> int:
    """Write `language/prompt.wav` for every sentence; how many. Raises HardwareError."""
    made = 0
    for language, prompts in sentences.items():
        for prompt, sentence in prompts.items():
            make(prompt_file(folder, language, prompt), Utterance(language, sentence))
            made += 1
    return made


def prompt_file(folder: Path, language: str, prompt: Prompt) -> Path:
    """Where a sentence of every kiosk lies."""
    return folder / language / f"{prompt.value}.wav"


def utterance_file(folder: Path, utterance: Utterance) -> Path:
    """Where a store's own words lie: other words, or another way to say them, are another file."""
    said = f"{utterance.language}\n{WORDS_A_MINUTE}\n{utterance.text}"
    return folder / f"{sha256(said.encode(errors='replace')).hexdigest()}.wav"


def is_whole(file: Path) -> bool:
    """Whether it is a sound that can be played to its end; a power cut may have left half of it."""
    try:
        size = file.stat().st_size
        with wave.open(str(file)) as sound:
            held: int = sound.getnframes() * sound.getnchannels() * sound.getsampwidth()
            return 0 < held < size <= MOST_BYTES
    except (OSError, EOFError, wave.Error):
        return False


def make(
    file: Path,
    utterance: Utterance,
    *,
    patience: float = PATIENCE_SECONDS,
    stopped: Callable[[], bool] = never,
) -> None:
    """Write the file, unless it is `stopped`; raises HardwareError where it cannot be said."""
    half = file.with_suffix(".half")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        why = _spoken(half, utterance, patience, stopped)
        if why is not None:
            raise HardwareError(f"{PROGRAM} cannot say it in “{utterance.language}”: {why}")
        if half.exists():
            half.replace(file)  # a sound has its name only once it is whole
    except OSError as fault:
        raise HardwareError(f"{file}: {fault}", hint=_INSTALL) from fault
    finally:
        half.unlink(missing_ok=True)


def _spoken(
    half: Path, utterance: Utterance, patience: float, stopped: Callable[[], bool]
) -> str | None:
    """Why it could not be said; what is to be said is data, and never an option."""
    if CODE_WORD.fullmatch(utterance.language) is None:
        return "it is no language"
    speaking = subprocess.Popen(  # noqa: S603 no shell, and the words come by standard input
        [PROGRAM, "-v", utterance.language, "-s", WORDS_A_MINUTE, "-w", str(half), "--stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    with speaking:
        try:
            why = _attended(speaking, utterance, time.monotonic() + patience, stopped)
        finally:
            speaking.kill()  # where it has ended already, this does nothing
    if why is None and not stopped() and not is_whole(half):
        return "what it made is no sound, or too long"
    if why is not None or stopped():
        half.unlink(missing_ok=True)
    return why


def _attended(
    speaking: subprocess.Popen[bytes],
    utterance: Utterance,
    until: float,
    stopped: Callable[[], bool],
) -> str | None:
    words: bytes | None = utterance.text.encode(errors="replace")
    while not stopped():
        try:
            _, told = speaking.communicate(words, timeout=LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            words = None  # they were handed over
        else:
            return _why(speaking.returncode, told) if speaking.returncode else None
        if time.monotonic() >= until:
            return "it does not end"
    return None


def _why(code: int, told: bytes) -> str:
    return told.decode(errors="replace").strip()[:200] or f"it ended with {code}"
