"""The look at the broker's rights: at once, now and then, and loud where they are broken."""

from __future__ import annotations

import threading

import pytest

from hub.adapters.inspecting import Inspection
from shared.errors import ArchiveError, BrokerError

FORBIDDEN = "semblante/v1/a/b/records"
Answer = list[str] | BrokerError


class Book:
    """What was noted, in order; it cannot be written as often as it is told."""

    def __init__(self, away: int = 0) -> None:
        self.begun: list[int] = []
        self.noted: list[tuple[int, int]] = []
        self._away = away

    def begin(self, at: int) -> None:
        if self._away:
            self._away -= 1
            raise ArchiveError("the database is away")
        self.begun.append(at)

    def note(self, heard: int, at: int) -> None:
        self.noted.append((heard, at))


class Looking:
    """Answers come in this order; then it waits for ever, so that all before it was taken in."""

    def __init__(self, book: Book, *answers: Answer, pauses: tuple[float, float] = (0, 0)) -> None:
        self._waiting, self._now = list(answers), 0
        self._done, self._end = threading.Event(), threading.Event()
        self._inspection = Inspection(self._look, book, self._now_ms, pauses)

    def run(self) -> None:
        """Until all answers were taken in."""
        self._inspection.start()
        assert self._done.wait(10)
        self._inspection._stopping.set()  # so that the look that waits is not noted
        self._end.set()
        self._inspection.stop()
        assert not self._inspection._thread.is_alive()

    def _now_ms(self) -> int:
        self._now += 1
        return self._now

    def _look(self) -> list[str]:
        if not self._waiting:
            self._done.set()
            self._end.wait(10)
            return []
        answer = self._waiting.pop(0)
        if isinstance(answer, BrokerError):
            raise answer
        return answer


def test_a_broker_that_comes_late_is_looked_at_once_it_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    book = Book()
    Looking(book, BrokerError("not there"), BrokerError("not there"), []).run()
    assert book.begun == [1], "since then it should have been tried"
    assert book.noted == [(0, 2)]
    assert "rights_kept" in capsys.readouterr().out


def test_rights_that_are_not_kept_are_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    book = Book()
    Looking(book, [FORBIDDEN, FORBIDDEN]).run()
    assert book.noted == [(1, 2)]
    told = capsys.readouterr().out
    assert "rights_not_kept" in told
    assert FORBIDDEN in told


def test_each_look_is_noted_and_the_log_tells_what_is_news(
    capsys: pytest.CaptureFixture[str],
) -> None:
    book = Book()
    Looking(book, [], [], [FORBIDDEN], [FORBIDDEN], []).run()
    assert [heard for heard, _ in book.noted] == [0, 0, 1, 1, 0]
    told = capsys.readouterr().out
    assert (told.count("rights_kept"), told.count("rights_not_kept")) == (2, 1)


def test_a_look_that_was_not_possible_notes_nothing() -> None:
    book = Book()
    Looking(book, [FORBIDDEN], BrokerError("not there")).run()
    assert [heard for heard, _ in book.noted] == [1], "what was seen before still stands"


def test_a_database_that_comes_late_misses_nothing() -> None:
    book = Book(away=2)
    Looking(book, []).run()
    assert (len(book.begun), len(book.noted)) == (1, 1)


def test_where_rights_are_not_kept_it_does_not_wait_long() -> None:
    book, for_ever = Book(), 3_600.0
    Looking(book, [FORBIDDEN], BrokerError("not there"), [FORBIDDEN], pauses=(for_ever, 0)).run()
    assert len(book.noted) == 2


def test_while_rights_are_kept_it_waits() -> None:
    first, again = threading.Event(), threading.Event()

    def look() -> list[str]:
        (again if first.is_set() else first).set()
        return []

    inspection = Inspection(look, Book(), lambda: 0, (3_600, 0))
    inspection.start()
    assert first.wait(10)
    assert not again.wait(0.2)
    inspection.stop()
    assert not inspection._thread.is_alive()


def test_it_ends_when_it_is_told_to() -> None:
    def never() -> list[str]:
        raise BrokerError("not there")

    inspection = Inspection(never, Book(), lambda: 0, (60, 60))
    inspection.start()
    inspection.stop()
    inspection._thread.join(10)
    assert not inspection._thread.is_alive()
    Inspection(never, Book(), lambda: 0).stop()
