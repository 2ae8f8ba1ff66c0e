from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.fleet import LastWord, Memory, is_news
from shared.notices import Presence, Status

OLD, NEW = "00" * 8, "11" * 8
ONLINE = Status(OLD, 5, Presence.ONLINE, "1", 1)


def after(*statuses: Status) -> Memory:
    """What is remembered once these came, in this order."""
    memory = Memory()
    for status in statuses:
        if is_news(status, memory):
            numbers = {**memory.connections, status.epoch: status.connection}
            memory = Memory(LastWord(status, 0), numbers)
    return memory


@pytest.mark.parametrize(
    ("before", "status", "news"),
    [
        ([], ONLINE, True),
        ([ONLINE], replace(ONLINE, held_to=3), True),
        ([ONLINE], replace(ONLINE, presence=Presence.OFFLINE), True),
        ([replace(ONLINE, presence=Presence.OFFLINE)], ONLINE, False),
        ([ONLINE], replace(ONLINE, connection=4, presence=Presence.OFFLINE), False),
        ([ONLINE], replace(ONLINE, connection=6), True),
        ([ONLINE], replace(ONLINE, epoch=NEW, connection=1), True),
        ([ONLINE, replace(ONLINE, epoch=NEW, connection=1)], ONLINE, False),
        ([ONLINE, replace(ONLINE, epoch=NEW)], replace(ONLINE, connection=6), True),
    ],
    ids=[
        "the first one",
        "another of the same connection",
        "the will of this connection",
        "a late word after the will of its connection",
        "the late will of an older connection",
        "a new connection",
        "a new card",
        "what the old card once retained",
        "the old card, put back and connected anew",
    ],
)
def test_what_counts_as_the_newest_status(before: list[Status], status: Status, news: bool) -> None:
    assert is_news(status, after(*before)) is news


CONNECTIONS = [
    [replace(ONLINE, connection=number, at=2 * number, presence=presence)
     for presence in (Presence.ONLINE, Presence.OFFLINE)]
    for number in range(1, 5)
]  # fmt: skip


@given(st.permutations(list(itertools.chain(*CONNECTIONS))))
def test_in_whatever_order_they_come_the_last_connection_wins(statuses: list[Status]) -> None:
    last = after(*statuses).last
    assert last is not None
    assert (last.status.connection, last.status.presence) == (4, Presence.OFFLINE)
