"""Phones are offered where people can reach the hub, each kiosk with a key of its own."""

from __future__ import annotations

from types import SimpleNamespace

from fastapi import FastAPI
from httpx import Client
from sqlalchemy import Engine

from hub.adapters import recount
from hub.sections import Web
from hub.settings import Settings
from hub.web.assets import Assets
from hub.web.live import Live
from hub.web.phoning import PhonePages
from hub.wiring.answering import (
    every_minute,
    phone_pages,
    phones_of,
    responses_of,
    results_of,
)
from hub.wiring.opening import now_ms
from shared.links import MINUTE_MS, Link, token
from shared.notices import Phone
from shared.places import KioskId, PointId
from tests.fakes.metrics import FakeMetrics
from tests.hub.web.building import NOW, STORES, desk_of, make_places
from tests.parts.web import listening, serving
from tests.shared.questionnaires import EVERY_KIND

KIOSK = KioskId("k-012-01")
DAY_MS = 86_400_000


def test_without_an_address_that_people_can_reach_there_is_no_phone(engine: Engine) -> None:
    assert phones_of(Settings(), engine)(KioskId("k-1")) is None


def test_each_kiosk_signs_with_its_own_key_and_the_hub_reads_it(engine: Engine) -> None:
    settings = Settings(web=Web(public_url="https://hub.example"))
    offered = [phones_of(settings, engine)(KioskId(name)) for name in ("k-1", "k-2", "k-1")]
    assert offered[0] == offered[2]
    assert isinstance(offered[0], Phone)
    assert isinstance(offered[1], Phone)
    assert offered[0].key != offered[1].key
    made = Link(KioskId("k-1"), PointId("caja-1"), "q", 1, NOW // MINUTE_MS, b"nonce!")
    opened = responses_of(engine).open(token(made, offered[0].key), "", "192.0.2.1")
    assert opened == "expired"  # by the real clock; and so it was read
    assert responses_of(engine).open(token(made, offered[1].key), "", "192.0.2.1") == "forged"


def test_what_phones_answer_to_the_hub_is_told_when_the_week_is_over(engine: Engine) -> None:
    make_places(engine, NOW)
    desk_of(engine, now_ms).make(EVERY_KIND, STORES[0].store_id, "test")
    settings = Settings(web=Web(public_url="https://hub.example"))
    phone = phones_of(settings, engine)(KIOSK)
    assert phone is not None
    app = FastAPI()
    app.state.parts = SimpleNamespace(secure=False)
    app.include_router(phone_pages(engine, FakeMetrics(), PhonePages(Assets())))
    english = {"accept-language": "en"}
    with (
        listening() as (listener, url),
        serving(app, Live(), listener),
        Client(base_url=url, headers=english, follow_redirects=True) as browser,
    ):
        for number in range(5):
            nonce = number.to_bytes(6, "big")
            made = Link(KIOSK, PointId("caja-1"), "q", 1, now_ms() // MINUTE_MS, nonce)
            path = f"/q/{token(made, phone.key)}"
            assert "Begin" in browser.get(path).text
            browser.post(path, data={"action": "begin", "language": "en"})
            browser.post(path, data={"question": "tidy", "answer": "4"})
            form = {"action": "leave", "question": "friend", "answer": "9"}
            assert "Your answers were received" in browser.post(path, data=form).text
    results = results_of(engine, 5)
    assert results.close(now_ms()) == 0
    assert results.close(now_ms() + 8 * DAY_MS) == 1
    view = results.view("q", 1, STORES)
    assert view is not None
    assert (view.partial, view.complete, view.unfit) == (5, 0, 0)
    assert {one.question.id: one.summary.n for one in view.questions if one.summary.n} == {
        "tidy": 5,
        "friend": 5,
    }
    assert recount.verify(engine).differences == ()


def test_what_is_due_every_minute_is_done(engine: Engine) -> None:
    work = every_minute(Settings(), engine, FakeMetrics())
    assert sorted(work) == ["phones", "results", "waits", "whatifs"]
    assert [one() for one in work.values()] == [0, 0, None, None]
