"""Whose turn the glass is: every cell of the table, its laws, and what hands it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from kiosk.core.effects import (
    Asking,
    Asleep,
    Cleaning,
    Dim,
    Dress,
    KeepResponse,
    Light,
    Page,
    Questioning,
    Resting,
    Show,
    Sorry,
    Thanks,
    Wake,
)
from kiosk.core.events import (
    BackTouched,
    ChangeTouched,
    CleaningAsked,
    DoneTouched,
    Event,
    Exported,
    FaceTouched,
    GlassTouched,
    HubTimeHeard,
    Inspected,
    InvitationTouched,
    KeepFailed,
    Kept,
    LanguageTouched,
    LeaveTouched,
    NextTouched,
    NoticeCame,
    NotNowTouched,
    PanelAsked,
    PanelTouched,
    ReadAloudTouched,
    ReasonTouched,
    SettingsCame,
    StayTouched,
    Woke,
)
from kiosk.core.guests import GOES_ON_MS, Turn
from kiosk.core.panel import Panel
from kiosk.core.panel_pages import Key, PinPad
from kiosk.core.passcode import hashed
from kiosk.core.patience import MOST_TIMES
from kiosk.core.sayings import Prompt, Say
from kiosk.core.turns import Turns
from shared.moments import Moment
from shared.notices import Keeping, Look
from shared.questions import Condition, Kind, Questionnaire
from shared.visits import Face, Input, Outcome
from tests.kiosk import samples
from tests.kiosk.core.happenings import each
from tests.kiosk.core.rig import Rig
from tests.kiosk.samples import moment, sale_seen
from tests.shared.questionnaires import EVERY_KIND, question, questionnaire

PIN = hashed("2580", b"salt" * 4)

ASKED = replace(samples.settings(), questionnaire=EVERY_KIND)

SHUT = replace(ASKED, keeping=Keeping(opens=8, closes=20, brightness=90, look=Look.AUTO))
"""In UTC; rigs begin at 08:53:30, so 12 hours later this store is closed."""

NIGHT_MS = 12 * 3_600_000


def shoppers() -> Rig:
    return Rig(ASKED, Panel(PIN, "k-012-03", ()))


def walking() -> Rig:
    rig = shoppers()
    rig.invited()
    return rig


def wiping() -> Rig:
    rig = shoppers()
    rig.sees(CleaningAsked(rig.now()))
    return rig


def sleeping() -> Rig:
    rig = Rig(SHUT, Panel(PIN, "k-012-03", ()))
    rig.wait(NIGHT_MS)
    return rig


def inspected() -> Rig:
    rig = shoppers()
    rig.sees(PanelAsked(rig.now()))
    for key in ("2", "5", "8", "0", Key.OK):
        rig.sees(PanelTouched(rig.now(), key))
    return rig


SCENES: dict[Turn, Callable[[], Rig]] = {
    Turn.SHOPPERS: shoppers,
    Turn.WALK: walking,
    Turn.WIPING: wiping,
    Turn.ASLEEP: sleeping,
    Turn.PANEL: inspected,
}

NOW = 20_000_000_000

EVENTS = each(
    get_args(Event),
    NOW,
    KeepFailed(moment(NOW), -1, "disk full"),
    SettingsCame(moment(NOW), ASKED),
    Woke(moment(10_000)),
)

TOUCHES = {type(event) for event in EVENTS} - {
    *(Kept, KeepFailed, Woke, SettingsCame, HubTimeHeard, NoticeCame, Inspected, Exported)
}

MOVES: dict[tuple[type[Event], Turn], Turn] = {
    (InvitationTouched, Turn.SHOPPERS): Turn.WALK,
    (CleaningAsked, Turn.SHOPPERS): Turn.WIPING,
    (PanelAsked, Turn.SHOPPERS): Turn.PANEL,
    (LeaveTouched, Turn.WALK): Turn.SHOPPERS,
    (type(sale_seen(1)), Turn.WALK): Turn.SHOPPERS,
    (LeaveTouched, Turn.PANEL): Turn.SHOPPERS,
    (CleaningAsked, Turn.PANEL): Turn.WIPING,
    (SettingsCame, Turn.ASLEEP): Turn.SHOPPERS,  # these know no closing time
    **{(touch, Turn.ASLEEP): Turn.SHOPPERS for touch in TOUCHES},
}
"""Every way from one to another; all other events leave the glass to whoever has it."""


def test_the_table_has_a_row_for_every_event_and_a_cell_for_every_turn() -> None:
    assert set(Turns.TABLE) == set(get_args(Event)) == {type(event) for event in EVENTS}
    assert all(len(row) == len(Turn) for row in Turns.TABLE.values())


@pytest.mark.parametrize("turn", Turn)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_in_every_turn_leads_where_the_table_says(event: Event, turn: Turn) -> None:
    rig = SCENES[turn]()
    assert rig.turns.turn is turn
    night = rig.wall if turn is Turn.ASLEEP else 0  # later on the same night, where they sleep
    rig.sees(event if not night else replace(event, at=rig.at(rig.boot + 1)))
    assert rig.turns.turn is MOVES.get((type(event), turn), turn)


# Law 1: no sale is lost


@pytest.mark.parametrize(
    ("turn", "code"), [(Turn.WALK, "busy"), (Turn.WIPING, "cleaning"), (Turn.PANEL, "panel")]
)
def test_a_sale_while_somebody_has_the_glass_is_kept_and_its_visit_blocked(
    turn: Turn, code: str
) -> None:
    rig = SCENES[turn]()
    rig.boot += 5_000
    page = rig.page
    rig.sale()
    assert rig.turns.turn is turn
    assert rig.page == page
    (visit,) = rig.visits
    (sale,) = rig.sales
    assert (visit.outcome, visit.code, visit.sale) == (Outcome.BLOCKED, code, sale.id)


def test_a_sale_that_is_told_twice_meanwhile_is_one() -> None:
    rig = wiping()
    rig.sale()
    rig.sale()
    assert len(rig.sales) == len(rig.visits) == 1


def test_a_sale_ends_the_pad_of_the_panel_and_is_asked_about() -> None:
    rig = shoppers()
    rig.sees(PanelAsked(rig.now()))
    rig.page_of(PinPad)
    rig.sale()
    rig.page_of(Asking)
    assert rig.visits == []


def test_a_sale_during_a_visit_is_the_sessions_as_ever() -> None:
    rig = shoppers()
    rig.sale()
    rig.face(Face.SAD)
    rig.boot += 1
    rig.sale()
    rig.page_of(Asking)
    assert [visit.face for visit in rig.visits] == [Face.SAD]


# Law 2: one page at a time


def test_what_the_session_shows_meanwhile_is_shown_when_it_has_the_glass_again() -> None:
    rig = wiping()
    rig.sees(SettingsCame(rig.now(), replace(ASKED, serial=2, store_name="Anders")))
    rig.page_of(Cleaning)
    rig.wait(60_000)
    assert rig.page_of(Resting).store_name == "Anders"


def test_a_card_that_answers_late_does_not_touch_the_walk() -> None:
    rig = shoppers()
    rig.sale()
    rig.face()
    reason = ReasonTouched(rig.now(), "wait")
    rig.turns.handle(reason)  # its commit is still under way …
    rig.invited()
    shown = rig.page_of(Questioning)
    rig.sees(Kept(rig.now(), 2))  # … and comes when somebody walks already
    assert rig.page == shown
    assert rig.visits[0].reason == "wait"


def test_a_touch_that_began_while_somebody_else_had_the_glass_does_not_count() -> None:
    rig = Rig(replace(ASKED, always_on=True))
    rig.sees(CleaningAsked(rig.now()))
    rig.wait(59_990)
    began = rig.now()
    rig.wait(20)
    rig.sees(FaceTouched(rig.now(), Face.SAD, Input.BUTTON, began))
    rig.page_of(Asking)
    rig.press(Face.SAD)
    rig.page_of(Thanks)


def test_no_page_is_shown_twice() -> None:
    rig = shoppers()
    before = len(rig.all(Show))
    rig.notice(minutes=5)
    assert len(rig.all(Show)) == before + 1
    rig.sees(HubTimeHeard(rig.now(), 1))
    assert len(rig.all(Show)) == before + 1


# Law 3: a walk ends for a sale, unless somebody is there


def test_a_sale_after_a_while_without_a_touch_ends_the_walk_and_is_asked_about() -> None:
    rig = walking()
    rig.answers("mood", "sad")
    rig.boot += GOES_ON_MS + 1
    rig.sale()
    rig.page_of(Asking)
    (response,) = rig.responses
    assert not response.complete
    assert response.answers == {"mood": "sad"}
    assert rig.visits == []


def test_at_a_point_that_asks_about_no_sale_none_ends_a_walk() -> None:
    rig = Rig(replace(ASKED, always_on=True))
    rig.face()
    rig.invited()
    rig.boot += GOES_ON_MS + 1
    rig.sale()
    rig.page_of(Questioning)
    assert len(rig.sales) == len(rig.visits) == 1


def test_a_sale_while_the_walk_is_thanked_for_is_asked_about_at_once() -> None:
    rig = walking()
    rig.answers("mood", "sad")
    for _ in EVERY_KIND.questions:
        rig.goes_on()
    rig.page_of(Thanks)
    rig.sale()
    rig.page_of(Asking)
    assert [response.complete for response in rig.responses] == [True]


# Law 4: asleep, and awake


def test_outside_opening_hours_the_glass_goes_dark_a_minute_after_the_last_touch() -> None:
    rig = sleeping()
    rig.page_of(Asleep)
    assert rig.percent == 0
    assert not rig.lit
    rig.sees(GlassTouched(rig.now()))
    rig.page_of(Resting)
    assert rig.percent == 40
    rig.wait(59_000)
    rig.page_of(Resting)
    rig.wait(1_000)
    rig.page_of(Asleep)


def test_the_touch_that_wakes_does_nothing_else() -> None:
    rig = sleeping()
    rig.press(Face.NEUTRAL)
    rig.page_of(Resting)
    assert rig.records == []


def test_a_sale_wakes_and_is_asked_about() -> None:
    rig = sleeping()
    rig.sale()
    rig.page_of(Asking)
    assert rig.percent == 40
    rig.face()
    rig.wait(5_000)
    rig.page_of(Resting)
    rig.wait(60_000)
    rig.page_of(Asleep)
    assert len(rig.visits) == 1


def test_in_the_morning_the_glass_wakes_by_itself() -> None:
    rig = sleeping()
    rig.wait(NIGHT_MS)
    rig.page_of(Resting)
    assert rig.percent == 90
    assert [dress.night for dress in rig.all(Dress)] == [False, True, False]


def test_where_the_time_is_unknown_nobody_sleeps() -> None:
    rig = Rig(SHUT, synced=False)
    rig.wait(NIGHT_MS)
    rig.page_of(Resting)
    for _ in range(2):  # the hub's word counts when two of them agree
        rig.boot += 60_000
        rig.sees(HubTimeHeard(rig.now(), rig.now().wall))
    rig.wait(120_000)
    rig.page_of(Asleep)


def test_a_point_that_always_asks_sleeps_too_and_wakes_for_a_button() -> None:
    rig = Rig(replace(SHUT, always_on=True))
    rig.wait(NIGHT_MS)
    rig.page_of(Asleep)
    rig.press(Face.SAD)
    rig.page_of(Asking)
    rig.press(Face.SAD)
    rig.page_of(Thanks)
    assert [light.on for light in rig.all(Light)] == [True, False, True, False]


def test_new_settings_with_other_hours_count_at_once() -> None:
    rig = sleeping()
    rig.sees(SettingsCame(rig.now(), replace(ASKED, serial=2)))
    rig.page_of(Resting)


def test_at_rest_nothing_wakes_where_nothing_depends_on_the_hour() -> None:
    rig = shoppers()
    assert rig.wake is None
    rig.sale()
    rig.face()
    rig.sees(DoneTouched(rig.now()))
    assert rig.wake is None


# Law 5: nobody is watched


@pytest.mark.parametrize("by", [Input.TOUCH, Input.BUTTON])
@pytest.mark.parametrize("face", [Face.NEUTRAL, Face.HAPPY])
def test_all_that_is_seen_heard_and_lit_is_the_same_whichever_face(face: Face, by: Input) -> None:
    assert everything_after(face, by) == everything_after(Face.SAD, by)


def everything_after(face: Face, by: Input) -> list[object]:
    rig = Rig(ASKED)
    rig.sale()
    rig.boot += 1_500
    rig.face(face, by)
    rig.sees(ReadAloudTouched(rig.now()))
    rig.wait(1_000)
    rig.sees(ReasonTouched(rig.now(), "wait"))
    rig.sees(LanguageTouched(rig.now(), "en"))
    rig.wait(3_000)
    rig.sees(ChangeTouched(rig.now()))
    rig.invited()
    rig.answers("mood", face.value)
    rig.wait(60_000)
    seen = (Show, Light, Say, Dim, Dress)
    return [effect for effect in rig.effects if isinstance(effect, seen)]


FOLLOWED = questionnaire(
    question("first", Kind.FACES),
    question("why", Kind.SCALE, shown_if=(Condition("first", ("sad",)),)),
    question("last", Kind.STARS),
)
"""A rule on a face: what follows may tell it, but not the page on which it is touched."""


@pytest.mark.parametrize("asked", [EVERY_KIND, FOLLOWED], ids=["every kind", "a rule on a face"])
@pytest.mark.parametrize("by", [Input.TOUCH, Input.BUTTON])
@pytest.mark.parametrize("face", [Face.NEUTRAL, Face.HAPPY])
def test_a_question_with_faces_looks_sounds_and_lights_the_same_whichever_was_touched(
    face: Face, by: Input, asked: Questionnaire
) -> None:
    assert everything_at_the_faces(face, by, asked) == everything_at_the_faces(Face.SAD, by, asked)


def everything_at_the_faces(face: Face, by: Input, asked: Questionnaire) -> list[object]:
    """Answered, warned about, read aloud, come back to, and answered anew."""
    first = asked.questions[0].id
    rig = Rig(replace(samples.settings(), questionnaire=asked))
    rig.invited()
    for _ in range(2):
        if by is Input.BUTTON:
            rig.press(face)
        else:
            rig.answers(first, face.value)
            rig.goes_on()
        rig.sees(BackTouched(rig.now()))
        rig.sees(ReadAloudTouched(rig.now()))
        rig.wait(16_000)
        rig.sees(StayTouched(rig.now()))
    seen = (Show, Light, Say, Dim, Dress)
    effects = [effect for effect in rig.effects if isinstance(effect, seen)]
    at_faces = False
    kept: list[object] = []
    for effect in effects:
        if isinstance(effect, Show):
            page = effect.page
            at_faces = isinstance(page, Questioning) and page.question.id == first
        kept += [effect] if at_faces else []
    return kept


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ("sale", "touch", "press", "reason", "change", "done", "no", "language", "read",
             "invite", "answer", "next", "back", "leave", "clean", "glass", "wait", "fail")
        ),
        st.sampled_from(Face),
        st.integers(0, 20_000),
    ),
    max_size=25,
)  # fmt: skip


@given(steps=STEPS, turned=st.permutations(tuple(Face)), always_on=st.booleans())
@tuned(deadline=None, max_examples=150)
def test_whatever_happens_other_faces_would_be_seen_heard_and_lit_the_same(
    steps: list[tuple[str, Face, int]], turned: list[Face], always_on: bool
) -> None:
    other = dict(zip(Face, turned, strict=True))
    rigs = [Rig(replace(ASKED, always_on=always_on)) for _ in range(2)]
    for what, face, ms in steps:
        means = what in ("touch", "answer") or asks_faces(rigs[0].page)
        happen(rigs[0], what, face, ms)
        happen(rigs[1], what, other[face] if means else face, ms)
    seen = (Show, Light, Say, Dim, Dress, Wake)
    first, second = [[one for one in rig.effects if isinstance(one, seen)] for rig in rigs]
    assert first == second


def asks_faces(page: Page) -> bool:
    """Whether a button is its face there."""
    faces = isinstance(page, Questioning) and page.question.kind is Kind.FACES
    return faces or isinstance(page, Asking)


def happen(rig: Rig, what: str, face: Face, ms: int) -> None:
    """One step; `press` is a button, which has a meaning of its own where no face is asked for."""
    now = rig.now()
    events: dict[str, Event] = {
        "reason": ReasonTouched(now, "wait"),
        "change": ChangeTouched(now),
        "done": DoneTouched(now),
        "no": NotNowTouched(now),
        "language": LanguageTouched(now, "en"),
        "read": ReadAloudTouched(now),
        "invite": InvitationTouched(now),
        "next": NextTouched(now),
        "leave": LeaveTouched(now),
        "back": BackTouched(now),
        "clean": CleaningAsked(now),
        "glass": GlassTouched(now),
    }
    if what in events:
        rig.sees(events[what])
    elif what == "sale":
        rig.boot += 1
        rig.sale()
    elif what == "wait":
        rig.wait(ms)
    elif what == "answer":
        rig.answers("mood", face.value)
    elif what == "fail":
        rig.works = not rig.works
    else:
        rig.face(face, Input.TOUCH if what == "touch" else Input.BUTTON)


# Beginning anew


def test_how_far_somebody_had_walked_is_kept_at_the_start_as_a_part() -> None:
    before = walking()
    before.answers("mood", "happy")
    before.goes_on()
    after = Rig(ASKED, walked=before.noted)
    assert [response.complete for response in after.responses] == [False]
    assert after.responses[0].answers == {"mood": "happy"}


def test_a_walk_without_answers_is_not_kept_at_the_start() -> None:
    noted = walking()
    noted.answers("mood", "happy")
    noted.goes_on()
    noted.sees(BackTouched(noted.now()))
    noted.answers("mood", None)
    noted.sees(LeaveTouched(noted.now()))
    assert noted.noted is not None
    assert noted.noted.answers == {}
    assert Rig(ASKED, walked=noted.noted).responses == []


def test_a_start_tells_how_the_glass_is_lit() -> None:
    rig = Rig(SHUT)
    assert (rig.percent, rig.night) == (90, False)


# Others


def test_after_thanks_the_visit_is_sealed_before_the_first_question() -> None:
    rig = shoppers()
    rig.sale()
    rig.face(Face.SAD)
    assert rig.page_of(Thanks).invited
    rig.sees(LanguageTouched(rig.now(), "en"))
    rig.invited()
    assert [visit.face for visit in rig.visits] == [Face.SAD]
    assert rig.page_of(Questioning).language == "en"
    rig.sees(LeaveTouched(rig.now()))
    assert rig.page_of(Resting).language == "es"


def test_a_touch_beside_the_keys_of_thanks_gives_as_long_again_and_nowhere_else() -> None:
    rig = shoppers()
    rig.sale()
    deadline = rig.wake
    rig.sees(GlassTouched(rig.now()))
    assert rig.wake == deadline
    rig.face()
    for _ in range(3):
        rig.wait(4_900)
        rig.sees(GlassTouched(rig.now()))
    thanks = rig.page_of(Thanks)
    assert (thanks.gone, thanks.changeable) == (0.0, False)
    rig.wait(5_000)
    rig.page_of(Resting)


@pytest.mark.parametrize(
    "sign",
    [GlassTouched, ReadAloudTouched, lambda at: LanguageTouched(at, "en")],
    ids=["a touch", "speech", "a language"],
)
def test_that_the_question_goes_is_said_aloud_to_whoever_gave_a_sign(
    sign: Callable[[Moment], Event],
) -> None:
    rig = shoppers()
    rig.sale()
    rig.wait(10_000)
    rig.sees(sign(rig.now()))
    heard, end = len(rig.said), rig.boot + 90_000
    while not rig.page_of(Asking).leaving and rig.boot < end:
        rig.wait(1_000)
    asking = rig.page_of(Asking)
    assert rig.said[heard:] == [Say(asking.language, (Prompt.LEAVING,), 60)]
    rig.wait(10_000)
    assert len(rig.said) == heard + 1


def test_where_nobody_is_known_to_be_there_the_glass_alone_says_that_it_goes() -> None:
    rig = shoppers()
    rig.sale()
    rig.wait(25_000)
    assert rig.page_of(Asking).leaving
    assert rig.said == []


def test_when_it_cannot_stay_any_longer_nobody_is_told_to_touch_it() -> None:
    rig = shoppers()
    rig.sale()
    for _ in range(MOST_TIMES):
        rig.wait(30_000)
        rig.sees(GlassTouched(rig.now()))
    heard = len(rig.said)
    rig.wait(30_000)
    assert not rig.page_of(Asking).may_stay
    assert len(rig.said) == heard


def test_nobody_walks_who_was_not_invited() -> None:
    rig = Rig(samples.settings())
    rig.invited()
    rig.page_of(Resting)
    rig.sale()
    rig.invited()
    rig.page_of(Asking)


def test_whoever_wipes_while_a_shopper_is_asked_blocks_the_visit() -> None:
    rig = shoppers()
    rig.sale()
    rig.sees(CleaningAsked(rig.now()))
    assert [(visit.outcome, visit.code) for visit in rig.visits] == [(Outcome.BLOCKED, "cleaning")]
    rig.page_of(Cleaning)
    assert not rig.lit


def test_a_visit_that_lingered_when_wiping_began_is_sealed() -> None:
    rig = shoppers()
    rig.sale()
    rig.boot += 100
    rig.sale()
    rig.sees(CleaningAsked(rig.now()))
    assert [visit.code for visit in rig.visits] == ["next_sale", "cleaning"]


def test_thanks_are_not_wiped_away() -> None:
    rig = shoppers()
    rig.sale()
    rig.face()
    rig.sees(CleaningAsked(rig.now()))
    rig.page_of(Thanks)


def test_the_panel_waits_for_a_shopper_who_is_asked_and_without_one_there_is_none() -> None:
    rig = shoppers()
    rig.sale()
    rig.sees(PanelAsked(rig.now()))
    rig.page_of(Asking)
    without = Rig(ASKED)
    without.sees(PanelAsked(without.now()))
    without.page_of(Resting)


def test_the_panel_is_woken_and_closes_itself() -> None:
    rig = inspected()
    rig.wait(120_000)
    rig.page_of(Resting)


def test_the_page_between_visits_says_what_it_asks() -> None:
    rig = shoppers()
    rig.sees(ReadAloudTouched(rig.now()))
    rig.sale()
    assert [said.parts[0] for said in rig.said[:1]] == [Prompt.RESTING]
    assert rig.said[1].parts[-1] is Prompt.ASKING
    assert {(said.language, said.volume) for said in rig.said} == {("es", 60)}


def test_where_nothing_may_be_heard_nothing_is_said() -> None:
    rig = Rig(replace(ASKED, keeping=Keeping(volume=0)))
    rig.sees(ReadAloudTouched(rig.now()))
    assert rig.said == []


def test_a_response_that_cannot_be_kept_is_told() -> None:
    rig = walking()
    rig.answers("mood", "sad")
    rig.works = False
    for _ in EVERY_KIND.questions:
        rig.goes_on()
    rig.page_of(Sorry)
    rig.wait(3_000)
    rig.page_of(Resting)
    assert [asked.response.complete for asked in rig.all(KeepResponse)] == [True]
