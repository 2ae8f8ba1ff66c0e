"""Who draws which letters, which way lines run, and what happens where a font is missing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageFont

from kiosk.core.effects import Cleaning, Sorry
from kiosk.screen import scripts
from kiosk.screen.scripts import (
    Hand,
    from_right,
    hand,
    kivy_font,
    lacking,
    name_of,
    raqm_font,
    starts_from_right,
)
from kiosk.screen.speech import drawable
from kiosk.screen.theme import BOLD, REGULAR, SEMIBOLD
from shared.letters import ARABIC, OURS, PLAIN
from tests.screen.rig import Rig
from tests.screen.samples import ASLEEP, LANGUAGES, asking, pages, resting
from tests.screen.test_words import catalogue

ROOT = Path(__file__).parents[2]


@pytest.fixture
def without_raqm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "raqm_is_there", lambda: False)


def test_letters_that_join_are_drawn_by_raqm_and_all_others_by_kivy() -> None:
    assert hand("كيف كانت تجربتك؟") is Hand.RAQM
    assert hand("بلا هوية · Caja 3") is Hand.RAQM
    for text in ("¿Cómo fue?", "Ça va ?", "Добрый день", "Καλημέρα", "", "5 min", "–…€"):
        assert hand(text) is Hand.KIVY


def _has(file: str, letters: Iterable[str]) -> bool:
    """Whether a font has them all: what it lacks it draws as one and the same box."""
    font = ImageFont.truetype(file, 9, layout_engine=ImageFont.Layout.BASIC)

    def drawn(letter: str) -> tuple[bytes, float]:
        return bytes(font.getmask(letter)), font.getlength(letter)

    box = drawn("\uffff")
    return all(drawn(letter) != box for letter in letters)


def test_the_fonts_have_the_letters_that_a_questionnaire_may_hold() -> None:
    for font in (REGULAR, SEMIBOLD, BOLD):
        assert _has(font, OURS)
        assert _has(raqm_font(font), ARABIC)
    spare = find_spec("kivy")  # not imported: its window is the rig's
    assert spare is not None
    assert spare.origin is not None
    assert _has(str(Path(spare.origin).parent / "data/fonts/Roboto-Regular.ttf"), PLAIN)
    assert OURS <= PLAIN, "a text that holds others, too, is drawn by the spare font"
    assert not _has(REGULAR, "→")


@pytest.mark.parametrize("text", ["→ Caja 3", "≥ 5 ‰", "Ĉu bone?"])
def test_a_sign_that_our_font_lacks_is_drawn_by_the_spare_one(text: str) -> None:
    assert kivy_font(text, REGULAR) == "Roboto"


def test_lines_run_where_their_language_does() -> None:
    assert [from_right(language) for language in ("ar", "he-IL", "es", "pt-BR")] == [
        True,
        True,
        False,
        False,
    ]
    assert starts_from_right("3 · صندوق")
    assert not starts_from_right("Caja 3 · صندوق")
    assert not starts_from_right("123")


def test_letters_that_our_font_lacks_are_drawn_with_kivys_own() -> None:
    assert kivy_font("Señor — ¿qué?", BOLD) == BOLD
    assert kivy_font("Добрый", BOLD) == "Roboto"
    assert kivy_font("Hola", str(ROOT / "no.ttf")) == "Roboto", "a file that is gone"


def test_a_language_is_called_by_its_code_or_in_its_own_letters() -> None:
    assert [name_of(language) for language in LANGUAGES] == ["ES", "EN", "PT", "ع"]


def test_all_that_ships_can_be_drawn_here() -> None:
    assert {language: lacking(language) for language in LANGUAGES} == dict.fromkeys(LANGUAGES, ())


def test_what_is_missing_is_told(without_raqm: None) -> None:
    assert lacking("ar") == ("letters of ar",)
    assert lacking("es") == ()
    assert lacking("fr") == ("sentences of fr",)


def test_a_font_that_is_gone_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "_is_file", lambda font: font != REGULAR)
    assert lacking("es") == ("AtkinsonHyperlegibleNext-Regular.ttf",)


def test_a_language_that_cannot_be_drawn_is_neither_offered_nor_tried(without_raqm: None) -> None:
    page: Any = drawable(asking("ar"))
    assert (page.language, page.languages) == ("es", ("es", "en", "pt"))
    page = drawable(resting("en"))
    assert (page.language, page.languages) == ("en", ("es", "en", "pt"))
    page = drawable(resting("ar", ("ar",)))
    assert (page.language, page.languages) == ("en", ())
    assert drawable(Sorry("ar")) == Sorry("en")
    assert drawable(Cleaning("es", 3)) == Cleaning("es", 3)


def test_where_all_can_be_drawn_pages_stay_as_they_are() -> None:
    for page in (*pages("ar").values(), *pages("pt").values(), ASLEEP):
        assert drawable(page) is page


@pytest.mark.screen
def test_a_kiosk_without_raqm_shows_a_page_that_can_be_read(rig: Rig, without_raqm: None) -> None:
    rig.show(asking("ar"))
    assert rig.stage.asking.question.text == "¿Cómo fue tu experiencia en caja?"
    assert [s.language for s in rig.stage.asking.switch.segments if s.opacity] == ["es", "en", "pt"]


@pytest.mark.screen
def test_arabic_lines_begin_at_the_right_and_the_page_is_mirrored(rig: Rig) -> None:
    rig.show(pages("es")["thanks"])
    left = {
        name: (text.box.x, text.box.right)
        for name, text in rig.letterings()
        if name.startswith("Thanks")
    }
    change = rig.stage.thanks.change.target
    rig.show(pages("ar")["thanks"])
    for name, text in rig.letterings():
        if name.startswith("Thanks"):
            assert (text.box.x, text.box.right) == tuple(800 - side for side in left[name][::-1])
            assert abs(text.ink.right - text.box.right) <= 1
    assert rig.stage.thanks.change.target.x == 800 - change.right


@pytest.mark.screen
def test_no_mark_above_or_below_an_arabic_letter_is_cut_off(rig: Rig) -> None:
    from kiosk.screen.shaping import LINE, RISE, _opened  # noqa: PLC0415 Kivy, once it may be

    assert rig.window is not None
    for message in catalogue("ar"):
        if message.id:
            for font in (REGULAR, BOLD):
                box = _opened(raqm_font(font), 100).getbbox(str(message.string), anchor="ls")
                assert box[1] >= -100 * RISE, message.string
                assert box[3] <= 100 * (LINE - RISE), message.string


@pytest.mark.screen
def test_a_latin_name_on_an_arabic_page_begins_at_the_right_too(rig: Rig) -> None:
    rig.show(resting("es"))
    rig.show(drawable(resting("ar", LANGUAGES)))
    store = rig.stage.resting.welcome.store
    store.write("Mercado Centro", store.box, store.wished)
    assert abs(store.ink.right - store.box.right) <= 1


def test_pillow_is_not_loaded_for_languages_that_do_not_need_it() -> None:
    program = (
        "import sys\n"
        "from kiosk.screen.app import KioskScreen\n"
        "from tests.fakes.clock import FakeClock\n"
        "from kiosk.core.effects import Resting, Asking\n"
        "screen = KioskScreen(FakeClock(), driver='offscreen')\n"
        "stage = screen.open()\n"
        "stage.show(Resting('es', ('es', 'en', 'pt'), 'Mercado', 'Caja 3'))\n"
        "stage.show(Asking('es', ('es', 'en', 'pt'), {'es': '¿Qué tal?'}, 'Caja 3'))\n"
        "heavy = {'PIL.Image', 'segno', 'kiosk.screen.shaping'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=60, check=True)


def test_where_a_word_may_break_there_is_no_space(rig: Rig) -> None:
    rig.show(replace(resting(), store_name="Super\u00admercado\u200e Sol"))
    assert "Supermercado Sol" in {text.text for _, text in rig.letterings()}
