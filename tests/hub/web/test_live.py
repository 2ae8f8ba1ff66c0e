"""Live streams: what is sent, when, to whom, and that nothing is read where nobody looks."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any

import pytest
from httpx import Client

import hub.web.live
from hub.web.live import Live, Subject
from shared.errors import ArchiveError
from shared.places import StoreId
from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import Site
from tests.hub.web.conftest import SignIn

STORE = StoreId("centro-012")
PAGE = Subject("page", STORE)
SOON = 5.0
"""Seconds until a test gives up waiting; what it waits for takes milliseconds."""


class Source:
    """A page of two parts, of which one counts the versions."""

    def __init__(self) -> None:
        self.number, self.asked, self.drawn = 1, 0, 0
        self.fault: Exception | None = None

    def version(self, store: StoreId) -> str:
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        return f"v{self.number}"

    def draw(self, store: StoreId, language: str) -> Mapping[str, str]:
        self.drawn += 1
        return {"part-a": f"<b>{language} {self.number}</b>\nsecond line", "part-b": "the same"}


class Viewer:
    """One browser's end of a stream."""

    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self._stream = stream

    async def next(self) -> str:
        """The next event that is not the word about retrying."""
        while True:
            text = (await asyncio.wait_for(anext(self._stream), SOON)).decode()
            if not text.startswith("retry:"):
                return text

    async def ended(self) -> bool:
        """Whether nothing more comes."""
        try:
            await self.next()
        except StopAsyncIteration:
            return True
        return False

    async def leave(self) -> None:
        """Close the browser."""
        await self._stream.aclose()  # type: ignore[attr-defined]


def yes() -> bool:
    return True


def see(
    live: Live, language: str = "en", version: str = "", still: Callable[[], bool] = yes
) -> Viewer:
    return Viewer(live.stream(PAGE, language, version, still))


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def live(source: Source) -> Live:
    live = Live()
    live.offer("page", source)
    return live


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beats that come at once."""
    monkeypatch.setattr(hub.web.live, "BEAT_SECONDS", 0.05)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 4 * SOON))


def test_whoever_comes_gets_the_page_as_it_is_now(live: Live) -> None:
    async def work() -> None:
        viewer = see(live)
        assert await viewer.next() == (
            "id: v1\n"
            'data: <hx-partial hx-target="#part-a" hx-swap="innerMorph"><b>en 1</b>\n'
            'data: second line</hx-partial><hx-partial hx-target="#part-b" hx-swap="innerMorph">'
            "the same</hx-partial>\n\n"
        )
        await viewer.leave()

    run(work())


def test_a_new_version_is_sent_as_soon_as_it_is_told_and_only_what_changed(
    live: Live, source: Source
) -> None:
    async def work() -> None:
        viewer = see(live)
        await viewer.next()
        source.number = 2
        threading.Thread(target=live.notify, args=(STORE,)).start()
        text = await viewer.next()
        assert text.startswith("id: v2\n")
        assert "en 2" in text
        assert "part-b" not in text
        await viewer.leave()

    run(work())


def test_a_browser_that_has_the_version_already_is_sent_nothing_but_beats(
    live: Live, quick: None
) -> None:
    async def work() -> None:
        viewer = see(live, version="v1")
        assert await viewer.next() == "event: beat\ndata: \n\n"
        await viewer.leave()

    run(work())


def test_another_process_that_counted_is_noticed_without_being_told(
    live: Live, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.web.live, "POLL_SECONDS", 0.05)

    async def work() -> None:
        viewer = see(live)
        await viewer.next()
        source.number = 2
        assert "en 2" in await viewer.next()
        await viewer.leave()

    run(work())


def test_five_hundred_viewers_cost_one_drawing_for_each_language(
    live: Live, source: Source
) -> None:
    async def work() -> None:
        viewers = [see(live, "es" if n % 2 else "en") for n in range(500)]
        await asyncio.gather(*[viewer.next() for viewer in viewers])
        assert live.viewers == 500
        source.number, source.drawn = 2, 0
        live.notify(STORE)
        texts = await asyncio.gather(*[viewer.next() for viewer in viewers])
        assert source.drawn == 2
        assert sorted({text[:6] for text in texts}) == ["id: v2"]
        assert sum("es 2" in text for text in texts) == 250
        for viewer in viewers:
            await viewer.leave()
        assert live.viewers == 0

    run(work())


def test_a_slow_viewer_skips_versions_and_is_sent_the_whole_page_then(
    live: Live, source: Source
) -> None:
    async def work() -> None:
        slow, quick = see(live), see(live)
        await slow.next()
        await quick.next()
        for number in (2, 3, 4):
            source.number = number
            live.notify(STORE)
            assert f"en {number}" in await quick.next()
        text = await slow.next()
        assert text.startswith("id: v4\n")
        assert "part-b" in text
        await slow.leave()
        await quick.leave()

    run(work())


def test_nothing_is_read_where_nobody_looks(live: Live, source: Source) -> None:
    live.notify(STORE)  # nobody ever looked: not even a loop is there

    async def work() -> None:
        viewer = see(live)
        await viewer.next()
        await viewer.leave()
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
        viewer = see(live)
        await viewer.next()
        source.fault = fault
        live.notify(STORE)
        while source.asked < 2:
            await asyncio.sleep(0)
        source.fault, source.number = None, 2
        live.notify(STORE)
        assert "en 2" in await viewer.next()
        await viewer.leave()

    run(work())


def test_closing_ends_every_stream(live: Live) -> None:
    async def work() -> None:
        viewers = [see(live) for _ in range(3)]
        for viewer in viewers:
            await viewer.next()
        waiting = [asyncio.create_task(viewer.ended()) for viewer in viewers]
        live.close()
        assert await asyncio.gather(*waiting) == [True, True, True]
        assert await see(live).ended()

    run(work())


def test_who_may_no_longer_look_is_told_and_the_stream_ends(live: Live, quick: None) -> None:
    async def work() -> None:
        viewer = see(live, version="v1", still=lambda: False)
        assert await viewer.next() == "event: signed-out\ndata: \n\n"
        assert await viewer.ended()

    run(work())


def test_a_page_that_never_rests_is_no_way_to_look_on_for_ever(
    live: Live, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kiosks' page, which moves more often than beats come."""
    monkeypatch.setattr(hub.web.live, "BEAT_SECONDS", 0.3)

    async def work() -> None:
        viewer = see(live, still=lambda: False)
        heard = ""
        for number in range(2, 40):
            heard = await viewer.next()
            if heard.startswith("event: signed-out"):
                break
            source.number = number
            live.notify(STORE)
        assert heard.startswith("event: signed-out")
        assert await viewer.ended()

    run(work())


