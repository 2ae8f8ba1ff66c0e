"""The hub's disk fails, several times in a row, the hub is started anew, and the plug is pulled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Engine

from hub.adapters import database
from hub.adapters.archive import SqlArchive
from hub.core.hearing import Message
from hub.intake import Intake, Receipts
from shared.errors import ArchiveError
from tests.drills.power import archive
from tests.drills.power.archive import NAME, ArchiveJudge, Hours, furnished, make_engine, reopen
from tests.drills.power.cuts import Plan
from tests.drills.power.drill import Result, Told, judged
from tests.drills.power.operations import LetGo, Operation, SyncFailed, Trace
from tests.drills.power.recording import recording
from tests.simulation.quiet import quiet
from tests.simulation.vfs import failing

PLAN = Plan(scattered=0, rubbish=0, every=50)
ROUNDS = 3
MOST = 300
"""No such story has so many operations of one kind."""

STRIDE = {"sync": 1, "write": 17}
TRIES = 20


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet():
        yield


class StubbornIntake:
    """Takes the same in until it is committed: started anew each time, or still running."""

    def __init__(self, engine: Engine, *, restarts: bool) -> None:
        self._engine, self._restarts = engine, restarts
        self._intake = Intake(SqlArchive(engine))

    def take(self, messages: Sequence[Message], at: int) -> Receipts:
        for _ in range(TRIES):
            try:
                return self._intake.take(messages, at)
            except ArchiveError:
                if self._restarts:
                    self._engine.dispose()
        raise AssertionError("it never ends")


@contextmanager
def told(folder: Path, operation: str, nth: int, times: int, *, restarts: bool) -> Iterator[Told]:
    """A hub's story in which this fails; without a trace where there is no nth."""
    live = folder / f"{operation}-{nth}-{times}"
    live.mkdir()
    furnished(live / NAME)
    files = {path.name: path.read_bytes() for path in live.iterdir()}
    engines: list[Engine] = []

    def make(path: Path) -> Engine:
        engines.append(make_engine(path))
        return engines[-1]

    def stubborn(_: SqlArchive) -> StubbornIntake:
        return StubbornIntake(engines[-1], restarts=restarts)

    with recording(live) as recorder, patch.object(archive, "Intake", stubborn):
        hours = Hours(live / NAME, recorder.promise, make, seed=nth)
        recorder.ask, met = failing(operation, nth, times)
        hours.live(ROUNDS)
        recorder.ask = lambda _: 0
        hours.close()
    assert reopen(live / NAME) == hours.story.memories[-1]
    trace = list(lost(recorder.trace)) if met else []
    yield Told(trace, files, ArchiveJudge(hours.story.memories, folder / "cut"))


def lost(trace: Trace) -> Iterator[Operation]:
    """What a failed sync should have kept is on no card: the worst that may become of it."""
    for one in trace:
        yield one
        if isinstance(one, SyncFailed):
            yield LetGo(one.file)


def harm(folder: Path, operation: str, times: int, *, restarts: bool) -> Iterator[Result]:
    """What comes of it for each nth there is."""
    for nth in range(1, MOST, STRIDE[operation]):
        with told(folder, operation, nth, times, restarts=restarts) as one:
            if not one.trace:
                return
            yield judged(one, PLAN)
    raise AssertionError("it never ends")


@pytest.mark.parametrize(
    ("operation", "times", "restarts"),
    [
        ("sync", 1, False),
        ("sync", 2, False),
        ("sync", 2, True),
        ("sync", 3, True),
        ("write", 2, True),
        ("write", 2, False),
    ],
)
def test_whichever_operation_fails_what_was_acknowledged_is_there_once_after_a_cut(
    operation: str, times: int, restarts: bool, tmp_path: Path
) -> None:
    results = list(harm(tmp_path, operation, times, restarts=restarts))
    assert len(results) > 3
    violations = [one for result in results for one in result.violations]
    assert not violations, violations[0]


def test_a_hub_that_believed_its_log_would_lose_what_it_acknowledged(tmp_path: Path) -> None:
    """The commit's sync fails, and that with which the file is closed; the next ones do not."""
    with patch.object(database, "read_anew", lambda _: None):
        results = list(harm(tmp_path, "sync", 2, restarts=True))
    assert any("acknowledged" in one.why for result in results for one in result.violations)
