"""Live pages over real connections: what a browser hears, when it is sent away, what it costs."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager

import pytest
from httpx import Client
from starlette.types import Message

import hub.web.live
from hub.core.roles import Right, Role
from hub.web.live import Live, Subject
from hub.web.streams import EventStream
from hub.web.viewers import Ticket, Viewer
from shared.places import StoreId
from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import SECRET, Site
from tests.hub.web.conftest import SignIn, signed_in_browser
from tests.parts.hub import wait_until

STORE = StoreId("centro-012")


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


@contextmanager
def open_line(site: Site, browser: Client, url: str) -> Iterator[socket.socket]:
    """A plain connection on which the stream has begun, with a small ear."""
    host, _, port = site.parts.public_url.removeprefix("http://").partition(":")
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(10)
        line.connect((host, int(port)))
        line.sendall(f"GET {url} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n\r\n".encode())
        assert line.recv(12) == b"HTTP/1.1 200"
        yield line


def test_whose_session_ends_is_told_so_on_the_open_page(
    site: Site, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.web.live, "BEAT_SECONDS", 0.1)
    accounts = site.parts.accounts
    guest = accounts.add_user("guest", SECRET, Role.ANALYST)
    url = f"/stores/{STORE}/today/live"
    with closing(signed_in_browser(site, "guest")) as browser, browser.stream("GET", url) as answer:
        pieces = answer.iter_text()
        text = next(pieces)
        while "event: beat" not in text:
            text += next(pieces)
        accounts.set_password(guest.user_id, "another quiet otter", by="test")
        rest = "".join(pieces)  # until the stream ends
    assert rest.endswith("event: signed-out\ndata: \n\n")


def test_each_browser_comes_back_in_its_own_time(sign_in: SignIn) -> None:
    said = set()
    for _ in range(5):
        with sign_in("analyst").stream("GET", f"/stores/{STORE}/today/live") as answer:
            said.add(next(answer.iter_text()).partition("\n")[0])
    assert all(1_000 <= int(line.removeprefix("retry: ")) <= 4_000 for line in said)
    assert len(said) > 1


def test_a_browser_that_goes_away_is_forgotten_at_once(site: Site, sign_in: SignIn) -> None:
    live = site.parts.live
    wait_until(lambda: live.viewers == 0, "whoever looked before is gone")
    with open_line(site, sign_in("analyst"), f"/stores/{STORE}/today/live"):
        wait_until(lambda: live.viewers == 1, "somebody looks")
    wait_until(lambda: live.viewers == 0, "nobody looks any more")


class Counting:
    """A page that is nothing but its number."""

    def __init__(self) -> None:
        self.number, self.drawn = 1, 0

    def version(self, store: StoreId) -> str:
        return str(self.number)

    def draw(self, store: StoreId, language: str) -> Mapping[str, str]:
        self.drawn = self.number
        return {"part": str(self.number)}


class NarrowLine:
    """A connection whose buffer is full after the first edition, until there is room again."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.full, self.room, self.newest = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def send(self, message: Message) -> None:
        first = message.get("body", b"").decode().partition("\n")[0]
        self.sent.append(first)
        if first == "id: 1":
            self.full.set()
            await self.room.wait()
        elif first.startswith("id: "):
            self.newest.set()

    async def receive(self) -> Message:
        await asyncio.Event().wait()
        raise AssertionError("nobody goes away")


def test_who_does_not_read_is_owed_the_newest_edition_and_no_more() -> None:
    async def work() -> None:
        live, line, source = Live(), NarrowLine(), Counting()
        live.offer("page", source)
        viewer = Viewer("en", "", Ticket("t", Right.ANSWERS, STORE))
        stream = EventStream(live, Subject("page", STORE), viewer)
        answering = asyncio.create_task(stream({}, line.receive, line.send))
        await line.full.wait()
        for number in range(2, 6):
            source.number = number
            live.notify(STORE)
            while source.drawn < number:
                await asyncio.sleep(0)
        await asyncio.sleep(0)
        line.room.set()
        await line.newest.wait()
        live.close()
        await answering
        assert line.sent[2:] == ["id: 1", "id: 5", ""]
        assert live.viewers == 0

    asyncio.run(asyncio.wait_for(work(), 20))
