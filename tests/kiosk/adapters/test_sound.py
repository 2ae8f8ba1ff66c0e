"""The speaker plays at its volume, is cut off by the next sentence, and fails without a sound."""

from __future__ import annotations

import queue
import time
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.adapters.sound import TROUBLE, Speaker, louder
from kiosk.adapters.speech import utterance_file
from kiosk.core.sayings import Prompt, Utterance

PATIENCE = 10


def sound(*samples: int, width: int = 2) -> bytes:
    made = BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, width, 22_050, 0, "NONE", ""))
        file.writeframes(array("h", samples).tobytes())
    return made.getvalue()


def heard(made: bytes) -> list[int]:
    with wave.open(BytesIO(made)) as file:
        return list(array("h", file.readframes(file.getnframes())))


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    for number, prompt in enumerate((Prompt.ASKING, Prompt.THANKS), start=1):
        file = tmp_path / "voices" / "es" / f"{prompt.value}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(sound(*[1_000 * number] * 100))
    return tmp_path / "voices"


def player(folder: Path, script: str) -> str:
    """A program that stands in for aplay: it is given the sound on its standard input."""
    file = folder / "player"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


@contextmanager
def speaking(folder: Path, program: str) -> Iterator[tuple[Speaker, queue.SimpleQueue[str | None]]]:
    told: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    speaker = Speaker(
        folder,
        folder / "said",
        program,
        worded=lambda language, prompt: Utterance(language, prompt.value),
        rehearse=lambda _words: None,
        trouble=told.put,
    )
    speaker.start()
    try:
        yield speaker, told
    finally:
        speaker.close()


def await_file(path: Path) -> bytes:
    deadline = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return path.read_bytes()


def test_it_plays_the_sentence_of_the_language_at_its_volume(tmp_path: Path, voices: Path) -> None:
    out = tmp_path / "out"
    program = player(tmp_path, f'[ "$*" = "-q -" ] && cat > {out}.half && mv {out}.half {out}')
    with speaking(voices, program) as (speaker, told):
        speaker.say("es", (Prompt.THANKS,), 50)
        assert heard(await_file(out)) == [1_000] * 100
        assert told.get(timeout=PATIENCE) is None


def test_the_next_sentence_cuts_off_the_one_before(tmp_path: Path, voices: Path) -> None:
    out = tmp_path / "out"
    program = player(tmp_path, f"cat > {out}.$$; mv {out}.$$ {out}; exec sleep 60")
    with speaking(voices, program) as (speaker, _):
        speaker.say("es", (Prompt.ASKING,), 100)
        assert heard(await_file(out)) == [1_000] * 100
        out.unlink()
        speaker.say("es", (Prompt.THANKS,), 100)
        assert heard(await_file(out)) == [2_000] * 100
        begun = time.monotonic()
    assert time.monotonic() - begun < 3, "closing does not wait for the end of a sentence"


def test_the_parts_are_said_one_after_the_other_and_what_was_not_made_is_passed_over(
    tmp_path: Path, voices: Path
) -> None:
    question, other = Utterance("es", "¿Y la espera?"), Utterance("es", "¿Y el pan?")
    made = utterance_file(voices / "said", question)
    made.parent.mkdir()
    made.write_bytes(sound(*[3_000] * 100))
    out = tmp_path / "out"
    program = player(tmp_path, f"cat > {out}.half && mv {out}.half {out}.$(ls {tmp_path} | wc -l)")
    with speaking(voices, program) as (speaker, told):
        speaker.say("es", (question, other, Prompt.ASKING), 100)
        assert told.get(timeout=PATIENCE) is None, "the rehearsal tells what it could not make"
    assert [heard(one.read_bytes())[0] for one in sorted(tmp_path.glob("out.*"))] == [3_000, 1_000]


def test_a_prompt_that_came_with_an_update_is_said_as_it_was_made_since(
    tmp_path: Path, voices: Path
) -> None:
    made = utterance_file(voices / "said", Utterance("es", "sorry"))
    made.parent.mkdir()
    made.write_bytes(sound(*[4_000] * 100))
    out = tmp_path / "out"
    program = player(tmp_path, f"cat > {out}.half && mv {out}.half {out}")
    with speaking(voices, program) as (speaker, _):
        speaker.say("es", (Prompt.SORRY,), 100)
        assert heard(await_file(out)) == [4_000] * 100


