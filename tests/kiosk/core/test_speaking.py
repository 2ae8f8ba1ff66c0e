"""What is said is what is shown, in its order, and all of it is known when settings come."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from kiosk.core.effects import (
    Asking,
    Asleep,
    Cleaning,
    Page,
    Questioning,
    Resting,
    Sorry,
    Thanks,
)
from kiosk.core.marks import question_keys, thanks_keys
from kiosk.core.sayings import Part, Prompt, Utterance
from kiosk.core.speaking import LONGEST, in_hand, repertoire, speech, uttered
from shared.notices import Deed, KioskSettings, Reason
from shared.questionnaires import Answer
from shared.questions import Kind, Question
from shared.walking import order
from tests.kiosk import samples
from tests.shared.questionnaires import EVERY_KIND, both

LANGUAGES = ("es", "en", "pt")
SETTINGS = replace(
    samples.settings(),
    languages=LANGUAGES,
    reasons=(Reason("wait", {"es": "La espera", "en": "The wait"}), Reason("till", {"en": "Till"})),
    deed=Deed({"es": "Más pan"}, {"en": "More bread"}),
    questionnaire=replace(
        EVERY_KIND,
        questions=tuple(
            replace(one, low=both("poor"), high={"en": "great"}) for one in EVERY_KIND.questions
        ),
        thanks={"pt": "Obrigado"},
    ),
)


def es(text: str) -> Utterance:
    return Utterance("es", text)


def of(kind: Kind) -> Question:
    assert SETTINGS.questionnaire is not None
    return next(one for one in SETTINGS.questionnaire.questions if one.kind is kind)


def page(
    kind: Kind,
    *,
    marked: int | None = None,
    answer: Answer | None = None,
    number: int = 1,
    seed: str = "",
) -> Questioning:
    question = replace(of(kind), shuffle=bool(seed))
    return Questioning("es", question, order(question, seed), answer, number, 7, marked)


def test_the_stores_own_question_comes_before_the_faces() -> None:
    asking = Asking("pt", LANGUAGES, {"es": "¿Qué tal  hoy?\n", "en": "How?"}, "Caja 3")
    assert speech(asking) == (es("¿Qué tal hoy?"), Prompt.ASKING)


def test_a_question_is_followed_by_how_it_is_answered_and_its_choices_in_this_order() -> None:
    orders = set()
    for seed in ("", "a", "b", "c"):
        shown = page(Kind.MANY, seed=seed)
        names = [es(choice.text["es"]) for choice in shown.choices]
        assert speech(shown) == (es("bought"), Prompt.MANY, *names)
        orders.add(tuple(names))
    assert len(orders) > 1


def test_the_ends_of_a_scale_are_said_with_their_numbers() -> None:
    ends = (es("0"), es("poor"), es("10"), Utterance("en", "great"))
    assert speech(page(Kind.SCALE)) == (es("friend"), Prompt.SCALE, *ends)
    assert speech(page(Kind.STARS))[2] == es("1")
    assert in_hand(page(Kind.SCALE, marked=0)) == (es("0"), es("poor"))
    assert in_hand(page(Kind.SCALE, marked=7)) == (es("7"),)


def test_by_the_buttons_it_says_what_they_do_and_where_they_are() -> None:
    said = speech(page(Kind.ONE, marked=0))
    names = (es("foot"), es("car"), es("bus"))
    assert said == (es("came"), Prompt.BY_BUTTONS, *names, es("foot"))
    assert speech(page(Kind.TEXT, marked=1)) == (es("more"), Prompt.TEXT_BY_BUTTONS, Prompt.SKIP)


@pytest.mark.parametrize(
    ("kind", "marked", "answer", "said"),
    [
        (Kind.ONE, 1, "car", (es("car"), Prompt.CHOSEN)),
        (Kind.ONE, 0, "car", (es("foot"),)),
        (Kind.MANY, 2, ["bread", "fish"], (es("fish"), Prompt.CHOSEN)),
        (Kind.MANY, 1, ["bread", "fish"], (es("fruit"),)),
        (Kind.RANKING, 2, ["service", "price"], (es("service"), Prompt.CHOSEN, es("1"))),
        (Kind.STARS, 4, 5, (es("5"), Utterance("en", "great"), Prompt.CHOSEN)),
        (Kind.SCALE, 0, 0, (es("0"), es("poor"), Prompt.CHOSEN)),
    ],
)
def test_what_is_in_hand_is_said_and_whether_it_is_chosen(
    kind: Kind, marked: int, answer: Answer, said: tuple[Part, ...]
) -> None:
    assert in_hand(page(kind, marked=marked, answer=answer)) == said


def test_the_way_on_is_called_as_on_the_glass() -> None:
    last = len(question_keys(page(Kind.ONE))) - 1
    assert in_hand(page(Kind.ONE, marked=last)) == (Prompt.SKIP,)
    assert in_hand(page(Kind.ONE, marked=last, answer="car")) == (Prompt.NEXT,)
    assert in_hand(page(Kind.RANKING, marked=last, answer=["price"])) == (Prompt.SKIP,)
    assert in_hand(replace(page(Kind.ONE, marked=last), of=1)) == (Prompt.DONE,)
    assert in_hand(page(Kind.ONE, marked=99)) == ()


def test_that_an_answer_is_needed_is_said_before_anybody_is_stuck() -> None:
    free = page(Kind.ONE, marked=0)
    held = replace(free, question=replace(free.question, required=True))
    assert Prompt.NEEDED not in speech(free)
    assert Prompt.NEEDED in speech(held)
    onward = replace(held, marked=len(question_keys(held)) - 1)
    assert in_hand(onward) == (Prompt.NEXT, Prompt.NEEDED)
    assert in_hand(replace(onward, of=1)) == (Prompt.DONE, Prompt.NEEDED)
    assert in_hand(replace(onward, answer="car")) == (Prompt.NEXT,)
    text = page(Kind.TEXT, marked=0)
    assert Prompt.NEEDED not in speech(
        replace(text, question=replace(text.question, required=True))
    )


def test_after_a_tap_the_reasons_are_said_and_never_a_face() -> None:
    thanks = Thanks("es", SETTINGS.reasons, None, 5.0)
    reasons = (es("La espera"), Utterance("en", "Till"))
    assert speech(thanks) == (Prompt.THANKS, *reasons)
    marked = replace(thanks, marked=0, chosen="wait")
    assert in_hand(marked) == (es("La espera"), Prompt.CHOSEN)
    assert speech(marked) == (Prompt.THANKS, Prompt.BY_BUTTONS, *reasons, *in_hand(marked))
    assert speech(Thanks("es", (), None, 5.0)) == (Prompt.PLAIN_THANKS,)
    assert speech(Thanks("es", (), None, 5.0, words=both("Adiós"))) == (es("Adiós"),)


def test_the_page_between_visits_says_what_it_offers() -> None:
    resting = Resting("es", LANGUAGES, "Store", "Till", deed=SETTINGS.deed, invited=True)
    assert speech(resting, SETTINGS.questionnaire) == (
        *(Prompt.RESTING, Prompt.INVITED, es("Title")),
        *(Prompt.YOU_SAID, es("Más pan"), Prompt.WE_DID, Utterance("en", "More bread")),
    )
    assert speech(Resting("es", LANGUAGES, "Store", "Till")) == (Prompt.RESTING,)


def test_other_pages_say_little_or_nothing() -> None:
    assert speech(Sorry("es")) == (Prompt.SORRY,)
    assert speech(Cleaning("es", 9)) == speech(Asleep()) == ()


def test_a_text_without_an_end_is_said_to_its_bound_and_none_is_not_said() -> None:
    (said,) = uttered({"es": "x " * 10_000}, "es")
    assert isinstance(said, Utterance)
    assert len(said.text) == LONGEST
    assert uttered({"es": " \n"}, "es") == uttered({}, "es") == ()


def pages(settings: KioskSettings) -> st.SearchStrategy[Page]:
    asked = settings.questionnaire
    assert asked is not None
    language = st.sampled_from(settings.languages)
    marks = st.none() | st.integers(0, 20)
    numbers = st.integers(1, 3)

    def questioning(question: Question) -> st.SearchStrategy[Questioning]:
        answers: list[Answer | None] = [None, 3, [one.id for one in question.choices]]
        answer = st.sampled_from([*answers, *(one.id for one in question.choices)])
        made = st.just(question), st.just(question.choices), answer, numbers, st.just(3), marks
        return st.builds(Questioning, language, *made)

    thanks = st.builds(
        Thanks,
        language,
        st.sampled_from([(), settings.reasons]),
        st.sampled_from([None, "wait"]),
        st.just(5.0),
        marked=marks,
        words=st.sampled_from([{}, asked.thanks]),
    )
    return st.one_of(
        *map(questioning, asked.questions),
        thanks,
        st.builds(
            Asking,
            language,
            st.just(settings.languages),
            st.just(settings.question),
            st.just("Till"),
        ),
        st.builds(
            Resting,
            language,
            st.just(settings.languages),
            st.just("Store"),
            st.just("Till"),
            deed=st.just(settings.deed),
            invited=st.booleans(),
        ),
    )


@given(page=pages(SETTINGS))
@tuned(deadline=None)
def test_whatever_a_page_says_was_known_when_the_settings_came(page: Page) -> None:
    known = {*repertoire(SETTINGS), *Prompt}
    assert {*speech(page, SETTINGS.questionnaire), *in_hand(page)} <= known


def test_nothing_is_made_twice_and_what_most_people_hear_first() -> None:
    known = repertoire(SETTINGS)
    assert len(known) == len(set(known))
    assert known[0].text == SETTINGS.question["es"]
    assert repertoire(replace(SETTINGS, questionnaire=None, deed=None)) == tuple(
        one for one in known if one.text in ("La espera", "The wait", "Till")
        or one.text in SETTINGS.question.values()
    )  # fmt: skip


def test_every_key_that_the_buttons_reach_has_a_name() -> None:
    for kind in Kind:
        shown = page(kind, number=2)
        for at in range(len(question_keys(shown))):
            if kind is not Kind.FACES:  # there a button is what its face says
                assert in_hand(replace(shown, marked=at)), (kind, at)
    thanks = Thanks("es", SETTINGS.reasons, None, 5.0, changeable=True, invited=True)
    assert all(in_hand(replace(thanks, marked=at)) for at in range(len(thanks_keys(thanks))))
