"""What one more register would have done, in both languages."""

from __future__ import annotations

import pytest

from hub.core.waiting.facts import LineId
from hub.core.waiting.windows import WhatIf, Why, Window
from hub.web.whatif_words import WhatIfWords, ordinal
from hub.web.wording import load_words

MINUTE = 60_000
WINDOW = Window(LineId("line-1"), 20261119, 0, 7_200_000)
WORDS = load_words()


def said(language: str, observed: float | None, after: float | None, why: Why = Why.NOTHING) -> str:
    one = WhatIf(WINDOW, 100, observed, after, why)
    return WhatIfWords(WORDS[language], 0.8).effect(one, "17:00", "19:00")


def test_it_is_the_sentence_that_was_asked_for() -> None:
    assert said("en", 8.8 * MINUTE, 5.2 * MINUTE) == (
        "One more register from 17:00 to 19:00 would have cut the 80th percentile of the wait "
        "from 9 min to 5 min."
    )
    assert said("es", 8.8 * MINUTE, 5.2 * MINUTE) == (
        "Una caja más de 17:00 a 19:00 habría bajado el percentil 80 de la espera "
        "de 9\xa0min a 5\xa0min."
    )


def test_what_rounds_to_the_same_changed_little() -> None:
    assert "would have changed little" in said("en", 3.1 * MINUTE, 2.9 * MINUTE)
    assert "less than 1 min" in said("en", 3.1 * MINUTE, 0.2 * MINUTE)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("why", list(Why))
def test_every_reason_has_its_sentence(language: str, why: Why) -> None:
    words = WhatIfWords(WORDS[language], 0.8)
    text = words.why(WhatIf(WINDOW, 3, None, None, why))
    assert (text == "") == (why is Why.NOTHING)
    if language == "es" and text:
        assert text != WhatIfWords(WORDS["en"], 0.8).why(WhatIf(WINDOW, 3, None, None, why))
    assert said(language, None, None, why)


def test_numbers_are_counted_as_english_counts_them() -> None:
    assert [ordinal(n, "en") for n in (50, 61, 72, 83, 94, 11)] == [
        "50th",
        "61st",
        "72nd",
        "83rd",
        "94th",
        "11th",
    ]
    assert ordinal(80, "es") == "80"
