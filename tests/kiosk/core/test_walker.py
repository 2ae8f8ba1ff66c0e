"""Who walks, and the record of it."""

from __future__ import annotations

from kiosk.core.path import Path
from kiosk.core.walker import Walker
from shared.visits import Input
from tests.kiosk import samples
from tests.kiosk.samples import BOOT_ID, POINT, moment
from tests.shared.questionnaires import EVERY_KIND


def test_a_response_says_what_was_answered_in_which_words_and_when() -> None:
    walker = Walker(
        EVERY_KIND, samples.settings(), POINT, BOOT_ID, "es", Input.TOUCH, "seed", -1, moment(1)
    )
    path = Path(EVERY_KIND)
    path.take("sad")
    made = walker.response(path, "en", Input.BUTTON, moment(9), complete=False)
    assert made.answers == {"mood": "sad"}
    assert (made.language, made.input, made.complete) == ("en", Input.BUTTON, False)
    assert (made.begun, made.ended) == (moment(1), moment(9))
    assert (made.questionnaire, made.version) == (EVERY_KIND.id, EVERY_KIND.version)
    assert (made.point_id, made.boot_id) == (POINT, BOOT_ID)
