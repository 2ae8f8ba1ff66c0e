"""What is asked where nobody has chosen anything else."""

from __future__ import annotations

from shared.notices import KioskSettings
from shared.programme import LANGUAGES, TRANSLATED, default_programme
from shared.wire import decode, encode


def test_question_and_reasons_are_there_in_every_language_that_ships() -> None:
    programme = default_programme(1)
    assert programme.languages == LANGUAGES
    texts = [programme.question, *(reason.text for reason in programme.reasons)]
    assert all(set(text) == set(TRANSLATED) and all(text.values()) for text in texts)


def test_it_survives_the_wire() -> None:
    programme = default_programme(7)
    assert decode(KioskSettings, encode(programme)) == programme
