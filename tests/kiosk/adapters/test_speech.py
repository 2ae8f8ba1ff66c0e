"""Sentences are made ahead by the real espeak-ng, whole or not at all."""

from __future__ import annotations

import time
import wave
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.adapters import speech
from kiosk.adapters.speech import is_whole, make, make_voices, utterance_file
from kiosk.core.sayings import Prompt, Utterance
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


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program in the place of espeak-ng."""
    file = folder / "bin" / "espeak-ng"
    file.parent.mkdir()
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setattr(speech, "PROGRAM", str(file))


@pytest.mark.parametrize(
    "text",
    [
        "--help",
        "-w/tmp/other.wav",
        "$(touch stolen) `touch stolen`; touch stolen",
        "<speak><audio src='/etc/passwd'/></speak>",
        "[[dh@ k'at]] \x00 \x1b[2J \ud800 \u202e",
        "9" * 300,
        "%" * 300,
    ],
)
def test_whatever_a_store_writes_is_data_and_becomes_a_sound_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file = utterance_file(tmp_path, Utterance("en", text))
    with suppress(HardwareError):  # what nobody would listen to
        make(file, Utterance("en", text))
    assert {one.name for one in tmp_path.iterdir()} <= {file.name}


@pytest.mark.parametrize("language", ["", "-w", "../../etc/passwd", "es en", "ES", "x" * 40])
def test_what_is_no_language_is_never_told_to_the_program(tmp_path: Path, language: str) -> None:
    with pytest.raises(HardwareError, match="no language"):
        make(tmp_path / "a.wav", Utterance(language, "Hola"))


def test_other_words_another_language_and_another_way_to_say_them_are_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hello = Utterance("es", "Hola")
    names = {
        utterance_file(tmp_path, one)
        for one in (hello, Utterance("es", "Hola."), Utterance("en", "Hola"))
    }
    before = utterance_file(tmp_path, hello)
    monkeypatch.setattr(speech, "WORDS_A_MINUTE", "120")
    assert len(names | {utterance_file(tmp_path, hello)}) == 4
    assert before in names


def test_a_program_that_hangs_is_ended_in_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, "exec sleep 60")
    begun = time.monotonic()
    with pytest.raises(HardwareError, match="does not end"):
        make(tmp_path / "a.wav", Utterance("es", "Hola"), patience=0.2)
    assert time.monotonic() - begun < 5


def test_who_does_not_wait_any_more_finds_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, 'echo half > "$6"; exec sleep 60')
    looks = iter((False, False, True))
    make(tmp_path / "a.wav", Utterance("es", "Hola"), stopped=lambda: next(looks, True))
    assert [one.name for one in tmp_path.iterdir()] == ["bin"]


@pytest.mark.parametrize(
    "script", ['echo RIFF > "$6"', "exit 0", 'head -c 5000000 /dev/zero > "$6"', "exit 3"]
)
def test_what_is_no_sound_gets_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    stand_in(tmp_path, monkeypatch, script)
    with pytest.raises(HardwareError):
        make(tmp_path / "a.wav", Utterance("es", "Hola"))
    assert [one.name for one in tmp_path.iterdir()] == ["bin"]


def test_half_a_sound_is_not_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    assert not is_whole(file)
    make(file, Utterance("es", "Hola"))
    assert is_whole(file)
    whole = file.read_bytes()
    for left in (0, 3, 44, len(whole) // 2, len(whole) - 45):
        file.write_bytes(whole[:left])
        assert not is_whole(file)
