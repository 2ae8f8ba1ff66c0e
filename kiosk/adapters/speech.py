"""Makes the sentences that a kiosk can say, ahead of time, with espeak-ng."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kiosk.core.effects import Prompt
from shared.errors import HardwareError

PROGRAM: Final = "espeak-ng"
WORDS_A_MINUTE: Final = "150"
"""Slower than it speaks by itself (175): for people who hear it among tills."""

PATIENCE_SECONDS: Final = 30.0
"""A sentence takes a tenth of a second; an old card may be slow."""

_INSTALL: Final = "Install the package espeak-ng, and make the sentences again."


def make_voices(folder: Path, sentences: Mapping[str, Mapping[Prompt, str]]) -> int:
    """Write `language/prompt.wav` for every sentence; how many. Raises HardwareError."""
    made = 0
    for language, prompts in sentences.items():
        for prompt, sentence in prompts.items():
            _make(folder / language / f"{prompt.value}.wav", language, sentence)
            made += 1
    return made


def missing_voices(folder: Path, languages: tuple[str, ...]) -> list[str]:
    """Which sentences are not there, by their files' names."""
    wanted = [f"{language}/{prompt.value}.wav" for language in languages for prompt in Prompt]
    return [name for name in wanted if not (folder / name).is_file()]


def _make(file: Path, language: str, sentence: str) -> None:
    half = file.with_suffix(".half")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(  # noqa: S603 no shell, and the sentence comes by standard input
            [PROGRAM, "-v", language, "-s", WORDS_A_MINUTE, "-w", str(half), "--stdin"],
            input=sentence.encode(),
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
        half.replace(file)  # a sound has its name only once it is whole
    except subprocess.CalledProcessError as fault:
        why = fault.stderr.decode(errors="replace").strip()[:200]
        raise HardwareError(f"{PROGRAM} cannot say it in “{language}”: {why}") from fault
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise HardwareError(f"{file}: {fault}", hint=_INSTALL) from fault
    finally:
        half.unlink(missing_ok=True)
