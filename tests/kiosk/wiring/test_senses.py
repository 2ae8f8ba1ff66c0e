"""Only what is configured is built, and a desktop is never dimmed."""

from __future__ import annotations

import time
import wave
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.adapters.absent import NoBacklight, NoVoice
from kiosk.adapters.backlight import SysBacklight
from kiosk.adapters.sound import Speaker
from kiosk.adapters.speech import utterance_file
from kiosk.core.sayings import Utterance
from kiosk.screen import scripts
from kiosk.wiring import senses
from kiosk.wiring.senses import backlight_of, letters_are_there, said_folder, voice_of
from tests.kiosk.wiring.samples import headless


def silent(code: str | None) -> None:
    pytest.fail(str(code))


def frames(file: Path) -> bytes:
    with wave.open(str(file)) as sound:
        held: bytes = sound.readframes(sound.getnframes())
    return held


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_without_a_table_nothing_is_said(tmp_path: Path) -> None:
    with ExitStack() as stack:
        assert isinstance(voice_of(headless(tmp_path), silent, stack), NoVoice)


def test_a_speaker_lives_as_long_as_the_kiosk(tmp_path: Path) -> None:
    with ExitStack() as stack:
        speaker = voice_of(headless(tmp_path, "[sound]"), silent, stack)
        assert isinstance(speaker, Speaker)
        assert speaker._thread.is_alive()
    assert not speaker._thread.is_alive()


@pytest.mark.parametrize(
    ("driver", "kind"),
    [("kmsdrm", SysBacklight), ("x11", NoBacklight), ("offscreen", NoBacklight)],
)
def test_only_a_glass_of_its_own_is_dimmed(tmp_path: Path, driver: str, kind: type) -> None:
    settings = headless(tmp_path)
    kiosk = replace(settings, screen=replace(settings.screen, driver=driver))
    assert isinstance(backlight_of(kiosk, silent), kind)


def test_a_language_that_cannot_be_drawn_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = replace(headless(tmp_path).screen, driver="offscreen")
    assert letters_are_there(screen, ("es", "ar"))
    monkeypatch.setattr(scripts, "raqm_is_there", lambda: False)
    assert not letters_are_there(screen, ("es", "ar"))
    assert letters_are_there(screen, ("es", "en"))
    assert letters_are_there(replace(screen, driver="none"), ("ar",))


def test_what_the_store_wants_said_is_made_beside_the_outbox_and_played(tmp_path: Path) -> None:
    played = tmp_path / "played"
    player = tmp_path / "player"
    player.write_text(f"#!/bin/sh\ncat > {played}.half && mv {played}.half {played}\n")
    player.chmod(0o755)
    settings = headless(tmp_path, f'[sound]\nplayer = "{player}"')
    question = Utterance("es", "¿Qué tal el pan?")
    with ExitStack() as stack:
        told: list[str | None] = []
        voice = voice_of(settings, told.append, stack)
        voice.rehearse((question,))
        made = utterance_file(said_folder(settings), question)
        wait_for(made.exists)
        voice.say("es", (question,), 100)
        wait_for(played.exists)
        assert frames(played) == frames(made)
    assert set(told) <= {None}
    assert said_folder(settings) == tmp_path / "outbox.said"


def test_an_alarm_of_two_parts_is_over_when_it_is_for_both() -> None:
    told: list[str | None] = []
    either = senses._Either(told.append)
    speaker, rehearsal = either.one("speaker"), either.one("rehearsal")
    rehearsal("voice")
    speaker(None)
    speaker("voice")
    rehearsal(None)
    speaker(None)
    assert told == ["voice", "voice", "voice", "voice", None]
