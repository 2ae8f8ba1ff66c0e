"""What a kiosk asks before it ever met a hub."""

from __future__ import annotations

import pytest

from hub.core.programme import default_programme
from kiosk.core.programme import FIRST_SERIAL, LANGUAGES, first_settings


@pytest.mark.parametrize("language", LANGUAGES)
def test_question_and_reasons_are_there_in_every_language_that_ships(language: str) -> None:
    first = first_settings((language,), "", "", always_on=False)
    texts = [first.question, *(reason.text for reason in first.reasons)]
    assert all(text[language] for text in texts)


def test_it_is_what_the_hub_asks_by_default_so_that_answers_can_be_counted_together() -> None:
    first = first_settings(LANGUAGES, "", "", always_on=False)
    assert first == default_programme(FIRST_SERIAL)
