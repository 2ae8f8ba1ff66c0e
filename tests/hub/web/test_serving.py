"""The server stops promptly although streams are open."""

from __future__ import annotations

import threading
import time

from httpx import Client

from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import CENTRO, STORES, Clock, Site, make_site
from tests.hub.web.conftest import signed_in_browser
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
    assert took < 2.5  # uvicorn alone would wait for ever, or until its patience of 3 s ends
