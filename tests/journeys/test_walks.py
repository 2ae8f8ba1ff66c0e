"""What is answered on a kiosk that is offline, and that stops midway, is at the hub once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hub.adapters.results import SqlResults
from hub.core.responses import fits
from hub.core.results import Key
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.effects import Questioning, Resting, Thanks
from kiosk.core.events import AnswerGiven, InvitationTouched, LeaveTouched, NextTouched
from kiosk.core.offers import WALK_REST_MS
from kiosk.core.ports import WALK
from kiosk.core.programme import first_settings
from kiosk.wiring.recalling import walked
from shared.questionnaires import Response
from tests.fakes.clock import FakeClock
from tests.fakes.screen import FakeScreen
from tests.journeys.pair import POINT, STORE, Pair
from tests.kiosk.rig import Kiosk
from tests.shared.questionnaires import EVERY_ANSWER, EVERY_KIND

pytestmark = pytest.mark.journey

ASKED = replace(
    first_settings(("es", "en"), "Centro", "Caja 1", always_on=False), questionnaire=EVERY_KIND
)


@dataclass
class Shopper:
    """Whoever stands before this kiosk; the outbox is the one of the pair."""

    kiosk: Kiosk[SqliteOutbox, FakeScreen]

    def begins(self) -> None:
        self.kiosk.clock.advance(WALK_REST_MS)
        self.kiosk.post(InvitationTouched(self.kiosk.clock.now()))
        self.kiosk.screen.wait_for(Questioning)

    def answers(self, *questions: str) -> None:
        for question in questions:
            now = self.kiosk.clock.now()
            self.kiosk.post(AnswerGiven(now, question, EVERY_ANSWER[question]), NextTouched(now))

    def leaves(self) -> None:
        self.kiosk.post(LeaveTouched(self.kiosk.clock.now()))
        self.kiosk.screen.wait_for(Resting)


@pytest.fixture
def pair(engine: Engine, tmp_path: Path) -> Iterator[Pair]:
    made = Pair(engine, tmp_path)
    yield made
    made.outbox.close()


@contextmanager
def running(pair: Pair, clock: FakeClock) -> Iterator[Shopper]:
    """The kiosk of this outbox from one start to the next, which may come wherever he stands."""
    kiosk = Kiosk(pair.outbox, FakeScreen(), ASKED, clock, POINT)
    kiosk.start(walked(pair.outbox.recall(WALK)))
    kiosk.screen.wait_for(Resting)
    yield Shopper(kiosk)
    kiosk.stop()


def test_what_was_answered_offline_and_across_a_restart_is_at_the_hub_once(pair: Pair) -> None:
    clock = FakeClock()
    with running(pair, clock) as shopper:
        shopper.begins()
        shopper.answers(*EVERY_ANSWER)
        shopper.kiosk.screen.wait_for(Thanks)
        shopper.leaves()

        shopper.begins()
        shopper.answers("mood")
        shopper.leaves()

        shopper.begins()
        shopper.answers("mood", "friend")
    clock.advance(60_000)
    with running(pair, clock):
        pass  # what was left open is sealed by the start; now all of it is on the card

    batch = pair.batch()
    for _ in range(3):  # the line doubles what it carries
        pair.send(batch)
    kept = responses(pair)
    assert [(one.complete, one.answers) for one in kept] == [
        (True, EVERY_ANSWER),
        (False, {"mood": "neutral"}),
        (False, {"mood": "neutral", "friend": 9}),
    ]
    assert all(fits(EVERY_KIND, one) for one in kept)
    assert pair.quarantined() == []


def responses(pair: Pair) -> list[Response]:
    """What the hub would tell of, in the order in which it was sealed."""
    key = Key(STORE, EVERY_KIND.id, EVERY_KIND.version)
    return [one.response for one in SqlResults(pair.engine).fresh(key, until=99_991_231)]
