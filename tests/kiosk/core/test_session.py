"""The session: every cell of its table, its laws, and what a shopper meets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, get_args

import pytest

from kiosk.core.effects import (
    Asking,
    Effect,
    KeepOpen,
    KeepSale,
    Light,
    Page,
    Resting,
    Seal,
    Show,
    Sorry,
    Thanks,
    Wake,
)
from kiosk.core.events import (
    ChangeTouched,
    DoneTouched,
    GlassTouched,
    KeepFailed,
    Kept,
    LanguageTouched,
    NotNowTouched,
    ReadAloudTouched,
    ReasonTouched,
    SettingsCame,
    ShopperEvent,
    Woke,
)
from kiosk.core.pages import State
from kiosk.core.session import Session
from shared.errors import WordError
from shared.visits import Face, Input, Outcome, Visit
from tests.kiosk.core.happenings import each
from tests.kiosk.samples import (
    BOOT_ID,
    POINT,
    REASONS,
    face_touched,
    moment,
    sale_seen,
    settings,
    visit,
)

E = TypeVar("E", bound=Effect)
P = TypeVar("P", bound=Page)

ASKED = Asking("es", settings().languages, settings().question, settings().point_name)

T0 = 10_000
"""Boot time at which the session starts to rest; each scene begins after it."""


class Scene:
    """A session with everything that it asked for so far."""

    def __init__(self, *, always_on: bool = False) -> None:
        self.session = Session(settings(always_on=always_on), POINT, BOOT_ID)
        self.effects = self.session.start(None, moment(T0))

    def sees(self, *events: ShopperEvent) -> list[Effect]:
        """Handle the events; return what the last of them caused."""
        last: list[Effect] = []
        for event in events:
            last = self.session.handle(event)
            self.effects += last
        return last

    def all(self, kind: type[E]) -> list[E]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def sealed(self) -> list[Visit]:
        return [effect.visit for effect in self.all(Seal)]

    @property
    def page(self) -> Page:
        return self.all(Show)[-1].page

    def page_of(self, kind: type[P]) -> P:
        """The page that is shown, which must be of that kind."""
        page = self.page
        assert isinstance(page, kind)
        return page

    @property
    def ticket(self) -> int:
        return self.all(KeepOpen)[-1].ticket

    @property
    def wake(self) -> int | None:
        return self.all(Wake)[-1].boot

    @property
    def state(self) -> State:
        return self.session.state

    def kept(self, boot: int) -> list[Effect]:
        return self.sees(Kept(moment(boot), self.ticket))

    def failed(self, boot: int) -> list[Effect]:
        return self.sees(KeepFailed(moment(boot), self.ticket, "disk full"))


def resting(*, always_on: bool = False) -> Scene:
    return Scene(always_on=always_on)


def asking() -> Scene:
    scene = Scene()
    scene.sees(sale_seen(20_000))
    return scene


def keeping() -> Scene:
    scene = asking()
    scene.sees(face_touched(22_000))
    return scene


def thanking() -> Scene:
    scene = keeping()
    scene.kept(22_010)
    return scene


def sorry() -> Scene:
    scene = keeping()
    scene.failed(22_010)
    return scene


SCENES: dict[State, Callable[[], Scene]] = {
    State.RESTING: resting,
    State.ASKING: asking,
    State.KEEPING: keeping,
    State.THANKING: thanking,
    State.SORRY: sorry,
}

NOW = 30_000

EVENTS = each(get_args(ShopperEvent), NOW, Woke(moment(100_000)))

MOVES: dict[tuple[type[ShopperEvent], State], State] = {
    (type(sale_seen(1)), State.RESTING): State.ASKING,
    (type(sale_seen(1)), State.KEEPING): State.ASKING,
    (type(sale_seen(1)), State.THANKING): State.ASKING,
    (type(sale_seen(1)), State.SORRY): State.ASKING,
    (type(face_touched(1)), State.ASKING): State.KEEPING,
    (NotNowTouched, State.ASKING): State.RESTING,
    (Woke, State.ASKING): State.RESTING,
    (Woke, State.KEEPING): State.SORRY,
    (Woke, State.THANKING): State.RESTING,
    (Woke, State.SORRY): State.RESTING,
    (Kept, State.KEEPING): State.THANKING,
    (KeepFailed, State.KEEPING): State.SORRY,
    (ChangeTouched, State.THANKING): State.ASKING,
    (DoneTouched, State.THANKING): State.RESTING,
}
"""Every way out of a state; all other events leave it."""


def test_the_table_has_a_row_for_every_event_and_a_cell_for_every_state() -> None:
    assert set(Session.TABLE) == set(get_args(ShopperEvent)) == {type(event) for event in EVENTS}
    assert all(len(row) == len(State) for row in Session.TABLE.values())


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_in_every_state_leads_where_the_table_says(
    event: ShopperEvent, state: State
) -> None:
    scene = SCENES[state]()
    assert scene.state is state
    scene.sees(event)
    assert scene.state is MOVES.get((type(event), state), state)


# What a shopper meets


def test_a_sale_is_kept_and_asked_about() -> None:
    scene = resting()
    kept, shown, light, wake = scene.sees(sale_seen(20_000))
    assert isinstance(kept, KeepSale)
    assert (kept.sale.id, kept.sale.at) == (f"{20_000:032x}", moment(20_000))
    assert isinstance(shown, Show)
    assert isinstance(shown.page, Asking)
    assert (light, wake) == (Light(True), Wake(20_000 + 25_000))


def test_a_sale_told_twice_is_one_sale() -> None:
    scene = asking()
    assert scene.sees(sale_seen(20_400, number=20_000)) == []
    assert len(scene.all(KeepSale)) == 1


def test_an_answer_names_its_sale_and_how_it_was_given() -> None:
    scene = keeping()
    asked = scene.all(KeepOpen)[0].visit
    assert (asked.sale, asked.sale_at) == (f"{20_000:032x}", moment(20_000))
    assert (asked.asked, asked.answered) == (moment(20_000), moment(22_000))
    assert (asked.outcome, asked.face, asked.input) == (Outcome.ANSWERED, Face.HAPPY, Input.TOUCH)
    assert (asked.language, asked.boot_id, asked.changes) == ("es", BOOT_ID, 0)


def test_nothing_is_thanked_before_it_is_kept() -> None:
    scene = keeping()
    assert not any(isinstance(effect.page, Thanks) for effect in scene.all(Show))
    shown, light, wake = scene.kept(22_010)
    assert shown == Show(Thanks("es", REASONS, None, 5.0))
    assert (light, wake) == (Light(False), Wake(22_010 + 5_000))


def test_a_second_touch_before_the_thanks_changes_nothing() -> None:
    scene = keeping()
    assert scene.sees(face_touched(22_005, Face.SAD)) == []


def test_thanks_end_by_themselves_and_the_answer_is_sealed_as_kept() -> None:
    scene = thanking()
    effects = scene.sees(Woke(moment(27_010)))
    assert effects[0] == Seal(scene.all(KeepOpen)[-1].visit)
    assert scene.page_of(Resting)
    assert (effects[-1], scene.state) == (Wake(None), State.RESTING)


def test_done_ends_at_once() -> None:
    scene = thanking()
    scene.sees(DoneTouched(moment(23_000)))
    assert scene.sealed == [scene.all(KeepOpen)[-1].visit]


def test_a_reason_is_shown_once_it_is_kept_and_goes_when_touched_again() -> None:
    scene = thanking()
    scene.sees(ReasonTouched(moment(23_000), "wait"))
    assert scene.page == Thanks("es", REASONS, None, 5.0)
    scene.kept(23_010)
    assert scene.page == Thanks("es", REASONS, "wait", 5.0)
    scene.sees(ReasonTouched(moment(24_000), "wait"))
    scene.kept(24_010)
    assert scene.page == Thanks("es", REASONS, None, 5.0)


def test_another_reason_takes_the_place_of_the_first() -> None:
    scene = thanking()
    scene.sees(ReasonTouched(moment(23_000), "wait"))
    scene.kept(23_010)
    scene.sees(ReasonTouched(moment(24_000), "staff"))
    scene.kept(24_010)
    scene.sees(DoneTouched(moment(25_000)))
    assert [sealed.reason for sealed in scene.sealed] == ["staff"]


def test_a_reason_gives_time_for_another() -> None:
    scene = thanking()
    scene.sees(ReasonTouched(moment(26_000), "wait"))
    assert scene.wake == 31_000
    scene.kept(26_010)
    assert scene.wake == 31_010


def test_a_reason_that_nobody_offered_is_ignored() -> None:
    scene = thanking()
    assert scene.sees(ReasonTouched(moment(23_000), "prices")) == []


def test_a_reason_still_on_its_way_to_the_disk_is_sealed_with_the_answer() -> None:
    scene = thanking()
    scene.sees(ReasonTouched(moment(23_000), "wait"), DoneTouched(moment(23_050)))
    assert scene.sealed == [scene.all(KeepOpen)[-1].visit]
    assert scene.sees(Kept(moment(23_060), scene.ticket)) == []


def test_a_reason_that_could_not_be_kept_is_not_shown_and_not_sealed() -> None:
    scene = thanking()
    scene.sees(ReasonTouched(moment(23_000), "wait"))
    scene.failed(23_010)
    assert scene.page == Thanks("es", REASONS, None, 5.0)
    scene.sees(DoneTouched(moment(24_000)))
    assert scene.sealed == [scene.all(KeepOpen)[0].visit]


def test_while_one_amendment_is_on_its_way_no_other_begins() -> None:
    scene = thanking()
    scene.sees(ReasonTouched(moment(23_000), "wait"))
    assert scene.sees(ReasonTouched(moment(23_005), "staff")) == []
    assert scene.sees(ChangeTouched(moment(23_006))) == []


def test_a_changed_answer_replaces_the_first_and_is_counted_as_changed() -> None:
    scene = thanking()
    scene.sees(ChangeTouched(moment(24_000)))
    assert scene.page_of(Asking)
    scene.sees(face_touched(25_000, Face.SAD))
    scene.kept(25_010)
    scene.sees(DoneTouched(moment(26_000)))
    (sealed,) = scene.sealed
    assert (sealed.face, sealed.changes, sealed.answered) == (Face.SAD, 1, moment(25_000))


def test_the_same_face_again_is_no_change() -> None:
    scene = thanking()
    scene.sees(ChangeTouched(moment(24_000)), face_touched(25_000, Face.HAPPY))
    assert scene.all(KeepOpen)[-1].visit.changes == 0


@pytest.mark.parametrize(
    "end", [Woke(moment(69_000)), NotNowTouched(moment(25_000)), sale_seen(25_000)]
)
def test_an_answer_stands_until_it_is_replaced(end: ShopperEvent) -> None:
    scene = thanking()
    scene.sees(ChangeTouched(moment(24_000)), end)
    assert scene.sealed == [scene.all(KeepOpen)[0].visit]


def test_a_change_that_could_not_be_kept_leaves_the_first_answer() -> None:
    scene = thanking()
    scene.sees(ChangeTouched(moment(24_000)), face_touched(25_000, Face.SAD))
    scene.failed(25_010)
    assert scene.page == Sorry("es")
    assert scene.sealed == [scene.all(KeepOpen)[0].visit]


def test_not_now_is_a_record_too() -> None:
    scene = asking()
    scene.sees(NotNowTouched(moment(21_000)))
    (sealed,) = scene.sealed
    assert (sealed.outcome, sealed.face, sealed.sale) == (Outcome.SKIPPED, None, f"{20_000:032x}")


def test_not_answering_is_a_record_too() -> None:
    scene = asking()
    scene.sees(Woke(moment(65_000)))
    (sealed,) = scene.sealed
    assert (sealed.outcome, sealed.code, sealed.input) == (Outcome.TIMED_OUT, None, Input.NONE)


def test_waking_too_early_asks_to_be_woken_again() -> None:
    scene = asking()
    assert scene.sees(Woke(moment(44_999))) == [Wake(45_000)]
    assert len(scene.sees(Woke(moment(45_000)))) == 2
    assert scene.sees(Woke(moment(64_999))) == [Wake(65_000)]
    assert scene.state is State.ASKING


# Whoever is still there


def test_before_the_question_goes_it_says_so_and_a_touch_beside_the_faces_keeps_it() -> None:
    scene = asking()
    shown, wake = scene.sees(Woke(moment(45_000)))
    assert shown == Show(replace(ASKED, leaving=True))
    assert wake == Wake(65_000)
    shown, wake = scene.sees(GlassTouched(moment(50_000)))
    assert shown == Show(ASKED)
    assert wake == Wake(75_000)
    scene.sees(Woke(moment(75_000)), Woke(moment(95_000)))
    assert [sealed.outcome for sealed in scene.sealed] == [Outcome.TIMED_OUT]


def test_a_touch_beside_the_faces_before_it_says_so_gives_no_time_yet() -> None:
    scene = asking()
    assert scene.sees(GlassTouched(moment(30_000))) == []
    assert scene.session.is_attended
    assert scene.wake == 45_000


def test_it_stays_ten_times_and_says_then_that_it_goes_all_the_same() -> None:
    scene, boot = asking(), 20_000
    for _ in range(10):
        boot += 30_000
        scene.sees(Woke(moment(boot)))
        assert scene.page == replace(ASKED, leaving=True)
        scene.sees(GlassTouched(moment(boot)))
        assert scene.page == ASKED
    scene.sees(Woke(moment(boot + 25_000)), GlassTouched(moment(boot + 26_000)))
    assert scene.page == replace(ASKED, leaving=True, may_stay=False)
    scene.sees(Woke(moment(boot + 45_000)))
    assert scene.state is State.RESTING


def test_it_never_stays_past_the_next_sale() -> None:
    scene = asking()
    scene.sees(Woke(moment(45_000)), GlassTouched(moment(50_000)))
    scene.sees(sale_seen(51_000), face_touched(52_000))
    assert [(one.outcome, one.code) for one in scene.sealed] == [(Outcome.TIMED_OUT, "next_sale")]
    assert scene.all(KeepOpen)[-1].visit.sale == f"{51_000:032x}"


def test_having_it_read_aloud_begins_its_time_anew() -> None:
    scene = asking()
    scene.sees(ReadAloudTouched(moment(40_000)))
    assert scene.wake == 65_000
    scene.sees(Woke(moment(65_000)), ReadAloudTouched(moment(70_000)))
    assert (scene.page, scene.wake) == (ASKED, 95_000)


def test_an_answer_that_is_changed_warns_too_and_stands_when_the_page_goes() -> None:
    scene = thanking()
    scene.sees(ChangeTouched(moment(24_000)), Woke(moment(49_000)))
    assert scene.page_of(Asking).leaving
    scene.sees(Woke(moment(69_000)))
    assert [sealed.face for sealed in scene.sealed] == [Face.HAPPY]


def test_who_was_there_is_forgotten_with_the_visit_and_at_the_next_sale() -> None:
    scene = asking()
    scene.sees(ReadAloudTouched(moment(21_000)), sale_seen(22_000))
    assert not scene.session.is_attended
    scene.sees(GlassTouched(moment(23_000)), NotNowTouched(moment(24_000)))
    assert not scene.session.is_attended


def test_who_had_the_page_read_aloud_while_paying_is_still_there_when_asked() -> None:
    scene = resting()
    scene.sees(ReadAloudTouched(moment(15_000)))
    assert scene.wake == 60_000
    scene.sees(sale_seen(20_000))
    assert scene.session.is_attended


def test_a_touch_beside_the_keys_of_thanks_gives_as_long_again() -> None:
    scene = thanking()
    scene.sees(GlassTouched(moment(26_000)))
    assert scene.wake == 31_000


# What cannot be kept


def test_a_touch_that_makes_no_sense_leaves_the_visit_as_it_was() -> None:
    scene = asking()
    with pytest.raises(WordError):
        scene.sees(replace(face_touched(22_000), input=Input.NONE))
    assert scene.state is State.ASKING
    scene.sees(Woke(moment(65_000)))
    assert [sealed.outcome for sealed in scene.sealed] == [Outcome.TIMED_OUT]


def test_what_cannot_be_kept_is_told_and_thanks_nobody() -> None:
    scene = sorry()
    (sealed,) = scene.sealed
    assert (sealed.outcome, sealed.code) == (Outcome.BLOCKED, "not_kept")
    assert (scene.page, scene.wake) == (Sorry("es"), 22_010 + 3_000)
    scene.sees(Woke(moment(25_010)))
    assert scene.page_of(Resting)


def test_a_card_that_stalls_does_not_leave_the_shopper_waiting() -> None:
    scene = keeping()
    assert scene.wake == 22_000 + 5_000
    scene.sees(Woke(moment(27_000)))
    assert scene.page == Sorry("es")
    assert scene.sees(Kept(moment(27_500), scene.ticket)) == []
    assert len(scene.sealed) == 1


# The next sale


def test_the_next_sale_seals_an_answer_as_it_stands() -> None:
    scene = thanking()
    effects = scene.sees(sale_seen(23_000))
    assert [type(effect) for effect in effects] == [KeepSale, Seal, Show, Light, Wake]
    assert scene.sealed == [scene.all(KeepOpen)[-1].visit]


def test_the_next_sale_seals_an_answer_on_its_way_and_its_ticket_thanks_nobody_else() -> None:
    scene = keeping()
    scene.sees(sale_seen(22_005))
    assert scene.sealed == [scene.all(KeepOpen)[0].visit]
    assert scene.sees(Kept(moment(22_010), 1)) == []
    assert scene.page_of(Asking)


def test_the_next_sale_times_out_who_has_not_answered() -> None:
    scene = asking()
    scene.sees(sale_seen(25_000))
    assert (scene.sealed, scene.wake) == ([], 26_000)
    scene.sees(Woke(moment(26_000)))
    (sealed,) = scene.sealed
    assert (sealed.outcome, sealed.code) == (Outcome.TIMED_OUT, "next_sale")
    assert (sealed.sale, scene.wake) == (f"{20_000:032x}", 50_000)


def test_a_touch_that_began_before_a_new_sale_answers_the_visit_before_it() -> None:
    scene = asking()
    effects = scene.sees(sale_seen(25_000), face_touched(25_050, Face.SAD, began=24_950))
    assert effects == [Seal(scene.sealed[0])]
    (sealed,) = scene.sealed
    assert (sealed.face, sealed.sale, sealed.code) == (Face.SAD, f"{20_000:032x}", None)
    assert scene.state is State.ASKING


def test_after_a_late_touch_the_new_visit_is_asked_as_long_as_any_other() -> None:
    scene = asking()
    scene.sees(sale_seen(25_000), face_touched(25_050, began=24_950), Woke(moment(26_000)))
    assert scene.wake == 50_000
    scene.sees(face_touched(27_000))
    assert scene.all(KeepOpen)[-1].visit.sale == f"{25_000:032x}"


def test_only_one_late_touch_answers_the_visit_before() -> None:
    scene = asking()
    late = face_touched(25_050, began=24_950)
    scene.sees(sale_seen(25_000), late)
    assert scene.sees(late) == []
    assert len(scene.sealed) == 1


def test_a_touch_that_takes_too_long_counts_for_nobody() -> None:
    scene = asking()
    scene.sees(sale_seen(25_000), face_touched(26_001, began=24_950))
    assert [sealed.outcome for sealed in scene.sealed] == [Outcome.TIMED_OUT]
    assert not scene.all(KeepOpen)


def test_a_touch_from_before_the_old_page_counts_for_nobody() -> None:
    scene = asking()
    scene.sees(sale_seen(25_000), face_touched(25_050, began=19_000))
    assert [sealed.outcome for sealed in scene.sealed] == [Outcome.TIMED_OUT]
    assert not scene.all(KeepOpen)


def test_a_touch_of_the_new_shopper_seals_the_old_visit_first() -> None:
    scene = asking()
    effects = scene.sees(sale_seen(25_000), face_touched(25_100))
    assert [type(effect) for effect in effects] == [Seal, KeepOpen, Wake]


def test_a_touch_that_began_on_the_thanks_page_does_not_answer_again() -> None:
    scene = thanking()
    scene.sees(ChangeTouched(moment(24_000)))
    assert scene.sees(face_touched(24_080, began=23_990)) == []


# Languages and settings


def test_a_language_lasts_for_one_visit() -> None:
    scene = asking()
    scene.sees(LanguageTouched(moment(21_000), "en"))
    assert (scene.page_of(Asking).language, scene.wake) == ("en", 46_000)
    scene.sees(face_touched(22_000))
    scene.kept(22_010)
    assert scene.page == Thanks("en", REASONS, None, 5.0)
    scene.sees(DoneTouched(moment(23_000)))
    assert (scene.page_of(Resting).language, scene.sealed[0].language) == ("es", "en")


def test_a_language_chosen_while_waiting_holds_for_the_visit_that_follows() -> None:
    scene = resting()
    scene.sees(LanguageTouched(moment(15_000), "en"), sale_seen(20_000))
    assert scene.page_of(Asking).language == "en"


def test_a_language_chosen_by_nobody_who_pays_is_taken_back() -> None:
    scene = resting()
    scene.sees(LanguageTouched(moment(15_000), "en"))
    assert scene.wake == 60_000
    scene.sees(Woke(moment(60_000)))
    assert scene.page_of(Resting).language == "es"
    assert scene.all(Wake)[-1] == Wake(None)


def test_the_next_shopper_is_asked_in_the_first_language() -> None:
    scene = asking()
    scene.sees(LanguageTouched(moment(21_000), "en"), sale_seen(25_000))
    assert scene.page_of(Asking).language == "es"


def test_who_does_not_answer_is_recorded_in_the_language_last_shown() -> None:
    scene = asking()
    scene.sees(LanguageTouched(moment(21_000), "en"), NotNowTouched(moment(22_000)))
    assert scene.sealed[0].language == "en"


@pytest.mark.parametrize("state", State)
def test_a_language_that_is_not_offered_is_ignored(state: State) -> None:
    assert SCENES[state]().sees(LanguageTouched(moment(NOW), "xx")) == []


def test_settings_take_force_at_once_while_resting() -> None:
    scene = resting()
    coming = replace(settings(2), store_name="Mercado Sur")
    scene.sees(SettingsCame(moment(15_000), coming))
    assert scene.page_of(Resting).store_name == "Mercado Sur"


def test_settings_wait_for_the_end_of_a_visit() -> None:
    scene = asking()
    scene.sees(SettingsCame(moment(21_000), settings(2, question_version=7)))
    scene.sees(face_touched(22_000))
    assert scene.all(KeepOpen)[-1].visit.question_version == 1
    scene.kept(22_010)
    scene.sees(DoneTouched(moment(23_000)), sale_seen(24_000), face_touched(25_000))
    assert scene.all(KeepOpen)[-1].visit.question_version == 7


def test_settings_may_turn_a_kiosk_always_on_and_back() -> None:
    scene = resting()
    scene.sees(SettingsCame(moment(15_000), settings(2, always_on=True)))
    assert scene.page_of(Asking)
    scene.sees(SettingsCame(moment(16_000), settings(3)))
    assert scene.page_of(Resting)


# Restart


def test_a_restart_seals_what_was_open_and_rests() -> None:
    session = Session(settings(), POINT, BOOT_ID)
    effects = session.start(visit(), moment(T0))
    assert effects[0] == Seal(replace(visit(), code="restart"))
    assert effects[-1] == Wake(None)
    assert len(effects) == 4


def test_a_start_with_nothing_open_seals_nothing() -> None:
    assert resting().sealed == []


# Always on


def test_always_on_asks_for_ever_and_a_touch_begins_the_visit() -> None:
    scene = resting(always_on=True)
    assert scene.page_of(Asking).always_on
    assert (scene.wake, scene.all(Light)[-1]) == (None, Light(True))
    scene.sees(face_touched(20_050, began=20_000))
    kept = scene.all(KeepOpen)[-1].visit
    assert (kept.asked, kept.answered, kept.sale) == (moment(20_000), moment(20_050), None)


def test_always_on_returns_to_asking_and_seals_once() -> None:
    scene = resting(always_on=True)
    scene.sees(face_touched(20_000))
    scene.kept(20_010)
    scene.sees(Woke(moment(25_010)))
    assert (scene.state, scene.wake, len(scene.sealed)) == (State.ASKING, None, 1)


def test_always_on_blocks_touches_right_after_a_visit_with_one_record() -> None:
    scene = resting(always_on=True)
    scene.sees(face_touched(20_000))
    scene.kept(20_010)
    scene.sees(DoneTouched(moment(21_000)))
    scene.sees(face_touched(21_500), face_touched(21_900), face_touched(22_999))
    assert [sealed.outcome for sealed in scene.sealed] == [Outcome.ANSWERED, Outcome.BLOCKED]
    assert scene.sealed[1].code == "lockout"
    scene.sees(face_touched(23_000))
    assert scene.state is State.KEEPING


def test_always_on_keeps_a_sale_but_asks_nobody_for_it() -> None:
    scene = resting(always_on=True)
    assert [type(effect) for effect in scene.sees(sale_seen(20_000))] == [KeepSale]


def test_always_on_has_no_not_now_before_a_touch() -> None:
    assert resting(always_on=True).sees(NotNowTouched(moment(20_000))) == []


def test_always_on_forgets_a_language_that_nobody_used() -> None:
    scene = resting(always_on=True)
    scene.sees(LanguageTouched(moment(20_000), "en"), Woke(moment(65_000)))
    assert (scene.page_of(Asking).language, scene.sealed, scene.wake) == ("es", [], None)


def test_always_on_that_cannot_keep_blocks_the_visit_and_asks_again() -> None:
    scene = resting(always_on=True)
    scene.sees(face_touched(20_000))
    scene.failed(20_010)
    assert scene.sealed[0].code == "not_kept"
    scene.sees(Woke(moment(23_010)))
    assert scene.state is State.ASKING
