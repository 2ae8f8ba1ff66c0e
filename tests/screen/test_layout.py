"""On every glass and in every language: nothing is cut, nothing is too small, nothing overlaps."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import ceil, dist, hypot

import pytest
from PIL import Image

from kiosk.core.effects import Asking, Page, Resting, Sorry, Thanks
from kiosk.screen.boxes import Box
from kiosk.screen.theme import Theme
from shared.notices import Reason, Wording
from tests.screen.rig import WINDOW, Rig
from tests.screen.samples import (
    ASKING,
    EVERY_SIZE,
    LANGUAGES,
    LINK,
    QUESTION,
    asking,
    pages,
    resting,
    thanks,
    waiting,
)

pytestmark = pytest.mark.screen

MANY = ("es", "en", "pt", "fr", "de", "it")

FACE_MM, APART_MM, TARGET_MM = 25, 8, 12
SEVEN_INCHES = 7 * 25.4


def pixels(millimetres: float, size: tuple[int, int]) -> float:
    """So many millimetres on a 7-inch glass of that size."""
    return millimetres * hypot(*size) / SEVEN_INCHES


def inside(inner: Box, outer: Box) -> bool:
    """Whether nothing of it sticks out, but for the rounding of one pixel."""
    return (
        inner.x >= outer.x - 1
        and inner.y >= outer.y - 1
        and inner.right <= outer.right + 1
        and inner.top <= outer.top + 1
    )


def overlap(one: Box, other: Box) -> bool:
    """Whether they share more than an edge."""
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.top, other.top) - max(one.y, other.y)
    return across > 0.01 and down > 0.01


def every_page() -> list[Page]:
    """The pages of the pictures, and each with fewer and more of what can vary."""
    usual = [page for language in LANGUAGES for page in pages(language).values()]
    languages: list[Page] = [*(asking("es", MANY[:n]) for n in range(1, 7)), resting("es", MANY)]
    silent = [replace(page, notice=None, deed=None) for page in (waiting("es"), waiting("ar"))]
    by_phone = replace(waiting("en"), link=LINK, invited=False)
    told = [notice_of(language, minutes) for language in LANGUAGES for minutes in (0, 25)]
    return [*usual, *languages, *silent, by_phone, *told, *(thanks(reasons=n) for n in range(7))]


def notice_of(language: str, minutes: int) -> Resting:
    """The resting page of a store that says “up to”."""
    page = waiting(language)
    assert page.notice is not None
    notice = replace(page.notice, minutes=minutes, wording=Wording.UP_TO, quickest_minutes=0)
    return replace(page, notice=notice, age_seconds=80)


@pytest.mark.parametrize("size", EVERY_SIZE, ids=str)
def test_no_text_is_cut_or_much_smaller_than_designed(rig: Rig, size: tuple[int, int]) -> None:
    for page in every_page():
        rig.show(page, size)
        for name, text in rig.letterings():
            assert text.whole, f"{name} of {page}"
            assert inside(text.ink, text.box), f"{name} of {page}"
            assert inside(text.ink, Box(0, 0, *size)), f"{name} of {page}"
            assert text.size >= 0.75 * text.wished, f"{name} of {page}"


@pytest.mark.parametrize("size", EVERY_SIZE, ids=str)
def test_the_stores_own_thanks_stand_in_the_place_of_ours(rig: Rig, size: tuple[int, int]) -> None:
    own = "Gracias: con lo que nos ha dicho, el lunes abrimos otra caja y bajamos la música."
    rig.show(replace(thanks(reasons=0), words={"es": own}), size)
    said = {text.text: text for _, text in rig.letterings()}
    assert said[own].whole
    assert inside(said[own].ink, Box(0, 0, *size))
    rig.show(thanks(reasons=0), size)
    assert own not in {text.text for _, text in rig.letterings()}


@pytest.mark.parametrize("size", EVERY_SIZE, ids=str)
def test_every_target_can_be_hit_by_a_hurried_finger(rig: Rig, size: tuple[int, int]) -> None:
    least = pixels(TARGET_MM, size)
    for page in every_page():
        rig.show(page, size)
        assert rig.stage.sheet is not None
        targets = [key.target for key in rig.stage.sheet.keys]
        for target in targets:
            assert min(target.size) >= least - 1e-6, page
            assert inside(target, Box(0, 0, *size)), page
        for one, other in combinations(targets, 2):
            assert not overlap(one, other), page


@pytest.mark.parametrize("size", EVERY_SIZE, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_faces_are_an_inch_wide_far_enough_apart_and_all_alike(
    rig: Rig, size: tuple[int, int], language: str
) -> None:
    rig.show(asking(language), size)
    keys = list(rig.stage.asking.faces.values())
    assert len({key.face.radius for key in keys}) == 1
    assert len({(round(key.width, 3), round(key.height, 3)) for key in keys}) == 1
    assert 2 * keys[0].face.radius >= pixels(FACE_MM, size)
    for one, other in combinations(keys, 2):
        assert key_distance(one.target, other.target) >= pixels(APART_MM, size) - 1e-6
        between = dist(one.face.center, other.face.center) - 2 * one.face.radius
        assert between >= pixels(APART_MM, size)


def key_distance(one: Box, other: Box) -> float:
    """How far two targets are apart, along the axis on which they are."""
    across = max(one.x, other.x) - min(one.right, other.right)
    down = max(one.y, other.y) - min(one.top, other.top)
    return max(across, down)


@pytest.mark.parametrize("size", EVERY_SIZE, ids=str)
def test_faces_stack_where_they_do_not_fit_side_by_side(rig: Rig, size: tuple[int, int]) -> None:
    rig.show(ASKING, size)
    keys = rig.stage.asking.faces.values()
    narrow = size[0] < pixels(95, size)
    assert (len({key.x for key in keys}) == 1) is narrow
    assert (len({key.y for key in keys}) == 1) is not narrow


@pytest.mark.parametrize("language", LANGUAGES)
def test_sad_stands_first_on_every_glass_and_in_every_language(rig: Rig, language: str) -> None:
    for size in EVERY_SIZE:
        rig.show(asking(language), size)
        faces = list(rig.stage.asking.faces.values())
        assert sorted(faces, key=lambda key: (key.x, -key.y)) == faces


def test_a_larger_glass_of_as_many_pixels_keeps_its_millimetres() -> None:
    seven, ten = Theme(1280, 720), Theme(1280, 720, inches=10)
    assert seven.target == ceil(pixels(TARGET_MM, (1280, 720)))
    assert ten.mm(25) < seven.mm(25)
    assert ten.target == ten.px(63), "never smaller than designed"


def luminance(colour: tuple[int, ...]) -> float:
    """WCAG's relative luminance of a colour given in steps of 255."""
    parts = [part / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_stands_out_from_what_is_behind_it(rig: Rig, language: str, night: bool) -> None:
    """4.5 to 1, judged on the picture: the two commonest colours are the ground and the ink."""
    for page in pages(language).values():
        rig.show(page, night=night)
        picture = rig.picture()
        for name, text in rig.letterings():
            ink = text.ink
            part = picture.crop((int(ink.x), int(480 - ink.top), int(ink.right), int(480 - ink.y)))
            ground, letters = _commonest(part)
            dark, light = sorted((luminance(ground), luminance(letters)))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{name} of {page}"


def _commonest(part: Image.Image) -> list[tuple[int, ...]]:
    counted = part.getcolors(part.width * part.height) or []
    return [shade for _, shade in sorted(counted, reverse=True)[:2] if isinstance(shade, tuple)]


STRANGE = {
    "nothing": "",
    "blanks": " \n\t ",
    "one endless word": "e" * 5_000,
    "a novel": "¿Cómo fue tu experiencia en caja? " * 500,
    "control characters": "¿Qué\x00 tal\x1b[2J\u202e?\ud83d",
    "markup": "[b]no[/b] [ref=x]markup[/ref] &bl; {x} %s",
    "letters that we have not": "مرحبا שלום 你好 🙂",
    "many lines": "a\n" * 300,
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("size", [(800, 480), (720, 1280)], ids=str)
def test_whatever_the_hub_sends_stays_in_its_box(
    rig: Rig, text: str, size: tuple[int, int]
) -> None:
    reasons = tuple(Reason(f"r{n}", {"es": text}) for n in range(6))
    strange: list[Page] = [
        Asking("es", LANGUAGES, {"es": text}, text),
        Resting("es", LANGUAGES, text, text),
        Thanks("es", reasons, "r0", 5),
    ]
    for page in strange:
        rig.show(page, size)
        for name, lettering in rig.letterings():
            assert inside(lettering.ink, lettering.box), f"{name} of {page}"


def test_a_long_question_becomes_smaller_but_stays_whole(rig: Rig) -> None:
    long = "¿Qué tan satisfecho quedaste hoy con la atención que recibiste en esta caja?"
    rig.show(Asking("es", LANGUAGES, {"es": long}, "Caja 3"))
    question = rig.stage.asking.question
    assert question.whole
    assert question.size < question.wished


def test_lines_of_a_text_are_of_even_length(rig: Rig) -> None:
    """No last line of one word: the text is hardly wider than its lines need."""
    rig.show(Sorry("es"))
    sentence = rig.stage.sorry.sentence
    assert sentence.ink.width < 0.75 * sentence.box.width


@pytest.mark.parametrize(
    ("language", "said"),
    {"es": "hasta 25 min", "en": "up to 25 min", "pt": "até 25 min", "ar": "حتى 25 د"}.items(),
)
def test_a_store_that_says_up_to_says_so_and_not_about(rig: Rig, language: str, said: str) -> None:
    rig.show(notice_of(language, 25))
    texts = {text.text for _, text in rig.letterings()}
    assert said in texts
    heading = rig.stage.resting.wait.age.text
    rig.show(waiting(language))
    assert rig.stage.resting.wait.age.text != heading, "it said “approximate”"


def test_a_language_that_lacks_its_question_shows_another_one(rig: Rig) -> None:
    rig.show(Asking("en", LANGUAGES, {"es": QUESTION["es"]}, "Register 3"))
    assert rig.stage.asking.question.text == QUESTION["es"]


def test_more_languages_than_fit_come_round(rig: Rig) -> None:
    reached, language = set(), MANY[0]
    for _ in MANY:
        rig.show(asking(language, MANY))
        shown = [s.language for s in rig.stage.asking.switch.segments if s.opacity]
        assert language in shown
        reached.update(shown)
        language = shown[-1]
    assert reached == set(MANY)


def test_where_there_is_one_language_no_switch_is_left_over(rig: Rig) -> None:
    rig.show(asking())
    corner = (650, 0, 800, 50)
    paper = rig.picture().crop((0, 0, 150, 50)).tobytes()
    assert rig.picture().crop(corner).tobytes() != paper
    for languages in (("es",), ()):
        rig.show(asking("es", languages))
        assert rig.picture().crop(corner).tobytes() == paper


def test_the_window_may_change_its_size_under_a_page(rig: Rig) -> None:
    rig.show(ASKING)
    before = rig.picture()
    rig.stage.resize(None, (1024, 600))
    assert rig.picture().size == (1024, 600)
    rig.stage.resize(None, WINDOW)
    assert rig.picture().tobytes() == before.tobytes()
