"""What an update brings to be said is made without anybody being asked."""

from __future__ import annotations

from pathlib import Path

from kiosk.adapters.speech import prompt_file
from kiosk.core.sayings import Prompt, Utterance
from kiosk.screen.words import sentences
from kiosk.wiring.prompting import completed, worded

QUESTION = Utterance("es", "¿Qué tal?")


def test_only_what_is_not_there_is_made_and_before_the_stores_own(tmp_path: Path) -> None:
    for prompt in set(Prompt) - {Prompt.NEEDED, Prompt.CHOSEN}:
        file = prompt_file(tmp_path, "es", prompt)
        file.parent.mkdir(exist_ok=True)
        file.touch()
    lacking = {worded("es", Prompt.NEEDED), worded("es", Prompt.CHOSEN)}
    made = completed(tmp_path, (QUESTION,))
    assert (set(made[:2]), made[2:]) == (lacking, (QUESTION,))
    assert completed(tmp_path, ()) == ()


def test_a_language_without_sentences_has_the_english_ones_as_on_the_glass(tmp_path: Path) -> None:
    assert worded("fr", Prompt.DONE) == worded("en", Prompt.DONE) == Utterance("en", "Done")
    assert worded("ar", Prompt.DONE) == Utterance("ar", sentences("ar")("Done"))
    both = (Utterance("fr", "Bonjour"), Utterance("en", "Hello"))
    made = completed(tmp_path, both)
    assert len(made) == len(set(made)) == len({worded("en", one) for one in Prompt}) + len(both)
