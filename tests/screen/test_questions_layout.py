"""Every kind of question, on every glass and in every language: nothing cut, small or covered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from kiosk.core.effects import Questioning
from kiosk.core.marks import question_keys
from kiosk.screen.boxes import Box
from kiosk.screen.theme import Theme
from shared.questions import LONGEST_SENTENCE, MOST_CHOICES, Choice, Kind, Question
from shared.soundness import (
    LONGEST_BEFORE_KEYBOARD,
    LONGEST_CHOICE,
    LONGEST_OF_MANY,
    LONGEST_QUESTION,
    LONGEST_THANKS,
    MANY_CHOICES,
)
from tests.screen.questions import (
    BETTER,
    CAME,
    EVERY,
    FRIEND,
    LANGUAGES,
    MOOD,
    MORE,
    ORDER,
    TIDY,
    answered,
    asked,
    choices,
    last_of_many,
    warned,
)
from tests.screen.rig import Rig
from tests.screen.samples import thanks
from tests.screen.test_layout import _commonest, inside, luminance, overlap

pytestmark = pytest.mark.screen

SIZES = ((800, 480), (1024, 600), (1280, 720), (1280, 800), (720, 1280), (480, 800))


def pages(language: str) -> Iterator[Questioning]:
    for question in EVERY:
        yield asked(question, language)
        yield answered(question, language)
    counts = range(2, MOST_CHOICES + 1) if language in {"es", "ar"} else (MOST_CHOICES,)
    for count in counts:
        yield asked(replace(BETTER, choices=choices(count), required=True), language)
    yield last_of_many(CAME, language)
    yield warned(FRIEND, language)
    yield replace(warned(MORE, language), marked=0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_is_cut_too_small_or_covered(
    rig: Rig, size: tuple[int, int], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a speaker: then one more key stands beside the question."""
    glass, least = Box(0, 0, *size), Theme(*size).target
    monkeypatch.setattr(rig.stage, "speaks", True)
    for page in pages(language):
        rig.show(page, size)
        for name, text in rig.letterings():
            if text.text:
                assert text.whole, f"{name} of {_said(page)}"
                assert inside(text.ink, text.box), f"{name} of {_said(page)}"
                assert inside(text.ink, glass), f"{name} of {_said(page)}"
                assert text.size >= 0.75 * text.wished, f"{name} of {_said(page)}"
        targets = [key.target for key in _sheet(rig).keys]
        for target in targets:
            assert min(target.size) > least - 0.01, f"{target} of {_said(page)}"
            assert inside(target, glass), _said(page)
        for one, other in combinations(targets, 2):
            assert not overlap(one, other), _said(page)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_words_and_keys_do_not_cover_each_other(rig: Rig, size: tuple[int, int]) -> None:
    for page in pages("es"):
        rig.show(page, size)
        sheet = _sheet(rig)
        if page.seconds_left is not None:
            continue  # there the page is meant to be covered
        words = [sheet.question, sheet.hint, sheet.progress.words]
        inks = [word.ink for word in words if word.text]
        bodies = [key.target for key in sheet.keys]
        for ink in inks:
            for other in (*bodies, *(one for one in inks if one is not ink)):
                assert not overlap(ink, other), _said(page)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_faces_are_an_inch_wide_and_a_finger_apart(rig: Rig, size: tuple[int, int]) -> None:
    rig.show(asked(MOOD), size)
    theme, keys = Theme(*size), list(_sheet(rig).faces.values())
    assert all(2 * key.face.radius >= theme.face - 1 for key in keys)
    for one, other in combinations(keys, 2):
        (ax, ay), (bx, by) = one.target.center, other.target.center
        assert max(abs(ax - bx), abs(ay - by)) - 2 * one.face.radius >= theme.gap - 1


@pytest.mark.parametrize(("size", "rows"), [((800, 480), 1), ((480, 800), 2)], ids=str)
def test_a_scale_wraps_where_its_keys_would_be_too_small(
    rig: Rig, size: tuple[int, int], rows: int
) -> None:
    rig.show(asked(FRIEND), size)
    assert len({key.target.y for key in _sheet(rig).numbers}) == rows


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.id)
def test_the_buttons_count_the_keys_as_the_core_does(rig: Rig, question: Question) -> None:
    """The mark goes around one key after the other, and around each once."""
    page = asked(question)
    seen = []
    for marked in range(len(question_keys(page))):
        rig.show(replace(page, marked=marked))
        around = _sheet(rig).focus.around
        assert around is not None
        seen.append(around)
    assert len(set(seen)) == len(seen)
    assert seen[-1] == _sheet(rig).next.body
    rig.show(page)
    assert _sheet(rig).focus.around is None


@pytest.mark.parametrize("question", [FRIEND, TIDY, CAME], ids=lambda question: question.id)
def test_in_arabic_the_first_answer_stands_at_the_right(rig: Rig, question: Question) -> None:
    for language, first_is_left in (("es", True), ("ar", False)):
        rig.show(asked(question, language))
        first, second, *_ = _sheet(rig).answering()
        assert (first.x < second.x) is first_is_left
        assert (_sheet(rig).away.x < _sheet(rig).next.x) is first_is_left


