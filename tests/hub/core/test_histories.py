"""Which words of a kiosk are worth a line in its history."""

from __future__ import annotations

from dataclasses import replace

from hub.core.histories import Happening, Kind, between
from shared.notices import Presence, Status

STATUS = Status("ab" * 8, 3, Presence.ONLINE, "1.0", 900)


def test_the_first_word_is_that_it_came_and_with_which_version() -> None:
    assert between(None, STATUS, 5) == [Happening(5, Kind.CAME), Happening(5, Kind.VERSION, "1.0")]


def test_the_same_again_is_no_news() -> None:
    assert between(STATUS, replace(STATUS, at=901, held_to=7), 5) == []


def test_going_another_version_and_alarms_are() -> None:
    before = replace(STATUS, alarms=("till", "storage"))
    after = replace(STATUS, presence=Presence.OFFLINE, version="1.1", alarms=("storage", "buttons"))
    assert between(before, after, 5) == [
        Happening(5, Kind.WENT),
        Happening(5, Kind.VERSION, "1.1"),
        Happening(5, Kind.ALARM, "buttons"),
        Happening(5, Kind.MENDED, "till"),
    ]
