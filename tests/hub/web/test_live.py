"""Live streams: what is sent, when, to whom, and that nothing is read where nobody looks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

import pytest

import hub.web.live
from hub.core.roles import Right
from hub.web.live import Live, Subject
from hub.web.viewers import Ticket, Viewer
from shared.errors import ArchiveError
from shared.places import StoreId

STORE = StoreId("centro-012")
PAGE = Subject("page", STORE)
SOON = 5.0
"""Seconds until a test gives up waiting; what it waits for takes milliseconds."""


class Source:
    """A page of two parts, of which one counts the versions."""

    def __init__(self) -> None:
        self.number, self.asked, self.drawn = 1, 0, 0
        self.fault: Exception | None = None
        self.moves = True

    def version(self, store: StoreId) -> str:
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        return f"v{self.number}"

    def draw(self, store: StoreId, language: str) -> Mapping[str, str]:
        self.drawn += 1
        number = self.number if self.moves else 1
        return {"part-a": f"<b>{language} {number}</b>\nsecond line", "part-b": "the same"}


class Browser:
    """One browser that looks, with a ticket of its own."""

    def __init__(
        self, live: Live, language: str = "en", version: str = "", token: str = "t"
    ) -> None:
        self._live = live
        self._viewer = Viewer(language, version, Ticket(token, Right.ANSWERS, STORE))
        live.join(PAGE, self._viewer)

    async def next(self) -> str:
        """What is sent next."""
        return (await asyncio.wait_for(self._viewer.next(), SOON)).decode()

    async def ended(self) -> bool:
        """Whether nothing more comes."""
        return await self.next() == ""

    def is_due(self) -> None:
        """Be asked about in the next round."""
        self._viewer.due = 0.0

    def leave(self) -> None:
        """Close the browser."""
        self._live.leave(PAGE, self._viewer)


class Door:
    """Says who may go on: everybody but those who are named; counts how often it is asked."""

    def __init__(self) -> None:
        self.gone: set[str] = set()
        self.asked: list[int] = []
        self.fault: Exception | None = None

    def __call__(self, tickets: Sequence[Ticket]) -> list[bool]:
        self.asked.append(len(tickets))
        if self.fault is not None:
            raise self.fault
        return [ticket.token not in self.gone for ticket in tickets]


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def live(source: Source, door: Door) -> Live:
    live = Live()
    live.offer("page", source)
    live.judge_by(door)
    return live


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beats that come at once."""
    monkeypatch.setattr(hub.web.live, "BEAT_SECONDS", 0.05)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 4 * SOON))


def test_whoever_comes_gets_the_page_as_it_is_now(live: Live) -> None:
    async def work() -> None:
        viewer = Browser(live)
        assert await viewer.next() == (
            "id: v1\n"
            'data: <hx-partial hx-target="#part-a" hx-swap="innerMorph"><b>en 1</b>\n'
            'data: second line</hx-partial><hx-partial hx-target="#part-b" hx-swap="innerMorph">'
            "the same</hx-partial>\n\n"
        )
        viewer.leave()

    run(work())


def test_a_new_version_is_sent_as_soon_as_it_is_told_and_only_what_changed(
    live: Live, source: Source
) -> None:
    async def work() -> None:
        viewer = Browser(live)
        await viewer.next()
        source.number = 2
        threading.Thread(target=live.notify, args=(STORE,)).start()
        text = await viewer.next()
        assert text.startswith("id: v2\n")
        assert "en 2" in text
        assert "part-b" not in text
        viewer.leave()

    run(work())


def test_a_browser_that_has_the_version_already_is_sent_nothing_but_beats(
    live: Live, quick: None
) -> None:
    async def work() -> None:
        viewer = Browser(live, version="v1")
        assert await viewer.next() == "event: beat\ndata: \n\n"
        viewer.leave()

    run(work())


def test_another_process_that_counted_is_noticed_without_being_told(
    live: Live, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.web.live, "POLL_SECONDS", 0.05)

    async def work() -> None:
        viewer = Browser(live)
        await viewer.next()
        source.number = 2
        assert "en 2" in await viewer.next()
        viewer.leave()

    run(work())


def test_five_hundred_viewers_cost_one_drawing_for_each_language(
    live: Live, source: Source
) -> None:
    async def work() -> None:
        viewers = [Browser(live, "es" if n % 2 else "en") for n in range(500)]
        await asyncio.gather(*[viewer.next() for viewer in viewers])
        assert live.viewers == 500
        source.number, source.drawn = 2, 0
        live.notify(STORE)
        texts = await asyncio.gather(*[viewer.next() for viewer in viewers])
        assert source.drawn == 2
        assert sorted({text[:6] for text in texts}) == ["id: v2"]
        assert sum("es 2" in text for text in texts) == 250
        for viewer in viewers:
            viewer.leave()
        assert live.viewers == 0

    run(work())


