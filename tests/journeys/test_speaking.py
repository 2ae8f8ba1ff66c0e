"""A store's own questionnaire is heard on a real kiosk with espeak-ng, by the buttons alone."""

from __future__ import annotations

import time
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.speech import is_whole, make_voices, utterance_file
from kiosk.core.events import FaceTouched
from kiosk.core.sayings import Part, Prompt, Utterance
from kiosk.core.speaking import repertoire
from kiosk.courier.tidings import SETTINGS
from kiosk.screen.words import sentences
from kiosk.screen.words.spoken import spoken
from kiosk.settings import Settings
from kiosk.wiring.prompting import completed
from kiosk.wiring.senses import said_folder
from kiosk.wiring.whole import Kiosk
from shared.notices import Keeping
from shared.places import kiosk_id
from shared.questions import Choice, Kind, Question, Questionnaire
from shared.visits import Face, Input
from shared.wire import encode
from tests.kiosk import samples
from tests.kiosk.wiring.samples import headless

pytestmark = pytest.mark.journey

PATIENCE = 60.0

CAME = Question(
    "came",
    Kind.ONE,
    {"es": "¿Cómo has venido?", "ar": "كيف أتيت؟"},
    (
        Choice("foot", {"es": "A pie", "ar": "مشيًا"}),
        Choice("car", {"es": "En coche", "ar": "بالسيارة"}),
    ),
)
ASKED = replace(
    samples.settings(7),
    languages=("es", "ar"),
    keeping=Keeping(volume=100),  # so that what is played is what was made
    questionnaire=Questionnaire(
        "visit", 1, {"es": "Tu visita", "ar": "زيارتك"}, ("es", "ar"), (CAME,)
    ),
)


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A kiosk whose hub has sent settings; its player keeps what it is given, in order."""
    player = tmp_path / "player"
    (tmp_path / "played").mkdir()
    player.write_text(f"#!/bin/sh\ncat > {tmp_path}/half; mv {tmp_path}/half $(mktemp -u "
                      f"{tmp_path}/played/$(date +%s%N).XXXX)\n")  # fmt: skip
    player.chmod(0o755)
    made = headless(tmp_path, f'[sound]\nplayer = "{player}"')
    make_voices(tmp_path / "voices", {"es": spoken(sentences("es"))})
    with closing(SqliteOutbox(made.outbox.path, kiosk_id("k-1"))) as outbox:
        outbox.remember(SETTINGS, encode(ASKED))
    return made


@contextmanager
def running(settings: Settings) -> Iterator[Kiosk]:
    with ExitStack() as stack:
        kiosk = Kiosk(settings, stack)
        kiosk.start()
        yield kiosk


def sound(file: Path) -> bytes:
    with wave.open(str(file)) as read:
        frames: bytes = read.readframes(read.getnframes())
    return frames


class Ear:
    """Whoever stands there: knows what was played by its sound."""

    def __init__(self, settings: Settings) -> None:
        self._played = settings.folder / "played"
        voices = settings.folder / "voices" / "es"
        self._known: dict[bytes, Part] = {sound(voices / f"{p.value}.wav"): p for p in Prompt}
        for one in repertoire(ASKED):
            self._known[sound(utterance_file(said_folder(settings), one))] = one

    def hears(self, *said: str | Prompt) -> None:
        """This and nothing else was played since the last time."""
        wait_for(lambda: len(list(self._played.iterdir())) >= len(said))
        files = sorted(self._played.iterdir())
        heard = [self._known[sound(file)] for file in files]
        assert [one if isinstance(one, Prompt) else one.text for one in heard] == list(said)
        for file in files:
            file.unlink()


def press(kiosk: Kiosk, face: Face) -> None:
    now = kiosk._clock.now()
    kiosk._post(FaceTouched(now, face, Input.BUTTON, now))


def wanted(settings: Settings) -> tuple[Utterance, ...]:
    """The store's own words, and in Arabic, for which nobody had voices made, the prompts."""
    return completed(settings.folder / "voices", repertoire(ASKED))


def is_made(settings: Settings) -> bool:
    return all(is_whole(utterance_file(said_folder(settings), one)) for one in wanted(settings))


def test_somebody_who_does_not_see_answers_a_stores_own_questionnaire(settings: Settings) -> None:
    with running(settings) as kiosk:
        wait_for(lambda: is_made(settings))
        walk_by_ear(kiosk, Ear(settings))
        assert "voice" not in kiosk._courier.standing.alarms
    made = {file: file.stat().st_mtime_ns for file in said_folder(settings).iterdir()}
    assert len(made) == len(wanted(settings))
    with running(settings) as kiosk:  # a restart makes nothing again, and says the same
        press(kiosk, Face.SAD)
        Ear(settings).hears(Prompt.RESTING, Prompt.INVITED, "Tu visita")
    assert {file: file.stat().st_mtime_ns for file in said_folder(settings).iterdir()} == made


def walk_by_ear(kiosk: Kiosk, ear: Ear) -> None:
    """Ask to hear it, begin, choose the second answer, look again whether it is chosen, and go."""
    for face, heard in (
        (Face.HAPPY, (Prompt.RESTING, Prompt.INVITED, "Tu visita")),
        (
            Face.NEUTRAL,
            ("¿Cómo has venido?", Prompt.BY_BUTTONS, "A pie", "En coche", "A pie"),
        ),
        (Face.HAPPY, ("En coche",)),
        (Face.NEUTRAL, (Prompt.DONE,)),
        (Face.SAD, (Prompt.LEAVE,)),
        (Face.SAD, ("En coche", Prompt.CHOSEN)),
        (Face.HAPPY, (Prompt.LEAVE,)),
        (Face.HAPPY, (Prompt.DONE,)),
        (Face.NEUTRAL, (Prompt.PLAIN_THANKS,)),
    ):
        press(kiosk, face)
        ear.hears(*heard)
    wait_for(lambda: kiosk._outbox.held().owed > 0)
