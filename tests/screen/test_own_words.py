"""A store's own question, reasons and deed stand whole on every glass, as long as they may be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.effects import Asking
from kiosk.screen.boxes import Box
from shared.notices import MOST_REASONS, Deed, Reason
from shared.programme import LONGEST_DEED, LONGEST_QUESTION, LONGEST_REASON
from tests.screen.rig import Rig
from tests.screen.samples import EVERY_SIZE, LANGUAGES, thanks, waiting

pytestmark = pytest.mark.screen

SMALLEST = 0.5
"""Of the size as designed: still more than 2 mm high on seven inches."""

SENTENCES = {
    "es": "La limpieza de los pasillos y el trato en esta caja " * 4,
    "ar": "نظافة الممرات والمعاملة عند صندوق الدفع " * 4,
}


@pytest.mark.parametrize("size", EVERY_SIZE, ids=str)
@pytest.mark.parametrize("language", SENTENCES)
def test_nothing_of_it_is_cut(rig: Rig, size: tuple[int, int], language: str) -> None:
    said = SENTENCES[language]
    half = {language: said[:LONGEST_DEED]}
    reasons = [Reason(f"r{at}", {language: said[:LONGEST_REASON]}) for at in range(MOST_REASONS)]
    for page in (
        Asking(language, LANGUAGES, {language: said[:LONGEST_QUESTION]}, "Caja 3"),
        replace(thanks(language), reasons=tuple(reasons)),
        replace(waiting(language), deed=Deed(half, half)),
    ):
        rig.show(page, size)
        for name, text in rig.letterings():
            assert text.whole, f"{name} of {page}"
            assert text.size >= SMALLEST * text.wished, f"{name} of {page}"
        inked = [text.ink for _, text in rig.letterings()]
        assert all(Box(0, 0, *size).right + 1 >= ink.right for ink in inked)