def test_a_part_that_is_spoiled_is_told_and_the_others_are_said(
    tmp_path: Path, voices: Path
) -> None:
    (voices / "es" / "asking.wav").write_bytes(b"RIFF")
    out = tmp_path / "out"
    program = player(tmp_path, f"cat > {out}.half && mv {out}.half {out}")
    with speaking(voices, program) as (speaker, told):
        speaker.say("es", (Prompt.ASKING, Prompt.THANKS), 100)
        assert heard(await_file(out)) == [2_000] * 100
        assert told.get(timeout=PATIENCE) == TROUBLE


def test_a_page_that_goes_silences_all_of_its_parts_at_once(tmp_path: Path, voices: Path) -> None:
    out = tmp_path / "out"
    program = player(tmp_path, f"cat >> {out}.half; mv {out}.half {out}; exec sleep 60")
    with speaking(voices, program) as (speaker, told):
        speaker.say("es", (Prompt.ASKING, Prompt.THANKS), 100)
        assert heard(await_file(out)) == [1_000] * 100
        out.unlink()
        begun = time.monotonic()
        speaker.hush()
        assert told.get(timeout=PATIENCE) is None
        assert time.monotonic() - begun < 2
    assert not out.exists()


def test_saying_returns_at_once_whatever_the_program_does(tmp_path: Path, voices: Path) -> None:
    with speaking(voices, player(tmp_path, "exec sleep 60")) as (speaker, _):
        begun = time.monotonic()
        for _ in range(200):
            speaker.say("es", (Prompt.ASKING,), 60)
        assert time.monotonic() - begun < 1


def test_a_missing_sentence_is_one_alarm_and_taken_back_by_the_next_that_sounds(
    tmp_path: Path, voices: Path
) -> None:
    with speaking(voices, player(tmp_path, "cat > /dev/null")) as (speaker, told):
        speaker.say("pt", (Prompt.ASKING,), 60)
        assert told.get(timeout=PATIENCE) == TROUBLE
        speaker.say("es", (Prompt.ASKING,), 60)
        assert told.get(timeout=PATIENCE) is None


@pytest.mark.parametrize("script", ["exit 1", None], ids=["it fails", "it is not there"])
def test_a_program_that_does_not_play_is_an_alarm(
    tmp_path: Path, voices: Path, script: str | None
) -> None:
    program = player(tmp_path, script) if script else str(tmp_path / "nothing")
    with speaking(voices, program) as (speaker, told):
        speaker.say("es", (Prompt.ASKING,), 60)
        assert told.get(timeout=PATIENCE) == TROUBLE


@pytest.mark.parametrize("content", [b"", b"RIFF", b"x" * 5_000_000, sound(1, 2, width=1)])
def test_a_spoiled_file_is_an_alarm_and_not_the_end(
    tmp_path: Path, voices: Path, content: bytes
) -> None:
    (voices / "es" / "asking.wav").write_bytes(content)
    with speaking(voices, player(tmp_path, "cat > /dev/null")) as (speaker, told):
        speaker.say("es", (Prompt.ASKING,), 60)
        assert told.get(timeout=PATIENCE) == TROUBLE
        speaker.say("es", (Prompt.THANKS,), 60)
        assert told.get(timeout=PATIENCE) is None


def test_no_volume_is_no_sound(tmp_path: Path, voices: Path) -> None:
    out = tmp_path / "out"
    with speaking(voices, player(tmp_path, f"touch {out}")) as (speaker, told):
        speaker.say("es", (Prompt.ASKING,), 0)
        speaker.say("pt", (Prompt.ASKING,), 60)
        assert told.get(timeout=PATIENCE) == TROUBLE
    assert not out.exists()


@settings(deadline=None)
@given(samples=st.lists(st.integers(-32_768, 32_767), max_size=50), volume=st.integers(-100, 1_000))
def test_no_volume_makes_a_sound_louder_than_it_was_made(samples: list[int], volume: int) -> None:
    made = heard(louder(sound(*samples), volume))
    assert len(made) == len(samples)
    assert all(abs(now) <= abs(was) for now, was in zip(made, samples, strict=True))
    if volume >= 100:
        assert made == samples
