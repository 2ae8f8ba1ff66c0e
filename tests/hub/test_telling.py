"""Facts by web pages: typed ones are marked and noted, a sensor's are as they came."""

from __future__ import annotations

import pytest

from hub.core.accounts import Note
from hub.core.sensing import Unheard
from hub.core.waiting.facts import Counted, Entered, LineId, Source
from hub.telling import Telling
from shared.errors import WordError
from shared.places import StoreId
from shared.sensing import Count, Passing, Way
from tests.fakes.tellings import FakeTellings

CENTRO, LINE = StoreId("centro-012"), LineId("line-1")


def test_a_typed_count_is_marked_as_typed_and_noted() -> None:
    kept = FakeTellings()
    Telling(kept, lambda: 77).typed(CENTRO, LINE, 6, "ana")
    assert kept.waiting == [Unheard(CENTRO, 77, Counted(77, LINE, 6, Source.TYPED))]
    assert kept.notes == [Note(77, "ana", "count typed", "centro-012/line-1", "6")]


def test_a_line_without_a_name_is_refused_before_it_is_noted() -> None:
    kept = FakeTellings()
    with pytest.raises(WordError):
        Telling(kept, lambda: 77).typed(CENTRO, LineId("Line 1"), 6, "ana")
    assert (kept.waiting, kept.notes) == ([], [])


def test_what_a_sensor_tells_is_of_its_own_time_and_noted_by_nobody() -> None:
    kept = FakeTellings()
    Telling(kept, lambda: 77).sensed(
        CENTRO, [Count("line-1", 6, 70), Passing("line-1", Way.ENTERED)]
    )
    facts = [Counted(70, LINE, 6), Entered(77, LINE)]
    assert kept.waiting == [Unheard(CENTRO, 77, fact) for fact in facts]
    assert kept.notes == []
