"""A PIN is typed twice and never shown; sentences are made for the kiosk's own languages."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.adapters.speech import make
from kiosk.core.listening import listening_ms
from kiosk.core.passcode import opens
from kiosk.core.sayings import Prompt, Utterance
from kiosk.wiring import preparing
from kiosk.wiring.preparing import ask_for_pin, hashed_pin, prepare_voices
from shared.errors import SemblanteError
from shared.programme import TRANSLATED, default_programme
from tests.kiosk.wiring.samples import headless


def typing(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    typed: Iterator[str] = iter(words)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(preparing, "getpass", lambda _prompt: next(typed))


def test_a_pin_typed_twice_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "2580", "2580")
    assert ask_for_pin() == "2580"


@pytest.mark.parametrize("words", [("2580", "2581"), ("258", "258"), ("abcd", "abcd")])
def test_a_slip_is_told(monkeypatch: pytest.MonkeyPatch, words: tuple[str, str]) -> None:
    typing(monkeypatch, *words)
    with pytest.raises(SemblanteError):
        ask_for_pin()


def test_the_same_pin_is_hashed_otherwise_each_time() -> None:
    assert hashed_pin("2580") != hashed_pin("2580")
    assert opens(hashed_pin("2580"), "2580")


def test_every_prompt_is_made_in_every_language_that_a_hub_may_choose(tmp_path: Path) -> None:
    settings = headless(tmp_path, '[sound]\nvoices = "said"')
    folder, made = prepare_voices(settings)
    assert folder == tmp_path / "said"
    assert made == len(list(folder.glob("*/*.wav")))
    assert {one.name for one in folder.iterdir()} == set(TRANSLATED)
    for file in folder.glob("*/*.wav"):
        assert seconds(file) * 1_000 < listening_ms((Prompt(file.stem),)), file


def test_who_listens_to_a_stores_own_words_has_the_time_that_they_take(tmp_path: Path) -> None:
    programme = default_programme(1)
    texts = [programme.question, *(reason.text for reason in programme.reasons)]
    for said in (Utterance(language, text[language]) for text in texts for language in TRANSLATED):
        file = tmp_path / "a.wav"
        make(file, said)
        assert seconds(file) * 1_000 < listening_ms((said,)), said


def seconds(file: Path) -> float:
    with wave.open(str(file)) as sound:
        return float(sound.getnframes() / sound.getframerate())
