"""A store's own words are made in the background: bounded, once, and never in anybody's way."""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.adapters import rehearsal, speech
from kiosk.adapters.rehearsal import LEAST, TROUBLE, Rehearsal
from kiosk.adapters.speech import is_whole, utterance_file
from kiosk.core.sayings import Utterance

PATIENCE = 20

Told = queue.SimpleQueue[str | None]


def words(*texts: str, language: str = "es") -> tuple[Utterance, ...]:
    return tuple(Utterance(language, text) for text in texts)


@contextmanager
def rehearsing(
    folder: Path, *, again: float = 3_600.0, patience: float = 10.0
) -> Iterator[tuple[Rehearsal, Told]]:
    told: Told = queue.SimpleQueue()
    made = Rehearsal(folder, trouble=told.put, pause=0, again=again, patience=patience)
    made.start()
    try:
        yield made, told
    finally:
        made.close()


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def holds(folder: Path, wanted: tuple[Utterance, ...]) -> bool:
    """Whether exactly these are there, each of them whole."""
    there = set(folder.iterdir()) if folder.exists() else set()
    files = {utterance_file(folder, one) for one in wanted}
    return there == files and all(map(is_whole, files))


@pytest.fixture
def espeak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of espeak-ng: it writes down what it is told, and has real sounds."""
    log, file = tmp_path / "log", tmp_path / "bin" / "espeak-ng"
    file.parent.mkdir()
    log.touch()
    file.write_text(f"""#!/bin/sh
        nice >> {log}
        [ "$2" = xx ] && exit 1
        [ "$2" = zz ] && exec sleep 60
        exec /usr/bin/env -i PATH=/usr/bin:/bin espeak-ng "$@"
    """)
    file.chmod(0o755)
    monkeypatch.setattr(speech, "PROGRAM", str(file))
    monkeypatch.setattr(rehearsal, "PROGRAM", str(file))
    return log


def runs(log: Path) -> list[str]:
    return log.read_text().split()


def test_all_of_them_are_made_and_what_is_no_longer_named_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "said"
    with rehearsing(folder) as (made, told):
        first, second = words("¿Qué tal?", "La espera"), words("La espera", "El pan")
        made.rehearse(first)
        wait_for(lambda: holds(folder, first))
        (folder / "left.half").touch()
        made.rehearse(second)
        wait_for(lambda: holds(folder, second))
        made.rehearse(())
        wait_for(lambda: holds(folder, ()))
        assert told.empty()


def test_at_the_lowest_priority_one_at_a_time_and_never_twice(tmp_path: Path, espeak: Path) -> None:
    folder, wanted = tmp_path / "said", words("uno", "dos", "tres")
    for _ in range(2):  # the second is a restart
        with rehearsing(folder) as (made, _):
            made.rehearse(wanted)
            wait_for(lambda: holds(folder, wanted))
    assert runs(espeak) == [str(LEAST)] * 3
    utterance_file(folder, wanted[1]).write_bytes(b"RIFF")  # the power went
    with rehearsing(folder) as (made, _):
        made.rehearse(wanted)
        wait_for(lambda: holds(folder, wanted))
    assert len(runs(espeak)) == 4
    assert os.getpriority(os.PRIO_PROCESS, 0) < LEAST, "nobody else became slower"


def test_a_language_without_a_voice_is_told_costs_little_and_leaves_the_others(
    tmp_path: Path, espeak: Path
) -> None:
    folder, well = tmp_path / "said", words("La espera", "El pan")
    without = words(*map(str, range(50)), language="xx")
    with rehearsing(folder) as (made, told):
        made.rehearse(without + well)
        assert told.get(timeout=PATIENCE) == TROUBLE
        assert holds(folder, well)
        assert len(runs(espeak)) == rehearsal.TRIES + len(well)
        made.rehearse(well)
        assert told.get(timeout=PATIENCE) is None


def test_a_program_that_hangs_keeps_neither_the_others_nor_the_end(
    tmp_path: Path, espeak: Path
) -> None:
    folder, well = tmp_path / "said", words("La espera")
    with rehearsing(folder, patience=0.3) as (made, told):
        made.rehearse(words("a", language="zz") + well)
        assert told.get(timeout=PATIENCE) == TROUBLE
        assert holds(folder, well)
    with rehearsing(folder) as (made, told):
        made.rehearse(words("a", language="zz"))
        wait_for(lambda: len(runs(espeak)) == 3)
        begun = time.monotonic()
        made.rehearse(well)
        wait_for(lambda: holds(folder, well))
        made.rehearse(words("a", language="zz"))
        wait_for(lambda: len(runs(espeak)) == 4)
    assert time.monotonic() - begun < PATIENCE / 2
    assert not list(folder.glob("*.half"))


def test_without_the_program_it_is_told_and_found_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, wanted = tmp_path / "said", words("La espera")
    monkeypatch.setattr(rehearsal, "PROGRAM", "no-such-program")
    with rehearsing(folder, again=0.1) as (made, told):
        made.rehearse(wanted)
        assert told.get(timeout=PATIENCE) == TROUBLE
        monkeypatch.setattr(rehearsal, "PROGRAM", speech.PROGRAM)
        assert told.get(timeout=PATIENCE) is None
        assert holds(folder, wanted)


@pytest.mark.parametrize(
    ("bound", "value"), [("MOST", 2), ("MOST_BYTES", 1), ("SPARE_BYTES", 2**62)]
)
def test_there_is_an_end_to_what_is_kept_and_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    monkeypatch.setattr(rehearsal, bound, value)
    folder = tmp_path / "said"
    with rehearsing(folder) as (made, told):
        made.rehearse(words("uno", "dos", "tres"))
        assert told.get(timeout=PATIENCE) == TROUBLE
        assert len(list(folder.iterdir())) < 3


def test_a_folder_that_cannot_be_is_told_and_not_the_end(tmp_path: Path) -> None:
    folder = tmp_path / "said"
    folder.touch()
    with rehearsing(folder, again=0.1) as (made, told):
        made.rehearse(words("uno"))
        assert told.get(timeout=PATIENCE) == TROUBLE
        folder.unlink()
        assert told.get(timeout=PATIENCE) is None
