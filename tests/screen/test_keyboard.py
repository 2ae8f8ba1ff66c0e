"""Every letter of every language can be written, and a text never grows without bounds."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from kiosk.core.events import AnswerGiven
from kiosk.screen.keyboard_layouts import Layer, board, columns
from kiosk.screen.theme import Theme
from tests.screen.questions import LANGUAGES, MORE, asked
from tests.screen.rig import Rig

pytestmark = pytest.mark.screen

ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "es": "abcdefghijklmnñopqrstuvwxyzáéíóúü¿?¡!",
    "pt": "abcdefghijklmnopqrstuvwxyzáâãàçéêíóôõúü",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةى؟،؛",
}
EVERYWHERE = "0123456789.:-"
ACTIONS = {"shift", "delete", "space", *Layer}


@pytest.mark.parametrize(("language", "narrow"), [*product(LANGUAGES, (False, True))])
class TestTheLayouts:
    """Pure data: what lies where."""

    def test_every_letter_has_a_key(self, language: str, narrow: bool) -> None:
        letters = {
            cap.name
            for layer in Layer
            for row in board(language, layer, narrow=narrow)
            for cap in row
        }
        assert set(ALPHABETS[language]) | set(EVERYWHERE) <= letters

    def test_every_layer_leads_to_every_other(self, language: str, narrow: bool) -> None:
        for layer in Layer:
            names = [cap.name for row in board(language, layer, narrow=narrow) for cap in row]
            assert {str(one) for one in Layer if one is not layer} <= set(names)
            assert {"delete", "space"} <= set(names)
            assert len(names) == len(set(names)), "no letter twice in a layer"

    def test_a_key_writes_one_letter(self, language: str, narrow: bool) -> None:
        for layer in Layer:
            for row in board(language, layer, narrow=narrow):
                assert sum(cap.width for cap in row) <= columns(language, narrow=narrow)
                assert all(len(cap.name) == 1 for cap in row if cap.name not in ACTIONS)


def test_a_language_without_letters_of_its_own_has_the_english_ones() -> None:
    assert board("fr", Layer.LETTERS, narrow=False) == board("en", Layer.LETTERS, narrow=False)


def strike(rig: Rig, *names: str) -> None:
    for name in names:
        keys = {key.name: key for key in _sheet(rig).keyboard.board_keys}
        rig.tap(keys[name].target)


def written(rig: Rig) -> str:
    """What was told last."""
    told = [event.answer for event in rig.take_events() if isinstance(event, AnswerGiven)]
    answer = told[-1]
    assert answer is None or isinstance(answer, str)
    return answer or ""


@pytest.mark.parametrize("size", [(800, 480), (480, 800)], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_written_by_touch(rig: Rig, language: str, size: tuple[int, int]) -> None:
    rig.show(asked(MORE, language), size)
    narrow = Theme(*size).upright
    where = {
        cap.name: layer
        for layer in reversed(Layer)
        for row in board(language, layer, narrow=narrow)
        for cap in row
        if cap.name not in ACTIONS
    }
    text, layer = "", Layer.LETTERS
    for letter, there in sorted(where.items(), key=lambda pair: str(pair[1])):
        if there is not layer:
            strike(rig, there)
            layer = there
        strike(rig, letter)
        text += letter
    assert written(rig).casefold() == text.casefold()


def test_a_text_begins_with_a_capital_letter_and_goes_on_with_small_ones(rig: Rig) -> None:
    rig.show(asked(MORE))
    strike(rig, "m", "accents", "á", "letters", "s", "space", "shift", "p", "a", "n")
    assert written(rig) == "Más Pan"


def test_shift_can_be_taken_back(rig: Rig) -> None:
    rig.show(asked(MORE))
    strike(rig, "shift", "a", "b")
    assert written(rig) == "ab"


def test_letters_are_taken_back_one_by_one_until_nothing_is_left(rig: Rig) -> None:
    rig.show(asked(MORE))
    strike(rig, "a", "b", "delete")
    assert written(rig) == "A"
    strike(rig, "delete")
    assert written(rig) == ""
    strike(rig, "delete")
    assert not [event for event in rig.take_events() if isinstance(event, AnswerGiven)]
    strike(rig, "c")
    assert written(rig) == "C", "whoever begins again begins with a capital letter"


def test_a_text_has_at_most_two_hundred_characters(rig: Rig) -> None:
    rig.show(asked(MORE, answer="a" * 199))
    strike(rig, "b", "c", "d")
    assert written(rig) == "a" * 199 + "b"


def test_of_a_long_text_the_end_is_seen(rig: Rig) -> None:
    long = " ".join(f"palabra{number}" for number in range(20))
    rig.show(asked(MORE, answer=long))
    line = _sheet(rig).writing.text
    assert line.text.startswith("…")
    assert long.endswith(line.text.removeprefix("…"))
    assert line.size == line.wished, "in letters of their own size"
    assert line.ink.height < 2 * line.size, "in one line"


def test_an_arabic_text_runs_from_the_right(rig: Rig) -> None:
    rig.show(asked(MORE, "ar", "مرحبا"))
    line = _sheet(rig).writing.text
    assert line.ink.x > 400
    assert line.text == "مرحبا"
    assert line.size == line.wished
    rig.show(asked(MORE, "es", "Hola"))
    assert line.ink.right < 400


def test_until_something_is_written_one_is_asked_to_name_nobody(rig: Rig) -> None:
    rig.show(asked(MORE, "en"))
    assert _sheet(rig).writing.hint.text == "Please name nobody."
    strike(rig, "a")
    assert _sheet(rig).writing.hint.text == ""


def test_the_letters_do_not_move_when_the_layer_changes(rig: Rig) -> None:
    rig.show(asked(MORE))
    before = {key.name: key.target for key in _sheet(rig).keyboard.board_keys}
    strike(rig, "digits", "letters")
    assert {key.name: key.target for key in _sheet(rig).keyboard.board_keys} == before


@pytest.mark.parametrize("layer", ["accents", "digits"])
def test_by_night_no_layer_lights_up(rig: Rig, layer: str) -> None:
    """Keys that a layer needs for the first time are dark like the others."""
    rig.show(asked(MORE, "ar"))
    rig.show(asked(MORE, "pt"), night=True)
    strike(rig, layer)
    light = sum(rig.picture().convert("L").histogram()[200:])
    assert light < 0.1 * 800 * 480
    rig.show(asked(MORE, "pt"))


def _sheet(rig: Rig) -> Any:
    return rig.stage.sheet
