"""Sentences of every kiosk that nobody has made yet are made as a store's own words are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kiosk.adapters.speech import prompt_file
from kiosk.core.sayings import Prompt, Utterance
from kiosk.screen.words import sentences
from kiosk.screen.words.spoken import spoken
from shared.programme import TRANSLATED

_SPARE: Final = "en"
"""In which the glass shows our own sentences where a language has no catalogue."""


def worded(language: str, prompt: Prompt) -> Utterance:
    """The words of a prompt."""
    known = language if language in TRANSLATED else _SPARE
    return Utterance(known, spoken(sentences(known))[prompt])


def completed(folder: Path, utterances: tuple[Utterance, ...]) -> tuple[Utterance, ...]:
    """These, and before them what their languages lack of the prompts in the folder.

    An update brings sentences that “semblante-kiosk voices” was not told to make.
    """
    languages = dict.fromkeys(one.language for one in utterances)
    lacking = [
        worded(language, prompt)
        for language in languages
        for prompt in Prompt
        if not prompt_file(folder, language, prompt).is_file()
    ]
    return tuple(dict.fromkeys((*lacking, *utterances)))
