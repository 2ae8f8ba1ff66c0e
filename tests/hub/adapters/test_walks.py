"""Walks in the database; with the archive they are tested in tests/hub/test_responses.py."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.walks import SqlWalks
from hub.core.ports import Entries
from hub.core.responses import Walk
from shared.links import Link
from shared.places import KioskId, PointId, StoreId

LINK = Link(KioskId("k-1"), PointId("caja-1"), "q", 1, 29_000_000, b"nonce!")
WALK = Walk(LINK, StoreId("centro"), "es", "s", 5, 5, {})


def test_a_walk_comes_back_as_it_was_kept(engine: Engine) -> None:
    walks = SqlWalks(engine)
    assert walks.find(WALK.key) is None
    assert walks.begin(WALK)
    assert not walks.begin(replace(WALK, secret="other"))
    walks.keep(WALK.key, {"a": 1, "b": "ñ", "c": ["x", "y"]}, 9)
    assert walks.find(WALK.key) == replace(
        WALK, answers={"a": 1, "b": "ñ", "c": ["x", "y"]}, seen=9
    )


def test_idle_are_those_that_were_not_seen_and_have_not_ended(engine: Engine) -> None:
    walks = SqlWalks(engine)
    walks.begin(WALK)
    other = replace(WALK, link=replace(LINK, nonce=b"other!"), seen=7)
    walks.begin(other)
    assert walks.idle(5) == []
    assert walks.idle(6) == [WALK]
    with SqlArchive(engine).page() as page:
        page.write(Entries(8, ended=[WALK.key]))
    assert walks.idle(9) == [other]
    walks.keep(WALK.key, {"a": 1}, 9)
    assert walks.find(WALK.key) == replace(WALK, done_at=8)


def test_links_of_long_ago_are_forgotten(engine: Engine) -> None:
    walks = SqlWalks(engine)
    walks.begin(WALK)
    assert walks.forget(LINK.minute) == 0
    assert walks.forget(LINK.minute + 1) == 1
    assert walks.find(WALK.key) is None
