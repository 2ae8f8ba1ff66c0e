"""The server stops promptly although streams are open."""

from __future__ import annotations

import threading
import time

import pytest
from httpx import Client

from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import CENTRO, STORES, Clock, Site, make_site
from tests.hub.web.conftest import browser_of, csrf_of, signed_in_browser
from tests.parts.web import listening, serving


def test_an_open_stream_does_not_hold_up_the_end(site: Site, clock: Clock) -> None:
    ended = threading.Event()

    def read_to_the_end(browser: Client, begun: threading.Event) -> None:
        with browser.stream("GET", f"/stores/{CENTRO}/today/live") as answer:
            for _ in answer.iter_bytes():
                begun.set()
        ended.set()

    with listening() as (listener, url):
        ours = make_site(site.engine, HandmadeReports(STORES), clock, public_url=url)
        with serving(ours.app, ours.parts.live, listener):
            browser, begun = signed_in_browser(ours, "analyst"), threading.Event()
            reader = threading.Thread(target=read_to_the_end, args=(browser, begun))
            reader.start()
            assert begun.wait(10)
            told = time.monotonic()
        took = time.monotonic() - told
    reader.join(10)
    browser.close()
    assert ended.is_set()
    assert took < 4  # uvicorn alone would wait until the 8 s of this test's server are over


@pytest.mark.parametrize(
    ("trusted", "believed"),
    [((), "127.0.0.1"), (("192.0.2.0/24",), "127.0.0.1"), (("127.0.0.0/8",), "198.51.100.7")],
)
def test_what_is_said_of_where_a_request_comes_from_is_believed_of_trusted_proxies_alone(
    site: Site, clock: Clock, trusted: tuple[str, ...], believed: str
) -> None:
    with listening() as (listener, url):
        ours = make_site(site.engine, HandmadeReports(STORES), clock, public_url=url)
        with (
            serving(ours.app, ours.parts.live, listener, trusted),
            browser_of(ours) as browser,
        ):
            browser.headers["x-forwarded-for"] = "198.51.100.7"
            token = csrf_of(browser.get("/sign-in").text)
            form = {"name": "nobody", "password": "wrong password", "csrf": token}
            assert browser.post("/sign-in", data=form).status_code == 401
    refused = ours.parts.accounts.audit(1)[0].note
    assert (refused.action, refused.detail) == ("sign-in refused", believed)
