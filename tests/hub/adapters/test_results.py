"""What is told in the database; with its service it is tested in tests/hub/test_results.py."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from hub.adapters.results import SqlResults
from hub.core.results import HELD, WAITING, Closing, Key, Line, Stored, Sum
from shared.errors import ArchiveError
from shared.moments import Moment
from shared.places import PointId, StoreId
from shared.questionnaires import Response
from shared.visits import Input

KEY = Key(StoreId("centro"), "q", 1)
AT = Moment(1, 1, True)
LINE, SUM = Line("tidy", "language", "es"), Sum(5, {"4": 3, "5": 2})


def test_what_a_week_tells_comes_back_and_what_waits_is_written_over(engine: Engine) -> None:
    book = SqlResults(engine)
    assert book.last_week(KEY) == 0
    book.close(KEY, 20251124, Closing({LINE: SUM}, {LINE: SUM}, {Line("more"): Sum(1)}), {})
    book.close(KEY, 20251201, Closing({}, {}, {Line("more"): Sum(2)}), {})
    assert book.last_week(KEY) == 20251124  # a week of nobody tells nothing
    assert [(one.week, one.line, one.sum) for one in book.told("q", 1, [KEY.store_id])] == [
        (20251124, LINE, SUM)
    ]
    assert book.kept(KEY, HELD) == {}
    assert book.kept(KEY, WAITING) == {Line("more"): Sum(2)}
    assert book.told("q", 1, []) == book.told("q", 2, [KEY.store_id]) == []


def test_two_processes_never_close_the_same_week(engine: Engine) -> None:
    gone = Stored(
        1, 1, Response(PointId("caja-1"), "b" * 32, "q", 1, "es", Input.TOUCH, AT, AT, True)
    )
    book = SqlResults(engine)
    with pytest.raises(ArchiveError):
        book.close(KEY, 20251124, Closing({LINE: SUM}, {}, {}), {gone.place: True})
    assert book.told("q", 1, [KEY.store_id]) == []