# ── over a real connection ───────────────────────────────────────────────────────────────────────


def events(browser: Client, url: str, wanted: int, then: Callable[[int], None]) -> list[str]:
    """So many events of a stream; `then` is called after each, with its number."""
    found: list[str] = []
    with browser.stream("GET", url) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        text = ""
        for piece in answer.iter_text():
            text += piece
            while "\n\n" in text:
                event, _, text = text.partition("\n\n")
                if event.startswith("id: "):
                    found.append(event)
                    then(len(found))
                    if len(found) == wanted:
                        return found
    return found


def test_a_step_is_on_the_open_page_without_reloading(
    site: Site, sign_in: SignIn, reports: HandmadeReports
) -> None:
    browser = sign_in("manager")

    def move(count: int) -> None:
        if count == 1:
            reports.move()
            site.parts.live.notify(STORE)

    page = browser.get(f"/stores/{STORE}/today").text
    shown = re.findall(r"<strong>(\d\d\.\d)</strong>", page)[0]
    first, second = events(browser, f"/stores/{STORE}/today/live", 2, move)
    assert f"<strong>{shown}</strong>" in first
    assert f"<strong>{float(shown) + 0.1:.1f}</strong>" in second
    assert "part-answers" in first
    assert "part-answers" not in second  # nothing changed there


def test_the_kiosks_page_moves_when_a_kiosk_goes(site: Site, sign_in: SignIn) -> None:
    [first] = events(sign_in("technician"), f"/stores/{STORE}/kiosks/live", 1, lambda _: None)
    assert "k-012-05" in first
    assert "part-kiosks" in first


def test_a_technicians_stream_holds_no_answer(sign_in: SignIn) -> None:
    assert sign_in("technician").get(f"/stores/{STORE}/today/live").status_code == 403


def test_a_program_that_is_not_signed_in_is_told_401(stranger: Client) -> None:
    headers = {"accept": "text/html, text/event-stream"}
    assert stranger.get(f"/stores/{STORE}/today/live", headers=headers).status_code == 401
