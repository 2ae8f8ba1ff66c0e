"""The shoppers' side: what gives way, what is refused, and what is said."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.clock import TrueTime
from kiosk.core.effects import KeepOpen, KeepSale, Resting, Seal
from kiosk.core.events import FaceTouched, InvitationTouched, Kept, ReadAloudTouched
from kiosk.core.misuse import BURST
from kiosk.core.session import Session
from kiosk.core.shoppers import Shoppers
from shared.visits import Face, Input, Outcome
from tests.kiosk import samples
from tests.kiosk.samples import BOOT_ID, KIOSK, POINT, face_touched, moment, sale_seen
from tests.shared.questionnaires import EVERY_KIND


def shoppers() -> Shoppers:
    asked = replace(samples.settings(), questionnaire=EVERY_KIND)
    made = Shoppers(Session(asked, POINT, BOOT_ID), TrueTime(), KIOSK, bytes)
    made.start(None, moment(10_000))
    return made


def test_a_refused_sale_is_kept_with_a_blocked_visit_and_the_page_stays_at_rest() -> None:
    side = shoppers()
    kept, sealed = side.refuse(sale_seen(20_000), "busy")
    assert isinstance(kept, KeepSale)
    assert isinstance(sealed, Seal)
    assert (sealed.visit.outcome, sealed.visit.code) == (Outcome.BLOCKED, "busy")
    assert sealed.visit.sale == kept.sale.id
    assert isinstance(side.page(moment(20_000)), Resting)


def test_a_visit_that_was_answered_stands_when_the_glass_is_given_away() -> None:
    side = shoppers()
    side.tell(sale_seen(20_000))
    side.tell(face_touched(21_000, Face.SAD))
    (sealed,) = side.give_way(moment(21_500), "cleaning")
    assert isinstance(sealed, Seal)
    assert (sealed.visit.face, sealed.visit.code) == (Face.SAD, None)


def test_every_walk_has_a_ticket_of_its_own_that_is_no_visits() -> None:
    side = shoppers()
    walkers = [side.walker(InvitationTouched(moment(20_000), Input.BUTTON)) for _ in range(3)]
    assert [walker and walker.ticket for walker in walkers] == [-1, -2, -3]
    assert walkers[0] is not None
    assert walkers[0].input is Input.BUTTON


def test_a_touch_means_what_it_says_on_every_page() -> None:
    side = shoppers()
    touch = face_touched(20_000, Face.NEUTRAL)
    assert side.meant(touch) is touch


def test_at_rest_an_outer_button_has_the_page_read_and_is_a_needless_touch() -> None:
    side = shoppers()
    for _ in range(6):
        pressed = FaceTouched(moment(20_000), Face.SAD, Input.BUTTON, moment(20_000))
        assert side.meant(pressed) == ReadAloudTouched(moment(20_000))
    side.tell(sale_seen(20_100))
    (kept, *_) = side.tell(face_touched(21_000, Face.SAD))
    assert isinstance(kept, KeepOpen)
    assert kept.visit.suspect == BURST


def test_thanks_stay_for_as_long_as_they_are_heard_and_no_other_page_does() -> None:
    side = shoppers()
    assert side.due(90_000) is None
    side.tell(sale_seen(20_000))
    asked_until = side.seen.wake
    assert asked_until is not None
    assert side.due(90_000) == asked_until
    side.tell(face_touched(21_000, Face.SAD))
    side.tell(Kept(moment(21_010), 1))
    assert side.due(90_000) == 90_000
    assert side.due(0) == side.seen.wake
