"""What is offered around a visit: the wait with its age, the deed, the questionnaire, a change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.effects import Asking, Resting, Sorry, Thanks
from kiosk.core.events import ChangeTouched, DoneTouched, LeaveTouched, NoticeCame
from kiosk.core.offers import LINK_MS, WALK_REST_MS
from shared.links import read_link
from shared.notices import Deed, KioskSettings, Phone
from tests.kiosk import samples
from tests.kiosk.core.rig import Rig
from tests.shared.questionnaires import EVERY_KIND

INVITING = replace(samples.settings(), questionnaire=EVERY_KIND)

KEY = "ab" * 32

# The wait


def test_a_fresh_notice_is_shown_with_its_age_until_it_is_fresh_no_more() -> None:
    rig = Rig(samples.settings())
    notice = rig.notice(minutes=4, fresh=32, age=1)
    ages = {rig.page_of(Resting).age_seconds}
    assert rig.page_of(Resting).notice == notice
    for _ in range(30):
        rig.wait(1_000)
        ages.add(rig.page_of(Resting).age_seconds)
    assert sorted(ages) == [0, 5, 10, 20, 30]
    rig.wait(1_000)
    assert rig.page_of(Resting).notice is None
    assert rig.wake is None


@pytest.mark.parametrize(("fresh", "age"), [(10, 10), (10, 3_000)])
def test_a_stale_notice_is_not_shown_and_nothing_wakes_for_it(fresh: int, age: int) -> None:
    rig = Rig(samples.settings())
    rig.notice(fresh=fresh, age=age)
    assert rig.page_of(Resting).notice is None
    assert rig.wake is None


def test_a_notice_of_a_hub_whose_clock_is_ahead_has_no_negative_age() -> None:
    rig = Rig(samples.settings())
    rig.notice(age=-3)
    assert rig.page_of(Resting).age_seconds == 0


def test_a_notice_of_tomorrow_is_not_believed() -> None:
    rig = Rig(samples.settings())
    rig.notice(age=-86_400)
    assert rig.page_of(Resting).notice is None
    assert rig.wake is None


def test_where_the_time_is_unknown_no_notice_is_believed() -> None:
    rig = Rig(samples.settings(), synced=False)
    rig.notice()
    assert rig.page_of(Resting).notice is None


def test_a_notice_that_comes_during_a_visit_waits_for_rest_and_wakes_nobody() -> None:
    rig = Rig(samples.settings())
    rig.sale()
    deadline = rig.wake
    rig.notice()
    rig.page_of(Asking)
    assert rig.wake == deadline
    rig.face()
    rig.sees(DoneTouched(rig.now()))
    assert rig.page_of(Resting).notice is not None


@pytest.mark.assertion("SEM-NOT-002")
def test_a_notice_that_is_taken_back_leaves_the_page_at_once_and_nothing_to_wake_for() -> None:
    rig = Rig(samples.settings())
    rig.notice()
    rig.sees(NoticeCame(rig.now(), None))
    assert rig.page_of(Resting).notice is None
    assert rig.wake is None


def test_while_nobody_hears_from_the_hub_the_page_wakes_by_itself_to_take_it_down() -> None:
    rig = Rig(samples.settings())
    rig.notice(fresh=60)
    rig.wall -= 3_600_000  # its hands are set meanwhile
    for _ in range(59):
        rig.wait(1_000)
    assert rig.page_of(Resting).notice is not None
    rig.wait(1_000)
    assert rig.page_of(Resting).notice is None


# The deed


def test_what_the_store_did_stands_on_the_resting_page() -> None:
    deed = Deed({"es": "¡Colas!"}, {"es": "Una caja más."})
    assert Rig(replace(samples.settings(), deed=deed)).page_of(Resting).deed == deed


# A change


def test_an_answer_can_be_changed_for_three_seconds_and_the_page_goes_on_without_that() -> None:
    rig = Rig(samples.settings())
    rig.sale()
    rig.face()
    assert rig.page_of(Thanks).changeable
    rig.wait(3_000)
    thanks = rig.page_of(Thanks)
    assert (thanks.changeable, thanks.gone) == (False, 3.0)
    rig.sees(ChangeTouched(rig.now()))
    rig.page_of(Thanks)
    rig.wait(2_000)
    rig.page_of(Resting)


def test_a_change_in_time_asks_again_and_the_new_answer_has_its_own_three_seconds() -> None:
    rig = Rig(samples.settings())
    rig.sale()
    rig.face()
    rig.wait(2_000)
    rig.sees(ChangeTouched(rig.now()))
    rig.page_of(Asking)
    rig.wait(10_000)
    rig.face()
    rig.wait(2_999)
    assert rig.page_of(Thanks).changeable


def test_where_nothing_may_be_changed_the_page_never_says_so() -> None:
    rig = Rig(replace(samples.settings(), change_seconds=0))
    rig.sale()
    rig.face()
    assert not rig.page_of(Thanks).changeable


# The questionnaire


def open_from(settings: KioskSettings, hour: int) -> KioskSettings:
    return replace(settings, questionnaire=replace(EVERY_KIND, opens=hour))


def test_whoever_comes_in_its_hours_is_invited_at_rest_and_after_thanks() -> None:
    rig = Rig(open_from(INVITING, 9))  # it is 08:53:30
    assert not rig.page_of(Resting).invited
    rig.wait(7 * 60_000)
    assert rig.page_of(Resting).invited
    rig.sale()
    rig.face()
    assert rig.page_of(Thanks).invited


def test_from_the_resting_page_one_walk_follows_another_after_a_rest() -> None:
    rig = Rig(INVITING)
    rig.invited()
    rig.sees(LeaveTouched(rig.now()))
    assert not rig.page_of(Resting).invited
    rig.invited()
    rig.page_of(Resting)
    rig.sale()
    rig.face()
    assert rig.page_of(Thanks).invited  # whoever paid is no child
    rig.sees(DoneTouched(rig.now()))
    rig.wait(WALK_REST_MS)
    assert rig.page_of(Resting).invited


def test_at_a_point_that_always_asks_thanks_do_not_invite_so_soon_either() -> None:
    rig = Rig(replace(INVITING, always_on=True))
    rig.face()
    rig.invited()
    rig.sees(LeaveTouched(rig.now()))
    rig.wait(3_000)
    rig.face()
    assert not rig.page_of(Thanks).invited


# The link


def test_a_link_for_the_own_phone_is_another_one_for_the_next_shopper_and_after_a_while() -> None:
    rig = Rig(replace(INVITING, phone=Phone("https://example.org", KEY)))
    first = rig.page_of(Resting).link
    assert first is not None
    made = read_link(first.rpartition("/")[2], KEY)
    assert (made.kiosk_id, made.point_id) == (samples.KIOSK, samples.POINT)
    assert (made.questionnaire, made.version) == (EVERY_KIND.id, EVERY_KIND.version)
    assert made.is_fresh(rig.now().wall)
    rig.notice(fresh=30)
    assert rig.page_of(Resting).link == first
    rig.sale()
    rig.face()
    rig.sees(DoneTouched(rig.now()))
    second = rig.page_of(Resting).link
    rig.wait(LINK_MS)
    assert len({first, second, rig.page_of(Resting).link}) == 3


def test_without_a_phone_a_questionnaire_or_the_time_there_is_no_link() -> None:
    phone = Phone("https://example.org", KEY)
    assert Rig(INVITING).page_of(Resting).link is None
    assert Rig(replace(samples.settings(), phone=phone)).page_of(Resting).link is None
    assert Rig(replace(INVITING, phone=phone), synced=False).page_of(Resting).link is None
    assert Rig(open_from(replace(INVITING, phone=phone), 9)).page_of(Resting).link is None


# All other pages


def test_other_pages_are_left_alone() -> None:
    rig = Rig(INVITING, works=False)
    rig.sale()
    rig.face()
    assert rig.page_of(Sorry) == Sorry("es")
