"""Phones are offered where people can reach the hub, each kiosk with a key of its own."""

from __future__ import annotations

from sqlalchemy import Engine

from hub.settings import Settings, Web
from hub.wiring.answering import phones_of, responses_of
from shared.links import Link, token
from shared.notices import Phone
from shared.places import KioskId, PointId
from tests.hub.web.building import NOW


def test_without_an_address_that_people_can_reach_there_is_no_phone(engine: Engine) -> None:
    assert phones_of(Settings(), engine)(KioskId("k-1")) is None


def test_each_kiosk_signs_with_its_own_key_and_the_hub_reads_it(engine: Engine) -> None:
    settings = Settings(web=Web(public_url="https://hub.example"))
    offered = [phones_of(settings, engine)(KioskId(name)) for name in ("k-1", "k-2", "k-1")]
    assert offered[0] == offered[2]
    assert isinstance(offered[0], Phone)
    assert isinstance(offered[1], Phone)
    assert offered[0].key != offered[1].key
    made = Link(KioskId("k-1"), PointId("caja-1"), "q", 1, NOW // 60_000, b"nonce!")
    opened = responses_of(engine).open(token(made, offered[0].key), "", "192.0.2.1")
    assert opened == "expired"  # by the real clock; and so it was read
    assert responses_of(engine).open(token(made, offered[1].key), "", "192.0.2.1") == "forged"
