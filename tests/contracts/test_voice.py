"""What the loop may expect of a voice: the fake, silence, and the speaker with real espeak-ng."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kiosk.adapters.absent import NoVoice
from kiosk.core.ports import Voice
from kiosk.core.sayings import Prompt, Utterance
from kiosk.wiring.senses import voice_of
from tests.fakes.voice import FakeVoice
from tests.kiosk.wiring.samples import headless

WORDS = (Utterance("es", "La espera"), Utterance("xx", "nobody speaks it"))

AT_ONCE = 0.5
"""Seconds; on a busy machine a thread may have to wait for its turn."""


@pytest.fixture(params=["fake", "absent", "speaker"])
def voice(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Voice]:
    with ExitStack() as stack:
        if request.param == "fake":
            yield FakeVoice()
        elif request.param == "absent":
            yield NoVoice()
        else:
            player = tmp_path / "player"
            player.write_text("#!/bin/sh\nexec sleep 60\n")
            player.chmod(0o755)
            settings = headless(tmp_path, f'[sound]\nplayer = "{player}"')
            yield voice_of(settings, lambda _code: None, stack)


def test_nothing_that_is_asked_of_it_takes_any_time_or_fails(voice: Voice) -> None:
    begun = time.monotonic()
    for _ in range(100):
        voice.rehearse(WORDS)
        voice.say("es", (Prompt.ASKING, *WORDS), 60)
        voice.say("es", (), 100)
        voice.say("no such language", (Prompt.SORRY,), 0)
        voice.hush()
    assert time.monotonic() - begun < AT_ONCE


def test_there_may_be_nothing_to_end_and_nothing_to_make(voice: Voice) -> None:
    begun = time.monotonic()
    voice.hush()
    voice.rehearse(())
    voice.hush()
    assert time.monotonic() - begun < AT_ONCE
