"""A questionnaire of every kind on a real window, with the real loop, writer and outbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.discretion import told
from kiosk.core.effects import Page, Questioning, Resting, Thanks
from kiosk.core.events import FaceTouched, HubTimeHeard
from kiosk.core.marks import question_keys
from kiosk.core.ports import WALK
from kiosk.screen.app import KioskScreen
from shared.notices import KioskSettings
from shared.questionnaires import Answer, Response
from shared.questions import Kind
from shared.visits import Face, Input
from shared.wire import decode_record
from tests.kiosk.rig import Kiosk
from tests.kiosk.samples import KIOSK
from tests.screen.questions import LANGUAGES, QUESTIONNAIRE
from tests.screen.rig import Rig

pytestmark = pytest.mark.screen

PATIENCE = 20.0

ASKED = KioskSettings(
    1, "Mercado Centro", "Caja 3", LANGUAGES, question={"es": "¿?"}, questionnaire=QUESTIONNAIRE
)

TOUCHED: dict[str, Answer] = {
    "mood": "sad",
    "friend": 10,
    "tidy": 5,
    "came": "c2",
    "better": ["c0", "c11"],
    "order": ["c4", "c3", "c2", "c1", "c0"],
    "more": "Pan",
}


class GlazedKiosk(Kiosk[SqliteOutbox, KioskScreen]):
    """The rig's window as the glass of a whole kiosk."""

    def __init__(self, rig: Rig, outbox: SqliteOutbox) -> None:
        super().__init__(outbox, rig.screen, ASKED, rig.clock)
        self.rig = rig

    def start(self, walked: Response | None = None) -> None:
        self.screen.listen(self.post)
        super().start(walked)

    def stop(self) -> None:
        super().stop()
        self.screen.listen(self.rig.events.append)

    def wait_for(self, wanted: Callable[[Page], bool]) -> Any:
        """Serve the window until such a page is on it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.rig.frames(1)
            page = self.rig.stage.page
            if page is not None and wanted(page):
                return page
        pytest.fail(f"the page did not come; on the glass is {self.rig.stage.page}")

    def wait_for_question(self, name: str, answer: Answer | None = None) -> Questioning:
        def wanted(page: Page) -> bool:
            if not isinstance(page, Questioning) or page.question.id != name:
                return False
            return answer is None or page.answer == told(page.question, answer)

        page: Questioning = self.wait_for(wanted)
        return page

    def press(self, face: Face) -> None:
        """One of the three buttons, a moment after the one before."""
        at = self.rig.clock.advance(400)
        self.post(FaceTouched(at, face, Input.BUTTON, at))

    def tap(self, key: Any) -> None:
        self.rig.clock.advance(400)
        self.rig.tap(key.target)

    @property
    def sheet(self) -> Any:
        return self.rig.stage.sheet

    def responses(self) -> list[Response]:
        """What waits for the hub."""
        batch = self.outbox.batch_from(1, 100)
        records = [] if batch is None else [decode_record(one) for one in batch.records]
        return [record for record in records if isinstance(record, Response)]


@pytest.fixture
def kiosk(rig: Rig, tmp_path: Path) -> Iterator[GlazedKiosk]:
    with closing(SqliteOutbox(tmp_path / "outbox.db", KIOSK)) as outbox:
        kiosk = GlazedKiosk(rig, outbox)
        kiosk.start()
        try:
            kiosk.wait_for(lambda page: isinstance(page, Resting) and page.invited)
            yield kiosk
        finally:
            kiosk.stop()


def answer_by_touch(kiosk: GlazedKiosk, page: Questioning) -> None:
    sheet, answer = kiosk.sheet, TOUCHED[page.question.id]
    if page.question.kind is Kind.TEXT:
        for letter in str(answer):
            keys = {key.word.text: key for key in sheet.keyboard.board_keys}
            kiosk.tap(keys[letter])
        return
    wanted: list[Any] = answer if isinstance(answer, list) else [answer]
    names = [choice.id for choice in page.choices]
    for one in wanted:
        order: list[Any] = (
            names
            or {
                Kind.FACES: [face.value for face in Face],
                Kind.SCALE: [*range(11)],
                Kind.STARS: [*range(1, 6)],
            }[page.question.kind]
        )
        kiosk.tap(sheet.answering()[order.index(one)])


def test_every_kind_is_answered_by_touch_and_kept(kiosk: GlazedKiosk) -> None:
    kiosk.tap(kiosk.sheet.ways.tile)
    for question in QUESTIONNAIRE.questions:
        page = kiosk.wait_for_question(question.id)
        answer_by_touch(kiosk, page)
        kiosk.wait_for_question(question.id, TOUCHED[question.id])
        kiosk.tap(kiosk.sheet.next)
    kiosk.wait_for(lambda page: isinstance(page, Thanks))
    (response,) = kiosk.responses()
    assert response.answers == TOUCHED
    assert (response.complete, response.input, response.language) == (True, Input.TOUCH, "es")


def press_until(kiosk: GlazedKiosk, done: Callable[[Questioning], bool]) -> Questioning:
    """Go on from key to key until the mark stands there."""
    for _ in range(20):
        page: Questioning = kiosk.wait_for(lambda page: isinstance(page, Questioning))
        if done(page):
            return page
        before = page
        kiosk.press(Face.HAPPY)
        kiosk.wait_for(lambda page, before=before: page is not before)  # type: ignore[misc]
    pytest.fail("the mark never came there")


def choose(kiosk: GlazedKiosk, key: int) -> None:
    before = press_until(kiosk, lambda page: page.marked == key)
    kiosk.press(Face.NEUTRAL)
    kiosk.wait_for(lambda page: page is not before)


def last_key(page: Questioning) -> int:
    return len(question_keys(page)) - 1


def test_the_whole_of_it_is_walked_by_the_three_buttons_alone(kiosk: GlazedKiosk) -> None:
    kiosk.press(Face.NEUTRAL)
    pressed: dict[str, Answer] = {}
    for question in QUESTIONNAIRE.questions:
        page = kiosk.wait_for_question(question.id)
        if question.kind is Kind.FACES:  # here a button is what its face says, and goes on
            kiosk.press(Face.HAPPY)
            pressed[question.id] = "happy"
            continue
        if question.kind in (Kind.MANY, Kind.RANKING):
            for key in range(5):
                choose(kiosk, key)
            pressed[question.id] = [choice.id for choice in page.choices[:5]]
        elif question.kind is not Kind.TEXT:  # nobody writes with three buttons
            choose(kiosk, 2)
            third: dict[str, Answer] = {"friend": 2, "tidy": 3, "came": "c2"}
            pressed[question.id] = third[question.id]
        press_until(kiosk, lambda page: page.marked == last_key(page))
        kiosk.press(Face.NEUTRAL)
    kiosk.wait_for(lambda page: isinstance(page, Thanks))
    (response,) = kiosk.responses()
    assert response.answers == pressed
    assert (response.complete, response.input) == (True, Input.BUTTON)


def test_who_leaves_leaves_a_part_and_who_comes_back_finds_nothing(kiosk: GlazedKiosk) -> None:
    kiosk.tap(kiosk.sheet.ways.tile)
    page = kiosk.wait_for_question("mood")
    answer_by_touch(kiosk, page)
    kiosk.tap(kiosk.sheet.next)
    kiosk.wait_for_question("friend")
    kiosk.tap(kiosk.sheet.away)
    kiosk.wait_for(lambda page: isinstance(page, Resting))
    (response,) = kiosk.responses()
    assert (response.answers, response.complete) == ({"mood": "sad"}, False)


def is_warned(page: Page) -> bool:
    return isinstance(page, Questioning) and page.seconds_left is not None


def test_who_walks_off_is_asked_may_stay_and_is_kept_in_part(kiosk: GlazedKiosk) -> None:
    kiosk.tap(kiosk.sheet.ways.tile)
    answer_by_touch(kiosk, kiosk.wait_for_question("mood"))
    kiosk.wait_for_question("mood", "sad")

    def nobody_touches(seconds: int) -> None:
        # The loop sleeps until its deadline by the real clock: an event lets it look at ours.
        at = kiosk.rig.clock.advance(1_000 * seconds)
        kiosk.post(HubTimeHeard(at, at.wall))

    nobody_touches(15)
    assert kiosk.wait_for(is_warned).seconds_left == 10
    kiosk.rig.touch(5, 5).touch_up()
    kiosk.wait_for(lambda page: isinstance(page, Questioning) and not is_warned(page))
    nobody_touches(15)
    kiosk.wait_for(is_warned)
    nobody_touches(10)
    kiosk.wait_for(lambda page: isinstance(page, Resting))
    (response,) = kiosk.responses()
    assert (response.answers, response.complete) == ({"mood": "sad"}, False)
    assert kiosk.outbox.recall(WALK) is None
