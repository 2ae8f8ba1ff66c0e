"""The loop: one inbox, effects carried out in order, one timer, and nothing ends it but stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from kiosk.core.effects import Asking, Export, Inspect, Questioning, Restart, Resting, Sorry, Thanks
from kiosk.core.events import (
    AnswerGiven,
    DoneTouched,
    FaceTouched,
    HubTimeHeard,
    InvitationTouched,
    KeepFailed,
    NextTouched,
    ReadAloudTouched,
    SaleSeen,
)
from kiosk.core.ports import WALK
from kiosk.core.sayings import Prompt
from kiosk.core.speaking import repertoire
from shared.notices import Keeping, KioskSettings, Look
from shared.questionnaires import Response
from shared.records import Anchor, AnchorCause
from shared.sales import Sale, SaleSource
from shared.visits import Face, Input, Outcome, Visit
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import FakeOutbox
from tests.fakes.screen import FakeScreen
from tests.kiosk import rig
from tests.kiosk.samples import KIOSK, response, settings, visit
from tests.shared.questionnaires import EVERY_KIND

SECONDS = 5.0


class Kiosk(rig.Kiosk[FakeOutbox, FakeScreen]):
    """A kiosk on fakes alone, with the words in which these tests tell it what happens."""

    def __init__(self, asked: KioskSettings | None = None, clock: FakeClock | None = None) -> None:
        super().__init__(FakeOutbox(KIOSK), FakeScreen(), asked or settings(), clock or FakeClock())

    def start(self, walked: Response | None = None) -> None:
        super().start(walked)
        self.screen.wait_for(Resting)

    def sale(self, number: int = 1) -> SaleSeen:
        return SaleSeen(self.clock.now(), f"{number:032x}", SaleSource.MANUAL)

    def face(self, face: Face = Face.HAPPY) -> FaceTouched:
        return FaceTouched(self.clock.now(), face, Input.TOUCH, self.clock.now())

    def hub_time(self, hub: int) -> HubTimeHeard:
        return HubTimeHeard(self.clock.now(), hub)

    def records(self, number: int) -> list[object]:
        """What is in the outbox, as soon as it is so many; the first is the clock's anchor."""
        for _ in range(number):
            assert self.recorded.acquire(timeout=SECONDS)
        return list(self.outbox.records)


@pytest.fixture
def kiosk() -> Iterator[Kiosk]:
    made = Kiosk()
    made.start()
    yield made
    made.stop()


def test_a_tap_becomes_one_sealed_visit_and_one_sale(kiosk: Kiosk) -> None:
    kiosk.post(kiosk.sale())
    kiosk.screen.wait_for(Asking)
    assert kiosk.lamp.is_lit
    kiosk.post(kiosk.face())
    kiosk.screen.wait_for(Thanks)
    assert kiosk.outbox.open_visit() is not None
    kiosk.post(DoneTouched(kiosk.clock.now()))
    anchor, sold, sealed = kiosk.records(3)
    assert isinstance(anchor, Anchor)
    assert isinstance(sold, Sale)
    assert isinstance(sealed, Visit)
    assert (sealed.face, sealed.sale) == (Face.HAPPY, sold.id)
    assert kiosk.outbox.open_visit() is None
    assert not kiosk.lamp.is_lit


def test_a_sale_is_told_as_a_pulse(kiosk: Kiosk) -> None:
    kiosk.post(kiosk.sale(5))
    assert kiosk.pulses.get(timeout=SECONDS).id == f"{5:032x}"


def test_asking_ends_when_its_time_is_over(kiosk: Kiosk) -> None:
    kiosk.post(kiosk.sale())
    kiosk.screen.wait_for(Asking)
    kiosk.clock.advance(44_990)
    kiosk.post(kiosk.hub_time(1))  # something else happens: too early to wake
    kiosk.clock.advance(10)  # the timer finds by itself that it is time
    kiosk.screen.wait_for(Resting)
    sealed = kiosk.records(3)[-1]
    assert isinstance(sealed, Visit)
    assert sealed.outcome is Outcome.TIMED_OUT


def test_a_flood_of_events_does_not_keep_the_timer_from_ending_a_page(kiosk: Kiosk) -> None:
    kiosk.post(kiosk.sale())
    kiosk.screen.wait_for(Asking)
    kiosk.clock.advance(45_000)
    kiosk.post(*[DoneTouched(kiosk.clock.now())] * 2)
    kiosk.screen.wait_for(Resting)


def test_while_resting_the_loop_waits_for_ever(kiosk: Kiosk) -> None:
    assert kiosk.loop.patience() is None


def test_a_visit_that_a_restart_left_open_is_sealed_at_the_start() -> None:
    kiosk = Kiosk()
    kiosk.outbox.keep_open(visit())
    kiosk.start()
    assert kiosk.records(2)[-1] == replace(visit(), code="restart")
    kiosk.stop()


def test_a_broken_card_thanks_nobody(kiosk: Kiosk) -> None:
    kiosk.records(1)
    kiosk.post(kiosk.sale())
    kiosk.screen.wait_for(Asking)
    kiosk.records(1)
    kiosk.outbox.broken = True
    kiosk.post(kiosk.face())
    kiosk.screen.wait_for(Sorry)
    assert not any(isinstance(page, Thanks) for page in kiosk.screen.pages)
    kiosk.outbox.broken = False
    sealed = kiosk.records(1)[-1]
    assert isinstance(sealed, Visit)
    assert (sealed.outcome, sealed.code) == (Outcome.BLOCKED, "not_kept")


