"""The queue's two threads: what tells goes on whatever the database does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from hub.adapters import queueing
from hub.adapters.queueing import Bookkeeper, Teller
from hub.core.sensing import Unheard
from hub.core.waiting.book import Rows, WaitRow
from hub.core.waiting.facts import Counted, Sold
from hub.queue import Queues
from shared.errors import ArchiveError
from tests.fakes.metrics import FakeMetrics
from tests.fakes.waits import FakeWaits
from tests.hub.test_queue import CENTRO, LINE, POINT, START, plot


class Mailbox:
    """Facts that the web process put down."""

    def __init__(self) -> None:
        self.waiting: list[Unheard] = []

    def take(self, most: int) -> Sequence[Unheard]:
        taken, self.waiting = self.waiting[:most], self.waiting[most:]
        return taken


class Stage:
    def __init__(self) -> None:
        self.now, self.ours, self.flushed = START, True, 0
        self.told: list[int | None] = []
        self.queues = Queues(
            lambda _store, _kiosk, one: self.told.append(one.minutes if one else None),
            FakeMetrics(),
            lambda: self.now,
            lambda: self.now / 1_000,
        )
        self.book, self.mailbox = FakeWaits(plot(CENTRO)), Mailbox()
        self.teller = Teller(self.queues, self.flush, lambda: self.ours)
        self.keeper = Bookkeeper(
            self.queues, self.book, self.mailbox, lambda: self.now, lambda: self.ours
        )

    def flush(self) -> None:
        self.flushed += 1

    def step(self) -> None:
        """Half a second of both threads."""
        self.now += 500
        self.keeper.step()
        self.teller.step()

    def tells(self, line: int = 3) -> None:
        for fact in (Sold(self.now, POINT), Counted(self.now, LINE, line)):
            self.mailbox.waiting.append(Unheard(CENTRO, self.now, fact))


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(queueing, "FETCH_SECONDS", 0.0)
    monkeypatch.setattr(queueing, "ROUND_SECONDS", 0.0)
    monkeypatch.setattr(queueing, "_WAIT", 0.0)
    stage = Stage()
    for _ in range(2):
        stage.step()
    stage.book.written = Rows()  # that it tells nothing yet
    return stage


def test_what_the_web_put_down_is_told_handed_over_and_kept(stage: Stage) -> None:
    stage.tells()
    stage.step()
    assert len(stage.told) == 1
    assert stage.flushed
    stage.step()
    assert [row.minutes for row in stage.book.written.notices] == stage.told


def test_while_the_database_is_away_notices_go_on_and_rows_wait(stage: Stage) -> None:
    stage.book.away()
    with capture_logs() as logs:
        for line in (3, 3, 3):
            stage.queues.hear(CENTRO, Sold(stage.now, POINT), stage.now)
            stage.queues.hear(CENTRO, Counted(stage.now, LINE, line), stage.now)
            stage.step()
    assert stage.told
    assert [entry["event"] for entry in logs] == ["queue.not_kept"], "said once"
    stage.book.broken = None
    stage.step()
    assert stage.book.written.notices[0].minutes == stage.told[0]


def test_rows_that_no_database_takes_hold_up_nothing_else(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise ValueError("a row of nothing")

    stage.tells()
    stage.step()
    with monkeypatch.context() as patch:
        patch.setattr(stage.book, "write", refuse)
        with pytest.raises(ValueError, match="row of nothing"):
            stage.keeper.step()
    stage.keeper.step()
    assert not stage.book.written.notices


def test_a_process_that_stands_by_tells_and_takes_nothing(stage: Stage) -> None:
    stage.tells()
    stage.step()
    stage.ours = False
    stage.tells()
    stage.step()
    assert not stage.queues.watches(CENTRO)
    assert len(stage.told) == 1
    assert len(stage.mailbox.waiting) == 2, "they are for whoever has the turn"
    stage.ours = True
    stage.step()
    stage.step()
    assert stage.queues.watches(CENTRO)


def test_a_turn_that_was_lost_for_an_instant_begins_anew_all_the_same(stage: Stage) -> None:
    stage.queues.rest()  # the one thread saw it, the other did not
    stage.step()
    assert stage.queues.watches(CENTRO)


def test_a_store_begins_with_what_is_remembered_of_it(stage: Stage) -> None:
    stage.tells()
    stage.step()
    for _ in range(9):
        stage.now += 60_000
        stage.tells()
        stage.step()
    stage.keeper.finish()
    body, at = stage.book.kept[CENTRO]
    assert at == stage.now
    assert "caja-1" in body
    assert stage.book.written.notices


def test_who_never_had_the_turn_keeps_nothing_at_the_end() -> None:
    stage = Stage()
    stage.ours = False
    stage.keeper.finish()
    assert not stage.book.kept


def test_an_end_without_a_database_is_logged(stage: Stage) -> None:
    stage.tells()
    stage.step()
    stage.book.away()
    with capture_logs() as logs:
        stage.keeper.finish()
    assert [entry["event"] for entry in logs] == ["queue.not_kept"]


def test_rows_that_wait_are_bounded_and_the_newest_stay(stage: Stage) -> None:
    stage.book.away()
    rows = stage.keeper._rows
    rows.waits.extend(WaitRow(CENTRO, LINE, at, 1, None) for at in range(30_000))
    stage.step()
    stage.book.broken = None
    stage.step()
    assert len(stage.book.written.waits) == 20_000
    assert stage.book.written.waits[-1].at == 29_999


def test_lessons_that_could_not_be_kept_are_kept_later(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ArchiveError("away")

    stage.tells()
    stage.step()
    with monkeypatch.context() as patch:
        patch.setattr(stage.book, "keep", fail)
        for _ in range(16):
            stage.now += 60_000
            stage.tells()
            stage.step()
    assert not stage.book.kept
    stage.step()
    assert CENTRO in stage.book.kept


def test_lessons_are_kept_while_it_runs(stage: Stage) -> None:
    stage.tells()
    stage.step()
    for _ in range(16):
        stage.now += 60_000
        stage.tells()
        stage.step()
    assert CENTRO in stage.book.kept
