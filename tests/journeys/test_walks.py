"""What is answered on a kiosk that is offline, and that stops midway, is at the hub once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hub.adapters.results import SqlResults
from hub.core.responses import fits
from hub.core.results import Key
from kiosk.adapters.absent import NoBacklight, NoTools, NoVoice
from kiosk.core.effects import Questioning, Resting, Thanks
from kiosk.core.events import AnswerGiven, Event, InvitationTouched, LeaveTouched, NextTouched
from kiosk.core.offers import WALK_REST_MS
from kiosk.core.ports import WALK
from kiosk.core.programme import first_settings
from kiosk.core.session import Session
from kiosk.core.turns import Turns
from kiosk.loop import Loop
from kiosk.wiring.whole import walked
from kiosk.writer import Writer
from shared.questionnaires import Answer, Response
from tests.fakes.clock import FakeClock
from tests.fakes.lamp import FakeLamp
from tests.fakes.screen import FakeScreen
from tests.journeys.pair import KIOSK, POINT, STORE, Pair
from tests.shared.questionnaires import EVERY_KIND

pytestmark = pytest.mark.journey

ASKED = replace(
    first_settings(("es", "en"), "Centro", "Caja 1", always_on=False), questionnaire=EVERY_KIND
)

ANSWERS: dict[str, Answer] = {
    "mood": "neutral",
    "friend": 9,
    "tidy": 4,
    "came": "bus",
    "bought": ["bread", "fish"],
    "order": ["service", "price", "range"],
    "more": "Más pan, por favor",
}


class Kiosk:
    """A kiosk without glass: real turns, loop, writer and outbox."""

    def __init__(self, pair: Pair) -> None:
        self.pair, self.clock = pair, FakeClock()
        self.start()

    def start(self) -> None:
        self.screen = FakeScreen()
        self.writer = Writer(
            outbox=self.pair.outbox,
            clock=self.clock,
            post=self.post,
            on_record=lambda: None,
            on_trouble=lambda _: None,
        )
        self.loop = Loop(
            turns=Turns(Session(ASKED, POINT, self.clock.boot_id), KIOSK, bytes),
            clock=self.clock,
            screen=self.screen,
            lamp=FakeLamp(),
            backlight=NoBacklight(),
            voice=NoVoice(),
            tools=NoTools(),
            keeping=self.writer,
            on_sale=lambda _: None,
        )
        self.writer.start()
        self.loop.start(None, walked(self.pair.outbox.recall(WALK)))
        self.screen.wait_for(Resting)

    def stop(self) -> None:
        """The program ends wherever somebody stands; nobody tells it that he left."""
        self.loop.stop()
        self.writer.stop()

    def post(self, event: Event) -> None:
        self.loop.post(event)

    def begin(self) -> None:
        self.clock.advance(WALK_REST_MS)
        self.post(InvitationTouched(self.clock.now()))
        self.screen.wait_for(Questioning)

    def answer(self, *questions: str) -> None:
        for question in questions:
            self.post(AnswerGiven(self.clock.now(), question, ANSWERS[question]))
            self.post(NextTouched(self.clock.now()))


@pytest.fixture
def kiosk(engine: Engine, tmp_path: Path) -> Iterator[Kiosk]:
    made = Kiosk(Pair(engine, tmp_path))
    yield made
    made.stop()
    made.pair.outbox.close()


def test_what_was_answered_offline_and_across_a_restart_is_at_the_hub_once(kiosk: Kiosk) -> None:
    kiosk.begin()
    kiosk.answer(*ANSWERS)
    kiosk.screen.wait_for(Thanks)
    kiosk.post(LeaveTouched(kiosk.clock.now()))
    kiosk.screen.wait_for(Resting)

    kiosk.begin()
    kiosk.answer("mood")
    kiosk.post(LeaveTouched(kiosk.clock.now()))
    kiosk.screen.wait_for(Resting)

    kiosk.begin()
    kiosk.answer("mood", "friend")
    kiosk.stop()
    kiosk.clock.advance(60_000)
    kiosk.start()
    kiosk.stop()  # now all of it is on the card

    batch = kiosk.pair.batch()
    for _ in range(3):  # the line doubles what it carries
        kiosk.pair.send(batch)
    kept = responses(kiosk.pair)
    assert [(one.complete, one.answers) for one in kept] == [
        (True, ANSWERS),
        (False, {"mood": "neutral"}),
        (False, {"mood": "neutral", "friend": 9}),
    ]
    assert all(fits(EVERY_KIND, one) for one in kept)
    assert kiosk.pair.quarantined() == []
    kiosk.start()


def responses(pair: Pair) -> list[Response]:
    """What the hub would tell of, in the order in which it was sealed."""
    key = Key(STORE, EVERY_KIND.id, EVERY_KIND.version)
    return [one.response for one in SqlResults(pair.engine).fresh(key, until=99_991_231)]
