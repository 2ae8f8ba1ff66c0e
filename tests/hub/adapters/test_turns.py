"""Whose turn it is to take in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hub.adapters.database import open_engine
from hub.adapters.turns import TURN_LOCK, FileLock, Turn, turn_for
from tests.parts.databases import Cluster
from tests.parts.hub import wait_until


@contextmanager
def another(engine: Engine) -> Iterator[Turn]:
    """The turn of another process on the same database."""
    theirs = open_engine(engine.url)
    turn = turn_for(theirs)
    try:
        yield turn
    finally:
        turn.end()
        theirs.dispose()


def test_one_has_the_turn_until_it_ends(engine: Engine) -> None:
    ours = turn_for(engine)
    with another(engine) as theirs:
        assert ours.ours()
        assert ours.ours(), "it stays ours however often it is asked for"
        assert not theirs.ours()
        assert (ours.standing_by, theirs.standing_by) == (False, True)
        assert (ours.held, theirs.held) == (True, False)
        ours.end()
        assert not ours.held
        wait_until(theirs.ours, "their turn", 5)  # PostgreSQL sees an end a moment later
        assert not ours.ours()
        assert (ours.standing_by, theirs.standing_by) == (True, False)
    wait_until(ours.ours, "our turn once more", 5)
    ours.end()
    ours.end()


def test_the_turn_opens_with_the_death_of_its_holder(engine: Engine) -> None:
    waiting = turn_for(engine)
    url = engine.url.render_as_string(hide_password=False)
    program = (
        "import sys; from hub.adapters.database import open_engine;"
        "from hub.adapters.turns import turn_for; turn = turn_for(open_engine(sys.argv[1]));"
        "print(turn.ours(), flush=True); sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", program, url], **pipes) as holder:  # type: ignore[call-overload]
        assert holder.stdout.readline() == b"True\n"
        assert not waiting.ours()
        holder.kill()
        holder.wait(10)
        wait_until(waiting.ours, "our turn", 5)
    waiting.end()


@pytest.mark.postgres
def test_the_turn_is_lost_with_the_connection_and_found_again(postgres: Cluster) -> None:
    engine = open_engine(postgres.url(postgres.make_database()))
    turn = turn_for(engine)
    assert turn.ours()
    find = f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE objid = {TURN_LOCK}"
    with engine.connect() as db:
        db.exec_driver_sql(find)
    assert not turn.ours(), "whoever was cut off cannot know who has it now"
    wait_until(turn.ours, "our turn again", 5)
    turn.end()
    engine.dispose()


def test_a_turn_that_cannot_be_asked_for_is_not_ours(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    turn = Turn(FileLock(folder / "hub.db-intake"))
    assert not turn.ours()
    folder.mkdir()
    assert turn.ours()
    turn.end()


def test_the_file_of_the_lock_is_nobody_elses(tmp_path: Path) -> None:
    turn = turn_for(open_engine(f"sqlite:///{tmp_path / 'hub.db'}"))
    assert turn.ours()
    assert (tmp_path / "hub.db-intake").stat().st_mode & 0o077 == 0
    turn.end()
