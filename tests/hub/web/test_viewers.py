"""What an open stream is owed: the name of a version says no more than how old a page is at most.

A page is drawn after its version was asked for, so it may hold more than its name says, and two
drawings under one name need not be alike: something may be counted between the two.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import pytest

import hub.web.live
from hub.core.roles import Right
from hub.web.live import Live, Subject
from hub.web.viewers import Ticket, Viewer
from shared.places import StoreId

STORE = StoreId("centro-012")
PAGE = Subject("page", STORE)
SOON = 5.0


class Book:
    """What several processes draw from; `meanwhile` happens once, between version and drawing."""

    def __init__(self) -> None:
        self.number, self.drawn = 1, 0
        self.meanwhile: Callable[[], None] = lambda: None

    def count(self) -> None:
        """Something more was counted."""
        self.number += 1

    def version(self, store: StoreId) -> str:
        number, meanwhile = self.number, self.meanwhile
        self.meanwhile = lambda: None
        meanwhile()
        return f"v{number}"

    def draw(self, store: StoreId, language: str) -> Mapping[str, str]:
        self.drawn += 1
        return {"part-a": f"<b>{self.number}</b>", "part-b": "the same"}


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setattr(hub.web.live, "POLL_SECONDS", 0.05)
    return Book()


def process(book: Book) -> Live:
    """A web process of its own on the same database."""
    live = Live()
    live.offer("page", book)
    return live


class Tab:
    """A page as a browser shows it: what was drawn with it, and whatever its streams brought."""

    def __init__(self, book: Book) -> None:
        self.version = book.version(STORE)
        self.shown = dict(book.draw(STORE, "en"))

    async def looks(self, live: Live, until: str) -> None:
        """Open a stream by the last version known, and close it once this is shown."""
        viewer = Viewer("en", self.version, Ticket("t", Right.ANSWERS, STORE))
        live.join(PAGE, viewer)
        try:
            while self.shown["part-a"] != until:
                self._take((await asyncio.wait_for(viewer.next(), SOON)).decode())
        finally:
            live.leave(PAGE, viewer)

    def _take(self, event: str) -> None:
        head, _, body = event.partition("\n")
        self.version = head.removeprefix("id: ")
        for piece in body.split("<hx-partial ")[1:]:
            name = piece.partition('hx-target="#')[2].partition('"')[0]
            self.shown[name] = piece.partition(">")[2].partition("</hx-partial>")[0]


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 4 * SOON))


def test_what_comes_between_the_drawing_and_the_stream_is_its_first_event(book: Book) -> None:
    tab = Tab(book)
    book.count()
    run(tab.looks(process(book), "<b>2</b>"))
    assert (tab.version, tab.shown["part-b"]) == ("v2", "the same")


def test_what_comes_while_the_page_is_drawn_is_on_it(book: Book) -> None:
    book.meanwhile = book.count
    tab = Tab(book)
    assert tab.shown["part-a"] == "<b>2</b>"
    book.count()
    run(tab.looks(process(book), "<b>3</b>"))


def test_what_comes_while_the_stream_is_drawn_is_not_lost_under_the_older_name(book: Book) -> None:
    tab = Tab(book)
    book.meanwhile = book.count  # the first edition is named v1, and holds what v2 does
    run(tab.looks(process(book), "<b>2</b>"))


def test_the_same_for_whoever_comes_to_a_stream_that_others_look_at(book: Book) -> None:
    async def work() -> None:
        live, first, late = process(book), Tab(book), Tab(book)
        book.meanwhile = book.count
        await asyncio.gather(first.looks(live, "<b>2</b>"), late.looks(live, "<b>2</b>"))

    run(work())


def test_whoever_comes_back_to_another_process_is_brought_up_to_date_there(book: Book) -> None:
    async def work() -> None:
        one, two, tab, other = process(book), process(book), Tab(book), Tab(book)
        book.count()
        await tab.looks(one, "<b>2</b>")
        book.meanwhile = book.count  # the other process draws v3 under the name of v2
        await asyncio.gather(tab.looks(two, "<b>3</b>"), other.looks(two, "<b>3</b>"))
        assert tab.shown == other.shown

    run(work())


def test_who_was_sent_an_edition_is_sent_only_what_changed_since(book: Book) -> None:
    async def work() -> None:
        live = process(book)
        viewer = Viewer("en", "", Ticket("t", Right.ANSWERS, STORE))
        live.join(PAGE, viewer)
        await asyncio.wait_for(viewer.next(), SOON)
        book.count()
        assert b"part-b" not in await asyncio.wait_for(viewer.next(), SOON)
        live.leave(PAGE, viewer)

    run(work())
