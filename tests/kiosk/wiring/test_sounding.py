"""What can be said is told, and what cannot with what to do."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.speech import make, make_voices, utterance_file
from kiosk.core.sayings import Prompt
from kiosk.core.speaking import repertoire
from kiosk.courier.tidings import SETTINGS
from kiosk.settings import Settings
from kiosk.wiring import sounding
from kiosk.wiring.prompting import worded
from kiosk.wiring.senses import said_folder
from kiosk.wiring.sounding import sentences_of, sound_check
from shared.errors import HardwareError
from shared.places import kiosk_id
from shared.wire import encode
from tests.kiosk.samples import settings as of_the_hub
from tests.kiosk.wiring.samples import headless

ASKED = replace(of_the_hub(7), languages=("es",))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A kiosk whose hub has sent settings, and with every sentence that all kiosks have."""
    made = headless(tmp_path, '[sound]\nplayer = "true"')
    make_voices(tmp_path / "voices", {"es": {Prompt.ASKING: "Hola"}})
    for language in made.place.languages:
        for prompt in Prompt:
            file = tmp_path / "voices" / language / f"{prompt.value}.wav"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    with closing(SqliteOutbox(made.outbox.path, kiosk_id("k-1"))) as outbox:
        outbox.remember(SETTINGS, encode(ASKED))
    return made


def checked(settings: Settings) -> str:
    assert settings.sound is not None
    return sound_check(settings, settings.sound)


def test_what_the_store_wants_said_must_be_there_and_whole(settings: Settings) -> None:
    wanted, folder = repertoire(ASKED), said_folder(settings)
    with pytest.raises(HardwareError, match=f"{len(wanted)} of the store's own") as raised:
        checked(settings)
    assert "within minutes" in raised.value.hint
    for one in wanted:
        make(utterance_file(folder, one), one)
    assert str(folder) in checked(settings)
    prompts = len(Prompt) * len(settings.place.languages)
    assert sentences_of(settings) == prompts + len(wanted)
    utterance_file(folder, wanted[0]).write_bytes(b"RIFF")
    with pytest.raises(HardwareError, match="1 of the store's own"):
        checked(settings)


def test_a_prompt_may_lie_where_the_kiosk_has_made_it_itself(settings: Settings) -> None:
    for one in repertoire(ASKED):
        make(utterance_file(said_folder(settings), one), one)
    (settings.folder / "voices" / "es" / "sorry.wav").unlink()
    with pytest.raises(HardwareError, match=r"es/sorry\.wav not there"):
        checked(settings)
    words = worded("es", Prompt.SORRY)
    make(utterance_file(said_folder(settings), words), words)
    assert "sentences in" in checked(settings)


def test_without_the_program_that_makes_them_it_says_what_to_install(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sounding, "PROGRAM", "no-such-program")
    with pytest.raises(HardwareError) as raised:
        checked(settings)
    assert "espeak-ng" in raised.value.hint


def test_where_no_settings_came_yet_nothing_of_the_store_is_missed(settings: Settings) -> None:
    settings.outbox.path.unlink()
    for more in ("-wal", "-shm"):
        settings.outbox.path.with_name(settings.outbox.path.name + more).unlink(missing_ok=True)
    assert "sentences in" in checked(settings)
    settings.outbox.path.write_bytes(b"no database")
    assert "sentences in" in checked(settings)


def test_without_a_speaker_there_are_no_sentences(tmp_path: Path) -> None:
    assert sentences_of(headless(tmp_path)) is None
