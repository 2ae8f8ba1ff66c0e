"""Who asked hears every page until the kiosk rests, as loud as wished; the next hears nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.effects import Asking, Effect, Page, Questioning, Resting, Thanks
from kiosk.core.events import (
    GlassTouched,
    LanguageTouched,
    LeaveTouched,
    ReadAloudTouched,
    SettingsCame,
)
from kiosk.core.listening import (
    AGAIN_MS,
    LASTS_MS,
    MOST_MS,
    PROMPT_MS,
    Audience,
    Happened,
    Listening,
    Mode,
    listening_ms,
    volumes,
)
from kiosk.core.sayings import Hush, Part, Prompt, Rehearse, Say, Utterance
from kiosk.core.speaking import in_hand, repertoire, speech
from kiosk.core.walk import IDLE_MS
from shared.notices import Keeping
from shared.visits import Face, Input
from tests.kiosk import samples
from tests.kiosk.core.rig import Rig
from tests.shared.questionnaires import EVERY_KIND

LEFT, MIDDLE, RIGHT = Face.SAD, Face.NEUTRAL, Face.HAPPY

ASKED = replace(samples.settings(), questionnaire=EVERY_KIND, keeping=Keeping(volume=60))


def reads(rig: Rig) -> list[Effect]:
    return rig.sees(ReadAloudTouched(rig.now()))


def last(rig: Rig) -> Say:
    return rig.said[-1]


def whole(page: Page) -> tuple[Part, ...]:
    return speech(page, EVERY_KIND)


@pytest.fixture
def rig() -> Rig:
    return Rig(ASKED)


@pytest.fixture
def asked() -> Rig:
    """Somebody stands before the three faces, and has them read aloud."""
    made = Rig(ASKED)
    made.sale()
    reads(made)
    return made


@pytest.fixture
def walking() -> Rig:
    """Somebody asked at rest by the buttons, began the questionnaire, and answered its faces."""
    made = Rig(ASKED)
    made.press(RIGHT, MIDDLE, MIDDLE)
    return made


def test_the_table_has_a_row_for_all_that_happens_and_a_cell_for_every_mode() -> None:
    assert set(Listening.TABLE) == set(Happened)
    assert all(len(row) == len(Mode) for row in Listening.TABLE.values())


def test_nothing_is_said_to_anybody_who_did_not_ask(rig: Rig) -> None:
    rig.sale()
    rig.face()
    rig.wait(10_000)
    rig.invited()
    rig.answers("mood", "sad")
    rig.goes_on()
    assert (rig.said, rig.all(Hush)) == ([], [])


def test_the_page_that_is_shown_is_read_at_the_stores_volume(asked: Rig) -> None:
    page = asked.page_of(Asking)
    assert asked.said == [Say("es", whole(page), 60)]
    assert page.loudness == (1, 3)


def test_again_is_louder_by_a_step_and_then_as_at_first(asked: Rig) -> None:
    for volume, step in ((80, 2), (100, 3), (60, 1), (80, 2)):
        reads(asked)
        assert last(asked).volume == volume
        assert asked.page_of(Asking).loudness == (step, 3)


def test_much_later_it_is_said_once_more_and_no_louder() -> None:
    rig = Rig(replace(ASKED, ask_seconds=600))
    rig.sale()
    reads(rig)
    reads(rig)
    rig.wait(listening_ms(last(rig).parts) + AGAIN_MS + 1)
    reads(rig)
    assert [said.volume for said in rig.said] == [60, 80, 80]


@pytest.mark.parametrize(
    ("percent", "steps"), [(60, (60, 80, 100)), (1, (1, 51, 100)), (99, (99, 100)), (100, (100,))]
)
def test_louder_is_half_way_up_and_then_all_the_way(percent: int, steps: tuple[int, ...]) -> None:
    assert volumes(percent) == steps


def test_where_it_is_as_loud_as_can_be_no_steps_are_shown() -> None:
    rig = Rig(replace(ASKED, keeping=Keeping(volume=100)))
    rig.sale()
    reads(rig)
    reads(rig)
    assert [said.volume for said in rig.said] == [100, 100]
    assert rig.page_of(Asking).loudness is None


@pytest.mark.parametrize("face", Face)
@pytest.mark.parametrize("by", [Input.TOUCH, Input.BUTTON])
def test_who_asked_hears_the_thanks_too_and_they_stay_until_they_were_heard(
    asked: Rig, face: Face, by: Input
) -> None:
    reads(asked)
    asked.face(face, by)
    thanks = asked.page_of(Thanks)
    assert last(asked) == Say("es", whole(thanks), 80)
    spoken = listening_ms(last(asked).parts)
    assert thanks.seconds == spoken / 1_000
    asked.wait(spoken - 1)
    asked.page_of(Thanks)
    asked.wait(ASKED.thanks_seconds * 1_000)
    asked.page_of(Resting)
    assert asked.all(Hush) == [Hush()]


def test_the_next_shopper_hears_nothing_and_the_volume_is_the_stores_again(asked: Rig) -> None:
    reads(asked)
    asked.face()
    asked.wait(MOST_MS)
    heard = len(asked.said)
    asked.sale()
    assert len(asked.said) == heard
    assert asked.page_of(Asking).loudness is None
    reads(asked)
    assert last(asked).volume == 60


def test_a_speech_ends_at_once_with_its_page(asked: Rig) -> None:
    asked.wait(500)
    asked.sees(LeaveTouched(asked.now()))
    assert Hush() not in asked.effects, "nothing has changed"
    asked.wait(ASKED.ask_seconds * 3_000)
    asked.page_of(Resting)
    assert asked.all(Hush) == [Hush()]


def test_another_language_is_read_from_its_beginning(asked: Rig) -> None:
    asked.sees(LanguageTouched(asked.now(), "en"))
    assert last(asked).language == "en"
    assert last(asked).parts == whole(asked.page)


# By the three buttons


def test_at_rest_the_outer_buttons_have_it_read_and_louder(rig: Rig) -> None:
    rig.press(LEFT)
    assert last(rig) == Say("es", whole(rig.page_of(Resting)), 60)
    rig.press(RIGHT)
    assert last(rig).volume == 80
    rig.sale()
    assert last(rig) == Say("es", whole(rig.page_of(Asking)), 80)


def test_who_asked_at_rest_and_went_is_forgotten(rig: Rig) -> None:
    rig.press(LEFT)
    rig.wait(listening_ms(last(rig).parts) + LASTS_MS)
    assert rig.wake is None
    rig.sale()
    assert len(rig.said) == 1


def test_a_whole_questionnaire_is_heard_by_the_buttons_alone(walking: Rig) -> None:
    heard = [walking.page_of(Questioning)]
    assert last(walking) == Say("es", whole(heard[0]), 60)
    for _ in range(len(EVERY_KIND.questions) - 2):
        keys = 0
        while last(walking).parts != (Prompt.SKIP,):
            walking.press(RIGHT)
            assert last(walking).parts == in_hand(walking.page)
            keys += 1
            assert keys < 20
        walking.press(MIDDLE)
        heard.append(walking.page_of(Questioning))
        assert last(walking).parts == whole(heard[-1])
    assert [one.question.id for one in heard] == [one.id for one in EVERY_KIND.questions[1:]]
    while last(walking).parts != (Prompt.DONE,):
        walking.press(RIGHT)
    walking.press(MIDDLE)
    assert last(walking).parts == whole(walking.page_of(Thanks))
    assert walking.responses[-1].complete


def test_what_is_chosen_is_said_to_whoever_chose_it_by_the_buttons(walking: Rig) -> None:
    while walking.page_of(Questioning).question.id != "bought":
        walking.goes_on()
    walking.press(RIGHT)
    walking.press(MIDDLE)
    assert last(walking).parts == (Utterance("es", "fruit"), Prompt.CHOSEN)
    walking.press(MIDDLE)
    assert last(walking).parts == (Utterance("es", "fruit"),)


def test_which_face_was_chosen_in_a_questionnaire_is_not_said() -> None:
    heard = []
    for face in Face:
        rig = Rig(ASKED)
        rig.press(LEFT, MIDDLE, face)
        heard.append(rig.said)
    assert heard[0] == heard[1] == heard[2]


def test_who_listens_is_not_idle_and_no_sale_throws_them_out(walking: Rig) -> None:
    walking.goes_on()
    walking.goes_on()
    spoken = listening_ms(last(walking).parts)
    assert spoken > IDLE_MS
    walking.wait(spoken - 1)
    walking.sale()
    assert walking.page_of(Questioning).seconds_left is None
    walking.wait(IDLE_MS + 1)
    assert walking.page_of(Questioning).seconds_left is not None
    assert last(walking) == Say("es", (Prompt.STILL_THERE,), 60)


def test_a_page_that_leaves_says_so_to_everybody_and_is_silent_when_somebody_stays(
    rig: Rig,
) -> None:
    rig.invited()
    rig.wait(IDLE_MS)
    assert rig.said == [Say("es", (Prompt.STILL_THERE,), 60)]
    rig.wait(3_000)
    assert len(rig.said) == 1
    rig.sees(GlassTouched(rig.now()))
    assert rig.all(Hush) == [Hush()]
    rig.wait(IDLE_MS)
    assert len(rig.said) == 2


def test_the_reasons_are_gone_through_by_the_buttons_and_heard(asked: Rig) -> None:
    asked.face()
    asked.press(RIGHT)
    assert last(asked).parts == in_hand(asked.page_of(Thanks))
    asked.press(RIGHT, MIDDLE)
    assert last(asked).parts == in_hand(asked.page_of(Thanks))
    assert last(asked).parts[-1] is Prompt.CHOSEN


# Where nothing can be heard


def test_where_nothing_may_be_heard_nothing_is_said_and_nothing_waits() -> None:
    rig = Rig(replace(ASKED, keeping=Keeping(volume=0)))
    rig.sale()
    reads(rig)
    rig.face()
    rig.wait(ASKED.thanks_seconds * 1_000)
    rig.page_of(Resting)
    assert (rig.said, rig.all(Hush)) == ([], [])


def test_without_a_speaker_nothing_is_made_ahead() -> None:
    silent = Listening(speaks=False)
    assert silent.rehearse(ASKED) == []
    silent.ask()
    at = samples.moment(10_000)
    assert silent.follow(Resting("es", ("es",), "a", "b"), ASKED, at, Audience(idle=True)) == []


def test_what_is_needed_is_made_at_the_start_and_when_settings_come(rig: Rig) -> None:
    assert rig.all(Rehearse) == [Rehearse(repertoire(ASKED))]
    other = replace(ASKED, serial=ASKED.serial + 1, question={"es": "¿Y hoy?"})
    rig.sale()
    rig.sees(SettingsCame(rig.now(), other))
    assert rig.all(Rehearse)[-1] == Rehearse(repertoire(other))


def test_how_long_it_takes_to_hear_has_a_bound() -> None:
    assert listening_ms(()) == 0
    assert listening_ms((Prompt.ASKING,)) > PROMPT_MS
    assert listening_ms((Utterance("es", "x" * 300),) * 20) == MOST_MS


def test_a_sale_while_somebody_listens_is_another_shopper_who_hears_nothing() -> None:
    rig = Rig(ASKED)
    rig.sale()
    rig.sees(ReadAloudTouched(rig.now()))
    heard = len(rig.said)
    rig.boot += 1
    rig.sale()
    assert rig.all(Hush) == [Hush()]
    rig.wait(44_000)
    assert rig.page_of(Asking).leaving
    assert len(rig.said) == heard


def test_a_question_that_takes_long_to_read_does_not_go_meanwhile() -> None:
    rig = Rig(replace(ASKED, question={"es": "x" * 190}))
    rig.sale()
    rig.sees(ReadAloudTouched(rig.now()))
    reading = rig.turns._listening.heard_until - rig.boot
    assert reading > 25_000, "else it would be over before the page tells that it goes"
    rig.wait(reading + 24_999)
    assert not rig.page_of(Asking).leaving
    rig.wait(1)
    assert rig.page_of(Asking).leaving
    rig.wait(20_000)
    rig.page_of(Resting)
