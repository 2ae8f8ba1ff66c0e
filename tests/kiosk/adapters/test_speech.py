"""Sentences are made ahead by the real espeak-ng, whole or not at all."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from kiosk.adapters.speech import make_voices, missing_voices
from kiosk.core.effects import Prompt
from shared.errors import HardwareError

SENTENCES = {
    "es": {Prompt.THANKS: "¡Gracias! Tu opinión ya cuenta."},
    "ar": {Prompt.THANKS: "شكرًا لك!"},
}


def test_each_sentence_becomes_a_sound_of_its_language(tmp_path: Path) -> None:
    assert make_voices(tmp_path, SENTENCES) == 2
    for language in SENTENCES:
        with wave.open(str(tmp_path / language / "thanks.wav")) as sound:
            assert sound.getsampwidth() == 2
            assert sound.getnframes() / sound.getframerate() > 0.3
    assert not list(tmp_path.rglob("*.half"))


def test_what_is_missing_is_told_by_name(tmp_path: Path) -> None:
    make_voices(tmp_path, SENTENCES)
    missing = missing_voices(tmp_path, ("es",))
    assert "es/thanks.wav" not in missing
    assert len(missing) == len(Prompt) - 1


def test_a_language_that_nobody_can_speak_is_a_sentence_for_people(tmp_path: Path) -> None:
    with pytest.raises(HardwareError, match="xx"):
        make_voices(tmp_path, {"xx": {Prompt.THANKS: "?"}})
    assert not list(tmp_path.rglob("*.wav"))


def test_without_the_program_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HardwareError) as raised:
        make_voices(tmp_path, SENTENCES)
    assert "espeak-ng" in raised.value.hint


def test_a_sentence_is_no_option_of_the_program(tmp_path: Path) -> None:
    make_voices(tmp_path, {"en": {Prompt.ASKING: "--version; rm -rf / $(id)"}})
    assert (tmp_path / "en" / "asking.wav").stat().st_size > 1_000
