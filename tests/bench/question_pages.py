"""A process that turns the pages of a questionnaire off screen, and says how long each took.

`python -m tests.bench.question_pages WALKS` writes one JSON object a walk of 30 questions: its
language, the milliseconds of each page from the order to the flip and those of them in which the
processors worked for it, the same of the pages around a visit, and the memory after it in MB.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace

from kiosk.core.effects import Page
from tests.bench.kiosk_standing import memory_mb
from tests.screen.questions import EVERY, answered, asked
from tests.screen.rig import Rig
from tests.screen.samples import RESTING, asking, thanks

LENGTH = 30
LANGUAGES = ("es", "ar")


def main() -> None:
    """Walk again and again, a language in turn."""
    rig = Rig()
    rig.pace(0)
    for language in LANGUAGES:  # fonts, glyphs and sheets are made once, in the first walk
        _walk(rig, language)
    for number in range(int(sys.argv[1])):
        language = LANGUAGES[number % len(LANGUAGES)]
        usual = [_turn(rig, page) for page in (asking(language), thanks(language), RESTING) * 3]
        row = {"language": language, "pages": _walk(rig, language), "usual": usual}
        print(json.dumps(row | {"memory": memory_mb(os.getpid())}), flush=True)


def _walk(rig: Rig, language: str) -> list[tuple[float, float]]:
    """Each question as it comes, and again with its answer: both are page changes."""
    took = []
    for number in range(1, LENGTH + 1):
        question = EVERY[number % len(EVERY)]
        for page in (asked(question, language), answered(question, language)):
            took.append(_turn(rig, replace(page, number=number, of=LENGTH)))
    return took


def _turn(rig: Rig, page: Page) -> tuple[float, float]:
    began, worked = time.perf_counter(), time.process_time()
    rig.screen.show(page)
    rig.frames(1)
    took = 1_000 * (time.perf_counter() - began), 1_000 * (time.process_time() - worked)
    if rig.stage.page != page:
        raise SystemExit("the page was not on the glass after one frame")
    return took


if __name__ == "__main__":
    main()
