"""A child of the mother is a process like any other: it can be killed, ends, and says how."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drills.mother import Forked, Mother

MODULE = "tests.drills.test_mother"
PATIENCE_S = 10.0


def main() -> None:
    """What is born here: ends as it is told to."""
    if sys.argv[1] == "wait":
        signal.pause()
    print(os.environ["WORD"], flush=True)
    sys.exit(int(sys.argv[1]))


@pytest.fixture(scope="module")
def mother() -> Iterator[Mother]:
    one = Mother(MODULE)
    yield one
    one.close()


def born(mother: Mother, folder: Path, argument: str, word: str = "") -> Forked:
    program = Forked("child", mother, MODULE, [argument], folder)
    program.start({"WORD": word})
    return program


def test_a_child_has_its_own_words_and_says_how_it_ended(mother: Mother, tmp_path: Path) -> None:
    program = born(mother, tmp_path, "3", "hello")
    program._wait()
    assert program.ended == 3
    assert program.last_words() == "hello"


def test_a_child_can_be_killed_and_born_again(mother: Mother, tmp_path: Path) -> None:
    program = born(mother, tmp_path, "wait")
    assert program.ended is None
    first = program._process
    program.kill()
    assert first is not None
    assert first.wait(PATIENCE_S) == -signal.SIGKILL
    program.start({"WORD": "again"})
    assert program.ended is None
    program.stop()
    assert program.ended == -signal.SIGTERM


def test_a_child_dies_with_its_mother(tmp_path: Path) -> None:
    mother = Mother(MODULE)
    program = born(mother, tmp_path, "wait")
    assert program._process is not None
    watched = os.pidfd_open(program._process.pid)
    os.kill(mother.pid, signal.SIGKILL)
    mother.close()
    assert select.select([watched], [], [], PATIENCE_S)[0]
    os.close(watched)