def test_sad_stands_left_in_every_language(rig: Rig) -> None:
    for language in LANGUAGES:
        rig.show(asked(MOOD, language))
        assert [key.x for key in _sheet(rig).faces.values()] == sorted(
            key.x for key in _sheet(rig).faces.values()
        )


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.id)
def test_every_word_stands_out_from_what_is_behind_it(
    rig: Rig, question: Question, night: bool
) -> None:
    """4.5 to 1, judged on the picture: the two commonest colours are the ground and the ink."""
    rig.show(answered(question), night=night)
    picture = rig.picture()
    for name, text in rig.letterings():
        if text.text:
            ink = text.ink
            part = picture.crop((int(ink.x), int(480 - ink.top), int(ink.right), int(480 - ink.y)))
            dark, light = sorted(map(luminance, _commonest(part)))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, name
    rig.show(answered(question))


LONG = {
    "es": "quizá cuando vuelva mañana encontraré más cajas abiertas para pagar sin esperar tanto ",
    "ar": "ربما عندما أعود غدا سأجد المزيد من الصناديق المفتوحة للدفع بسرعة دون انتظار طويل ",
}


@pytest.mark.parametrize("language", LONG)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_what_is_as_long_as_it_may_be_is_shown_whole(
    rig: Rig, size: tuple[int, int], language: str
) -> None:
    def text(most: int) -> dict[str, str]:
        return {language: (LONG[language] * 4)[:most].strip()}

    for kind, count in [(Kind.FACES, 0), (Kind.TEXT, 0), (Kind.RANKING, 5), *MANY_TILES]:
        most = LONGEST_OF_MANY if count >= MANY_CHOICES else LONGEST_CHOICE
        options = tuple(Choice(f"c{at}", text(most)) for at in range(count))
        longest = LONGEST_BEFORE_KEYBOARD if kind is Kind.TEXT else LONGEST_QUESTION
        rig.show(asked(Question("q", kind, text(longest), options), language), size)
        for name, one in rig.letterings():
            assert one.whole, f"{name} of {kind} with {count}"
    rig.show(replace(thanks(language, reasons=0), words=text(LONGEST_THANKS)), size)
    assert all(one.whole for _, one in rig.letterings())


MANY_TILES = [(Kind.MANY, count) for count in (2, 4, 6, 7, 8, 9, MOST_CHOICES)]

STRANGE = {
    "nothing": "",
    "one endless word": "e" * LONGEST_SENTENCE,
    "as long as may be": ("¿Cómo fue tu experiencia en caja? " * 20)[:LONGEST_SENTENCE],
    "control characters": "¿Qué\x00 tal\x1b[2J\u202e?",
    "Arabic among Latin": "La palabra مرحبا aquí",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("size", [(800, 480), (720, 1280)], ids=str)
def test_whatever_the_hub_sends_stays_in_its_box(
    rig: Rig, text: str, kind: Kind, size: tuple[int, int]
) -> None:
    texts = {"es": text}
    made = tuple(Choice(f"c{n}", texts) for n in range(5))
    question = Question("q", kind, texts, made, texts, texts, required=True)
    rig.show(asked(question), size)
    for name, lettering in rig.letterings():
        if lettering.text:
            assert inside(lettering.ink, lettering.box), name


def test_progress_is_dots_as_long_as_they_can_be_counted(rig: Rig) -> None:
    page = asked(TIDY)
    rig.show(replace(page, number=3, of=10))
    assert _sheet(rig).progress.words.text == ""
    rig.show(replace(page, number=3, of=11))
    assert _sheet(rig).progress.words.text == "3 de 11"


def test_the_way_on_says_what_it_does(rig: Rig) -> None:
    for page, word in (
        (asked(TIDY), "Omitir ›"),
        (answered(TIDY), "Siguiente ›"),
        (asked(FRIEND), "Siguiente ›"),
        (asked(MORE), "Listo"),
        (asked(ORDER, answer=["c1"]), "Omitir ›"),
    ):
        rig.show(page)
        assert _sheet(rig).next.word.text == word, _said(page)


def test_on_the_first_question_there_is_no_way_back(rig: Rig) -> None:
    rig.show(asked(MOOD))
    assert _sheet(rig).back not in _sheet(rig).keys
    rig.show(asked(FRIEND))
    assert _sheet(rig).back in _sheet(rig).keys


@pytest.mark.parametrize("question", [FRIEND, TIDY, CAME, BETTER], ids=lambda one: one.id)
def test_what_is_chosen_is_told_by_shape_and_not_by_colour_alone(
    rig: Rig, question: Question
) -> None:
    """Without its fill the chosen key still has a mark that no other key has."""
    rig.show(answered(question))
    marks = [key.tick.seen if question is not TIDY else key.chosen for key in _keys(rig)]
    assert 1 <= sum(marks) < len(marks)


def _sheet(rig: Rig) -> Any:
    return rig.stage.sheet


def _keys(rig: Rig) -> Any:
    return _sheet(rig).answering()


def _said(page: Questioning) -> str:
    return f"{page.question.id} {page.language} {len(page.choices)} {page.answer}"