def test_a_slow_viewer_skips_versions_and_is_sent_the_whole_page_then(
    live: Live, source: Source
) -> None:
    async def work() -> None:
        slow, quick = Browser(live), Browser(live)
        await slow.next()
        await quick.next()
        for number in (2, 3, 4):
            source.number = number
            live.notify(STORE)
            assert f"en {number}" in await quick.next()
        text = await slow.next()
        assert text.startswith("id: v4\n")
        assert "part-b" in text
        slow.leave()
        quick.leave()

    run(work())


def test_nothing_is_read_where_nobody_looks(live: Live, source: Source) -> None:
    live.notify(STORE)  # nobody ever looked: not even a loop is there

    async def work() -> None:
        viewer = Browser(live)
        await viewer.next()
        viewer.leave()
        asked = source.asked
        for _ in range(10):
            live.notify(STORE)
            await asyncio.sleep(0)
        assert source.asked == asked
        assert live.viewers == 0

    run(work())
    live.notify(STORE)  # the loop is closed by now


@pytest.mark.parametrize("fault", [ArchiveError("away"), ZeroDivisionError()])
def test_a_fault_does_not_end_the_stream(live: Live, source: Source, fault: Exception) -> None:
    async def work() -> None:
        viewer = Browser(live)
        await viewer.next()
        source.fault = fault
        live.notify(STORE)
        while source.asked < 2:
            await asyncio.sleep(0)
        source.fault, source.number = None, 2
        live.notify(STORE)
        assert "en 2" in await viewer.next()
        viewer.leave()

    run(work())


def test_closing_ends_every_stream(live: Live) -> None:
    async def work() -> None:
        viewers = [Browser(live) for _ in range(3)]
        for viewer in viewers:
            await viewer.next()
        waiting = [asyncio.create_task(viewer.ended()) for viewer in viewers]
        live.close()
        assert await asyncio.gather(*waiting) == [True, True, True]
        assert await Browser(live).ended()

    run(work())


def test_who_may_no_longer_look_is_told_and_the_stream_ends(
    live: Live, door: Door, quick: None
) -> None:
    door.gone.add("gone")

    async def work() -> None:
        stays, goes = Browser(live, version="v1"), Browser(live, version="v1", token="gone")
        assert await goes.next() == "event: signed-out\ndata: \n\n"
        assert await goes.ended()
        assert await stays.next() == "event: beat\ndata: \n\n"
        stays.leave()
        goes.leave()

    run(work())


def test_where_nobody_says_who_may_look_nobody_goes_on(source: Source, quick: None) -> None:
    async def work() -> None:
        live = Live()
        live.offer("page", source)
        viewer = Browser(live, version="v1")
        assert await viewer.next() == "event: signed-out\ndata: \n\n"
        viewer.leave()

    run(work())


def test_a_page_that_never_rests_is_no_way_to_look_on_for_ever(
    live: Live, source: Source, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kiosks' page, which moves more often than beats come."""
    monkeypatch.setattr(hub.web.live, "BEAT_SECONDS", 0.3)
    door.gone.add("t")

    async def work() -> None:
        viewer = Browser(live)
        heard = ""
        for number in range(2, 40):
            heard = await viewer.next()
            if heard.startswith("event: signed-out"):
                break
            source.number = number
            live.notify(STORE)
        assert heard.startswith("event: signed-out")
        assert await viewer.ended()
        viewer.leave()

    run(work())


def test_all_who_are_due_are_asked_about_in_one_question(
    live: Live, door: Door, quick: None
) -> None:
    async def work() -> None:
        viewers = [Browser(live, version="v1", token=f"t{n}") for n in range(500)]
        for viewer in viewers:
            viewer.is_due()
        beats = await asyncio.gather(*[viewer.next() for viewer in viewers])
        assert set(beats) == {"event: beat\ndata: \n\n"}
        assert door.asked[0] == 500
        for viewer in viewers:
            viewer.leave()

    run(work())


@pytest.mark.parametrize("fault", [ArchiveError("away"), ZeroDivisionError()])
def test_while_it_is_not_known_who_may_go_on_nothing_is_sent(
    live: Live, source: Source, door: Door, quick: None, fault: Exception
) -> None:
    async def work() -> None:
        viewer = Browser(live)
        await viewer.next()
        door.fault = fault
        while len(door.asked) < 2:
            await asyncio.sleep(0)
        source.number = 2
        live.notify(STORE)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(viewer.next(), 0.2)
        door.fault = None
        assert await viewer.next() == "event: beat\ndata: \n\n"
        assert "en 2" in await viewer.next()
        viewer.leave()

    run(work())


def test_a_version_that_looks_the_same_wakes_nobody(live: Live, source: Source) -> None:
    source.moves = False

    async def work() -> None:
        viewer = Browser(live)
        await viewer.next()
        source.number = 2
        live.notify(STORE)
        while source.drawn < 2:
            await asyncio.sleep(0)
        source.number, source.moves = 3, True
        live.notify(STORE)
        text = await viewer.next()
        assert text.startswith("id: v3\n")
        assert "part-b" not in text  # it did have version 2
        viewer.leave()

    run(work())
