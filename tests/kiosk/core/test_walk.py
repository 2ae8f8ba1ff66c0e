"""A walk through the questionnaire: every cell of its table, its laws, by touch and by buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from kiosk.core.discretion import ANSWERED, told
from kiosk.core.effects import Effect, KeepResponse, NoteWalk, Questioning, Resting, Sorry, Thanks
from kiosk.core.events import (
    AnswerGiven,
    BackTouched,
    DoneTouched,
    Event,
    FaceTouched,
    GlassTouched,
    KeepFailed,
    Kept,
    LanguageTouched,
    LeaveTouched,
    NextTouched,
    ReadAloudTouched,
    StayTouched,
    Woke,
)
from kiosk.core.sayings import Prompt, Say, Utterance
from kiosk.core.walk import IDLE_MS, STAY_MS, Stage, Walk
from kiosk.core.walker import Walker
from shared.questionnaires import Answer, Response
from shared.questions import Condition, Kind, Question, Questionnaire
from shared.visits import Face, Input
from shared.walking import accepts, answered
from tests.kiosk import samples
from tests.kiosk.core.happenings import each
from tests.kiosk.core.rig import Rig
from tests.kiosk.samples import BOOT_ID, POINT, moment
from tests.shared.questionnaires import EVERY_ANSWER, EVERY_KIND, question, questionnaire, ruled

LEFT, MIDDLE, RIGHT = Face.SAD, Face.NEUTRAL, Face.HAPPY

T0 = 10_000


def rig_of(asked: Questionnaire = EVERY_KIND) -> Rig:
    """Somebody stands before the first question."""
    rig = Rig(replace(samples.settings(), questionnaire=asked))
    rig.invited()
    return rig


def walk(*events: Event, asked: Questionnaire = EVERY_KIND) -> Walk:
    """The walk alone, after these events."""
    walker = Walker(
        asked, samples.settings(), POINT, BOOT_ID, "es", Input.TOUCH, "seed", -1, moment(T0)
    )
    made = Walk(walker)
    made.begin()
    for event in events:
        made.handle(event)
    return made


ONE = questionnaire(question("mood", Kind.FACES))

GIVEN = AnswerGiven(moment(T0), "mood", "sad")
NEXT = NextTouched(moment(T0))

SCENES: dict[Stage, Callable[[], Walk]] = {
    Stage.ASKING: lambda: walk(GIVEN, asked=ONE),
    Stage.WARNING: lambda: walk(GIVEN, Woke(moment(T0 + IDLE_MS)), asked=ONE),
    Stage.KEEPING: lambda: walk(GIVEN, NEXT, asked=ONE),
    Stage.THANKING: lambda: walk(GIVEN, NEXT, Kept(moment(T0), -1), asked=ONE),
    Stage.SORRY: lambda: walk(GIVEN, NEXT, KeepFailed(moment(T0), -1, "full"), asked=ONE),
}

LATER = T0 + IDLE_MS + 1_000

KINDS = (
    AnswerGiven,
    NextTouched,
    BackTouched,
    LeaveTouched,
    DoneTouched,
    StayTouched,
    GlassTouched,
    FaceTouched,
    LanguageTouched,
    ReadAloudTouched,
    Kept,
    KeepFailed,
    Woke,
)

EVENTS = each(KINDS, LATER, Kept(moment(LATER), -1), KeepFailed(moment(LATER), -1, "disk full"))

STAYS = (AnswerGiven, BackTouched, StayTouched, GlassTouched, LanguageTouched, ReadAloudTouched)

MOVES: dict[tuple[type[Event], Stage], Stage | None] = {
    (NextTouched, Stage.ASKING): Stage.KEEPING,
    (NextTouched, Stage.WARNING): Stage.KEEPING,
    (FaceTouched, Stage.WARNING): Stage.ASKING,
    **{(kind, Stage.WARNING): Stage.ASKING for kind in STAYS},
    **{(LeaveTouched, stage): None for stage in Stage if stage is not Stage.KEEPING},
    (DoneTouched, Stage.THANKING): None,
    (DoneTouched, Stage.SORRY): None,
    (Kept, Stage.KEEPING): Stage.THANKING,
    (KeepFailed, Stage.KEEPING): Stage.SORRY,
    (Woke, Stage.ASKING): Stage.WARNING,
    (Woke, Stage.KEEPING): Stage.SORRY,
    (Woke, Stage.THANKING): None,
    (Woke, Stage.SORRY): None,
}
"""Every way out of a stage, None where it is over; all other events leave it."""


def test_the_table_has_a_row_for_every_event_of_a_walk_and_a_cell_for_every_stage() -> None:
    assert set(Walk.TABLE) == {type(event) for event in EVENTS}
    assert all(len(row) == len(Stage) for row in Walk.TABLE.values())


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_in_every_stage_leads_where_the_table_says(event: Event, stage: Stage) -> None:
    made = SCENES[stage]()
    assert made.stage is stage
    made.handle(event)
    expected = MOVES.get((type(event), stage), stage)
    assert made.is_open is (expected is not None)
    assert expected is None or made.stage is expected


# By touch


def answers_all(rig: Rig) -> None:
    for name, answer in EVERY_ANSWER.items():
        question = rig.page_of(Questioning).question
        assert question.id == name
        rig.answers(name, answer)
        assert rig.page_of(Questioning).answer == told(question, answer)
        rig.goes_on()


def test_every_kind_of_question_is_answered_kept_and_then_thanked_for() -> None:
    rig = rig_of()
    answers_all(rig)
    (response,) = rig.responses
    assert response.complete
    assert response.answers == EVERY_ANSWER
    assert (response.language, response.input, response.version) == ("es", Input.TOUCH, 1)
    assert (response.begun, response.point_id) == (moment(T0), POINT)
    thanks = rig.page_of(Thanks)
    assert (thanks.reasons, thanks.changeable, thanks.invited) == ((), False, False)
    rig.wait(5_000)
    rig.page_of(Resting)


@pytest.mark.parametrize("pressed", [False, True], ids=["a touch", "a press"])
def test_who_touches_the_thanks_has_them_for_as_long_again(pressed: bool) -> None:
    rig = rig_of(ONE)
    rig.answers("mood", "sad")
    rig.goes_on()
    rig.wait(4_000)
    if pressed:
        rig.press(MIDDLE)
    else:
        rig.sees(GlassTouched(rig.now()))
    rig.wait(4_999)
    rig.page_of(Thanks)
    rig.wait(1)
    rig.page_of(Resting)


def test_the_store_thanks_in_its_own_words() -> None:
    words = {"es": "¡Mil gracias!"}
    rig = rig_of(replace(ONE, thanks=words))
    rig.answers("mood", "sad")
    rig.goes_on()
    assert rig.page_of(Thanks).words == words


def test_thanks_come_only_after_the_commit() -> None:
    made = walk(GIVEN, asked=ONE)
    asked = made.handle(NEXT)
    assert [type(effect) for effect in asked] == [KeepResponse]
    assert made.handle(Kept(moment(T0), -2)) == []
    assert any(isinstance(effect, Thanks) for effect in pages(made.handle(Kept(moment(T0), -1))))


def pages(effects: list[Effect]) -> list[object]:
    return [getattr(effect, "page", None) for effect in effects]


def test_a_card_that_says_nothing_is_told_like_one_that_fails() -> None:
    made = walk(GIVEN, NEXT, asked=ONE)
    assert Sorry("es") in pages(made.handle(Woke(moment(T0 + 5_000))))


def test_a_question_that_must_be_answered_is_not_passed_over() -> None:
    rig = rig_of(questionnaire(Question("a", Kind.SCALE, {}, required=True)))
    rig.goes_on()
    assert rig.page_of(Questioning).question.id == "a"
    rig.answers("a", 11)
    rig.goes_on()
    assert rig.page_of(Questioning).answer is None
    rig.answers("a", 10)
    rig.goes_on()
    assert rig.responses[0].answers == {"a": 10}


def test_one_can_go_back_and_answer_anew() -> None:
    rig = rig_of()
    rig.answers("mood", "sad")
    rig.goes_on()
    rig.sees(BackTouched(rig.now()))
    assert rig.page_of(Questioning).answer == ANSWERED
    rig.sees(BackTouched(rig.now()))
    rig.answers("mood", "happy")
    rig.answers("friend", 3)  # which is not on the glass
    rig.sees(LeaveTouched(rig.now()))
    assert rig.responses[0].answers == {"mood": "happy"}


def test_an_answer_to_a_question_that_is_not_shown_after_all_does_not_stand() -> None:
    why = question("why", Kind.ONE, "dear", "dirty")
    asked = questionnaire(
        question("mood", Kind.FACES),
        replace(why, shown_if=(Condition("mood", ("sad",)),)),
        question("more", Kind.TEXT),
    )
    rig = rig_of(asked)
    assert rig.page_of(Questioning).of == 2
    rig.answers("mood", "sad")
    assert rig.page_of(Questioning).of == 2, "here nothing may tell which face it was"
    rig.goes_on()
    assert rig.page_of(Questioning).of == 3
    rig.answers("why", "dear")
    rig.sees(BackTouched(rig.now()))
    rig.answers("mood", "happy")
    rig.goes_on()
    rig.goes_on()
    assert rig.responses[0].answers == {"mood": "happy"}


def test_whoever_passes_everything_over_leaves_no_record_and_is_not_thanked() -> None:
    rig = rig_of()
    for _ in EVERY_KIND.questions:
        rig.goes_on()
    rig.page_of(Resting)
    assert rig.records == []
    assert not rig.all(NoteWalk)


def test_half_a_ranking_and_blanks_are_shown_and_are_no_answers() -> None:
    rig = rig_of(questionnaire(question("o", Kind.RANKING, "a", "b"), question("t", Kind.TEXT)))
    rig.answers("o", ["b"])
    assert rig.page_of(Questioning).answer == ["b"]
    rig.goes_on()
    rig.answers("t", "  ")
    assert rig.page_of(Questioning).answer == "  "
    rig.goes_on()
    assert rig.records == []


def test_another_language_is_spoken_from_then_on_and_stands_in_the_response() -> None:
    rig = rig_of()
    rig.sees(LanguageTouched(rig.now(), "xx"))
    rig.sees(LanguageTouched(rig.now(), "en"))
    rig.answers("mood", "sad")
    rig.sees(LeaveTouched(rig.now()))
    assert rig.responses[0].language == "en"


def test_a_question_is_read_aloud_by_how_it_is_answered() -> None:
    rig = rig_of()
    rig.sees(ReadAloudTouched(rig.now()))
    assert rig.said == [Say("es", (Utterance("es", "mood"), Prompt.FACES), 60)]
    assert {Prompt(kind.value) for kind in Kind} <= set(Prompt)


def test_choices_are_shuffled_for_each_person_and_stay_so_for_one() -> None:
    many = question("q", Kind.ONE, *"abcdefghijkl")
    asked = questionnaire(replace(many, shuffle=True), question("more", Kind.TEXT))
    rig = rig_of(asked)
    first = rig.page_of(Questioning).choices
    rig.goes_on()
    rig.sees(BackTouched(rig.now()))
    assert rig.page_of(Questioning).choices == first
    rig.sees(LeaveTouched(rig.now()))
    rig.wait(30_000)
    rig.invited()
    again = rig.page_of(Questioning).choices
    assert again != first
    assert sorted(one.id for one in again) == sorted(one.id for one in first)


# Whatever ends it


def test_how_far_somebody_came_is_noted_at_every_page_and_forgotten_with_the_response() -> None:
    rig = rig_of()
    rig.answers("mood", "sad")
    assert not rig.all(NoteWalk)
    rig.goes_on()
    (note,) = rig.all(NoteWalk)
    assert (note.response.answers, note.response.complete) == ({"mood": "sad"}, False)
    rig.sees(LeaveTouched(rig.now()))
    assert rig.noted is None
    assert rig.responses == [note.response]


def test_after_fifteen_seconds_one_is_asked_for_ten_whether_to_stay() -> None:
    rig = rig_of()
    rig.answers("mood", "sad")
    rig.wait(IDLE_MS - 1)
    assert rig.page_of(Questioning).seconds_left is None
    rig.wait(1)
    assert rig.page_of(Questioning).seconds_left == 10
    assert rig.said == [Say("es", (Prompt.STILL_THERE,), 60)]
    rig.wait(8_000)
    assert rig.page_of(Questioning).seconds_left == 2
    rig.sees(StayTouched(rig.now()))
    assert rig.page_of(Questioning).seconds_left is None
    rig.wait(IDLE_MS + STAY_MS)
    rig.page_of(Resting)
    assert [response.complete for response in rig.responses] == [False]


@pytest.mark.parametrize("touch", [GlassTouched, StayTouched])
def test_a_touch_anywhere_gives_time(touch: type[GlassTouched | StayTouched]) -> None:
    rig = rig_of()
    for _ in range(5):
        rig.wait(14_000)
        rig.sees(touch(rig.now()))
    assert rig.page_of(Questioning).seconds_left is None


# By the three buttons


def test_every_kind_of_question_but_a_text_is_answered_by_three_buttons() -> None:
    rig = Rig(replace(samples.settings(), questionnaire=EVERY_KIND))
    rig.press(MIDDLE)
    assert rig.page_of(Questioning).marked is None
    rig.press(MIDDLE)  # faces: the button is what its face says, and goes on
    assert rig.page_of(Questioning).marked == 0
    rig.press(RIGHT, RIGHT, RIGHT, MIDDLE)  # 3 of 0–10; the mark goes to “next”
    assert rig.page_of(Questioning).answer == 3
    rig.press(MIDDLE)
    rig.press(RIGHT, MIDDLE, MIDDLE)  # two stars
    rig.press(LEFT, LEFT, LEFT, LEFT, MIDDLE, MIDDLE)  # backwards over the foot: the bus
    rig.press(MIDDLE, RIGHT, RIGHT, MIDDLE, RIGHT, RIGHT, RIGHT, MIDDLE)  # bread and fish
    assert rig.page_of(Questioning).question.id == "order"
    rig.press(RIGHT, MIDDLE, LEFT, MIDDLE, RIGHT, RIGHT, MIDDLE, RIGHT, RIGHT, RIGHT, MIDDLE)
    rig.press(RIGHT, RIGHT, MIDDLE)  # a text is passed over: back, leave, next
    (response,) = rig.responses
    assert response.complete
    assert response.input is Input.BUTTON
    assert response.answers == {
        "mood": "neutral",
        "friend": 3,
        "tidy": 2,
        "came": "bus",
        "bought": ["bread", "fish"],
        "order": ["range", "price", "service"],
    }


def test_a_text_that_must_be_written_holds_nobody_with_three_buttons_and_leaves_a_part() -> None:
    text = replace(question("t", Kind.TEXT), required=True)
    rig = rig_of(questionnaire(question("a", Kind.STARS), text))
    rig.press(RIGHT, MIDDLE, MIDDLE)  # one star, next
    rig.press(LEFT, MIDDLE)  # over the text
    rig.page_of(Thanks)
    assert [(one.complete, one.answers) for one in rig.responses] == [(False, {"a": 1})]


def test_a_text_that_must_be_written_holds_whoever_has_a_keyboard() -> None:
    rig = rig_of(questionnaire(replace(question("t", Kind.TEXT), required=True)))
    rig.goes_on()
    assert rig.page_of(Questioning).question.id == "t"


def test_a_mark_that_is_chosen_twice_takes_the_answer_back() -> None:
    rig = rig_of(questionnaire(question("q", Kind.MANY, "a", "b")))
    rig.press(RIGHT, MIDDLE, MIDDLE)
    assert rig.page_of(Questioning).answer is None


def test_the_buttons_reach_back_and_leave() -> None:
    rig = rig_of(questionnaire(question("a", Kind.STARS), question("b", Kind.STARS)))
    rig.press(RIGHT, MIDDLE, MIDDLE)  # one star, next
    rig.press(LEFT, LEFT, LEFT, MIDDLE)  # back
    assert rig.page_of(Questioning).question.id == "a"
    rig.press(LEFT, LEFT, MIDDLE)  # leave
    rig.page_of(Resting)
    assert rig.responses[0].answers == {"a": 1}


def test_a_button_does_nothing_but_stay_where_the_page_is_about_to_leave() -> None:
    rig = rig_of()
    rig.wait(IDLE_MS)
    rig.press(RIGHT)
    page = rig.page_of(Questioning)
    assert (page.question.id, page.answer, page.seconds_left) == ("mood", None, None)


def test_a_finger_takes_the_mark_away() -> None:
    rig = rig_of(questionnaire(question("a", Kind.STARS)))
    rig.press(RIGHT)
    rig.answers("a", 2)
    assert rig.page_of(Questioning).marked is None


# Whatever happens


ACTIONS = st.one_of(
    st.tuples(st.just("answer"), st.integers(0, 4), st.sampled_from(("a", "b", ["a"], ["b", "a"]))),
    st.tuples(st.sampled_from(("next", "back", "leave", "stay", "sale")), st.just(0), st.just("")),
    st.tuples(st.just("press"), st.integers(0, 2), st.just("")),
    st.tuples(st.just("wait"), st.integers(0, 30_000), st.just("")),
)


@given(asked=ruled(), actions=st.lists(ACTIONS, max_size=25), works=st.booleans())
@tuned(deadline=None, max_examples=150)
def test_one_walk_is_at_most_one_record_and_its_answers_are_to_what_was_shown(
    asked: Questionnaire, actions: list[tuple[str, int, Answer]], works: bool
) -> None:
    rig = rig_of(asked)
    rig.works = works
    begun = 1
    for what, number, answer in actions:
        if isinstance(rig.page, Resting):
            rig.wait(30_000)
            rig.invited()
            begun += 1
        act(rig, what, number, answer)
    rig.wait(600_000)
    rig.page_of(Resting)
    asked_to_keep = [effect.response for effect in rig.all(KeepResponse)]
    assert len(asked_to_keep) <= begun
    for response in asked_to_keep:
        is_sound(response, asked)


def act(rig: Rig, what: str, number: int, answer: Answer) -> None:
    now = rig.now()
    match what:
        case "answer":
            rig.answers(f"q{number}", answer)
        case "next":
            rig.goes_on()
        case "back":
            rig.sees(BackTouched(now))
        case "leave":
            rig.sees(LeaveTouched(now))
        case "stay":
            rig.sees(StayTouched(now))
        case "sale":
            rig.boot += 1
            rig.sale()
        case "press":
            rig.press((LEFT, MIDDLE, RIGHT)[number])
        case "wait":
            rig.wait(number)


def is_sound(response: Response, asked: Questionnaire) -> None:
    assert response.answers
    assert answered(asked, response.answers) == response.answers
    by_name = {one.id: one for one in asked.questions}
    assert all(accepts(by_name[name], given) for name, given in response.answers.items())
