"""On every glass and in every language: nothing is cut, nothing is too small, nothing overlaps."""

from __future__ import annotations

from itertools import combinations

import pytest
from PIL import Image

from kiosk.core.effects import Asking, Page, Resting, Thanks
from kiosk.screen.boxes import Box
from kiosk.screen.theme import SMALLEST_TARGET, Theme
from shared.notices import Reason
from tests.screen.rig import WINDOW, Rig
from tests.screen.samples import (
    ASKING,
    EVERY_SIZE,
    LANGUAGES,
    QUESTION,
    asking,
    pages,
    resting,
    thanks,
)

pytestmark = pytest.mark.screen

MANY = ("es", "en", "pt", "fr", "de", "it")

FACE = 130
"""Units: 25 mm on a 7-inch screen of 800×480."""


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
    languages = [asking("es", MANY[:n]) for n in range(1, 7)] + [resting("es", MANY)]
    return [*usual, *languages, *(thanks(reasons=n) for n in range(7))]


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
def test_every_target_can_be_hit_by_a_hurried_finger(rig: Rig, size: tuple[int, int]) -> None:
    least = SMALLEST_TARGET * Theme(*size).unit - 1
    for page in every_page():
        rig.show(page, size)
        assert rig.stage.sheet is not None
        targets = [key.target for key in rig.stage.sheet.keys]
        for target in targets:
            assert min(target.size) >= least, page
            assert inside(target, Box(0, 0, *size)), page
        for one, other in combinations(targets, 2):
            assert not overlap(one, other), page


@pytest.mark.parametrize("size", EVERY_SIZE, ids=str)
def test_faces_are_an_inch_wide_and_all_alike(rig: Rig, size: tuple[int, int]) -> None:
    rig.show(ASKING, size)
    shapes = {key.face.radius for key in rig.stage.asking.faces.values()}
    sizes = {key.target.size for key in rig.stage.asking.faces.values()}
    assert len(shapes) == len(sizes) == 1
    assert 2 * shapes.pop() >= FACE * Theme(*size).unit
    assert len({key.target.y for key in rig.stage.asking.faces.values()}) == 1


def test_sad_stands_left_and_happy_right_on_every_glass(rig: Rig) -> None:
    for size in EVERY_SIZE:
        rig.show(ASKING, size)
        assert sorted(rig.stage.asking.faces.values(), key=lambda key: key.x) == list(
            rig.stage.asking.faces.values()
        )


def luminance(colour: tuple[int, ...]) -> float:
    """WCAG's relative luminance of a colour given in steps of 255."""
    parts = [part / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_stands_out_from_what_is_behind_it(rig: Rig, language: str) -> None:
    """4.5 to 1, judged on the picture: the two commonest colours are the ground and the ink."""
    for page in pages(language).values():
        rig.show(page)
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
    rig.show(resting("es"))
    invitation = rig.stage.resting.invitation
    assert invitation.ink.width < 0.75 * invitation.box.width


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