def test_a_dead_lamp_and_a_dark_glass_do_not_keep_an_answer_from_the_disk() -> None:
    kiosk = Kiosk()
    kiosk.start()
    kiosk.lamp.broken = kiosk.screen.broken = True
    with capture_logs() as logs:
        kiosk.post(kiosk.sale())
        kiosk.records(2)
        kiosk.post(kiosk.face())
        kiosk.clock.advance(1)
        kiosk.post(kiosk.sale(2))
        sealed = kiosk.records(2)[-1]
        kiosk.stop()
    assert isinstance(sealed, Visit)
    assert sealed.face is Face.HAPPY
    failed = {log["effect"] for log in logs if log["event"] == "effect_failed"}
    assert failed == {"Show", "Light"}


def test_an_event_that_cannot_be_handled_does_not_end_the_loop(kiosk: Kiosk) -> None:
    with capture_logs() as logs:
        kiosk.post(SaleSeen(kiosk.clock.now(), "no sale id", SaleSource.HTTP), kiosk.sale())
        kiosk.screen.wait_for(Asking)
    assert [log["happened"] for log in logs if log["event"] == "event_failed"] == ["SaleSeen"]


def test_an_answer_is_never_logged(kiosk: Kiosk) -> None:
    with capture_logs() as logs:
        kiosk.lamp.broken = True
        kiosk.post(kiosk.sale())
        kiosk.screen.wait_for(Asking)
        kiosk.post(kiosk.face(Face.SAD))
        kiosk.screen.wait_for(Thanks)
        kiosk.loop.stop()
    assert logs
    assert not any("sad" in str(log) for log in logs)


def test_the_clock_is_anchored_before_the_first_record(kiosk: Kiosk) -> None:
    kiosk.post(kiosk.sale())
    anchor, sold = kiosk.records(2)
    assert isinstance(anchor, Anchor)
    assert anchor.cause is AnchorCause.SYNCHRONISED
    assert isinstance(sold, Sale)


def test_a_step_of_the_clock_is_anchored_before_what_came_after_it(kiosk: Kiosk) -> None:
    kiosk.clock.wall += 3_600_000
    kiosk.post(kiosk.sale())
    stepped = kiosk.records(3)[1]
    assert isinstance(stepped, Anchor)
    assert stepped.cause is AnchorCause.STEPPED


def test_the_hubs_time_anchors_a_clock_that_nobody_set() -> None:
    kiosk = Kiosk(clock=FakeClock(wall=86_400_000, synced=False))
    kiosk.start()
    kiosk.post(kiosk.hub_time(1_760_000_000_000))
    kiosk.clock.advance(30_000)
    kiosk.post(kiosk.hub_time(1_760_000_030_000))
    (anchor,) = kiosk.records(1)
    assert isinstance(anchor, Anchor)
    assert (anchor.cause, anchor.true) == (AnchorCause.HUB, 1_760_000_030_000)
    kiosk.stop()


def test_a_stale_word_of_the_disk_changes_nothing(kiosk: Kiosk) -> None:
    kiosk.post(KeepFailed(kiosk.clock.now(), 99, "old"), kiosk.sale())
    kiosk.screen.wait_for(Asking)


def test_stopping_handles_what_came_before_and_may_be_said_twice() -> None:
    kiosk = Kiosk()
    kiosk.start()
    kiosk.post(kiosk.sale(), kiosk.face())
    kiosk.stop()
    kiosk.stop()
    assert kiosk.outbox.open_visit() is not None


def test_a_loop_that_was_never_started_can_be_stopped() -> None:
    Kiosk().loop.stop()


# Whoever else has the glass


def test_a_walk_is_asked_noted_kept_and_then_thanked_for() -> None:
    kiosk = Kiosk(asked=replace(settings(), questionnaire=EVERY_KIND))
    kiosk.start()
    kiosk.post(InvitationTouched(kiosk.clock.now()))
    kiosk.screen.wait_for(Questioning)
    kiosk.post(AnswerGiven(kiosk.clock.now(), "mood", "sad"))
    kiosk.post(*[NextTouched(kiosk.clock.now())] * len(EVERY_KIND.questions))
    kiosk.screen.wait_for(Thanks)
    kept = kiosk.records(2)[-1]
    assert isinstance(kept, Response)
    assert (kept.complete, kept.answers) == (True, {"mood": "sad"})
    assert kiosk.outbox.recall(WALK) is None
    kiosk.stop()


def test_how_far_somebody_walked_before_a_restart_is_kept() -> None:
    kiosk = Kiosk()
    kiosk.start(response(complete=False))
    assert kiosk.records(2)[-1] == response(complete=False)
    kiosk.stop()


def test_light_and_dress_are_told_to_glass_and_backlight() -> None:
    keeping = Keeping(brightness=70, look=Look.NIGHT, calm=True)
    kiosk = Kiosk(asked=replace(settings(), keeping=keeping))
    kiosk.start()
    assert (kiosk.screen.night, kiosk.screen.calm, kiosk.backlight.percent) == (True, True, 70)
    kiosk.stop()


def test_what_a_page_asks_is_said_and_a_dead_speaker_keeps_nobody_from_answering() -> None:
    kiosk = Kiosk()
    kiosk.start()
    kiosk.post(ReadAloudTouched(kiosk.clock.now()), kiosk.sale())
    kiosk.screen.wait_for(Asking)
    assert kiosk.voice.said[0] == ("es", (Prompt.RESTING,), 60)
    assert kiosk.voice.rehearsed == repertoire(kiosk.asked)
    kiosk.voice.broken = True
    kiosk.post(ReadAloudTouched(kiosk.clock.now()), kiosk.face())
    kiosk.screen.wait_for(Thanks)
    kiosk.stop()


def test_what_the_panel_asks_for_goes_to_the_tools(kiosk: Kiosk) -> None:
    kiosk.loop._carry_out([Inspect(), Export(), Restart()])
    assert kiosk.tools.asked == ["inspect", "export", "restart"]
