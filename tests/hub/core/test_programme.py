from __future__ import annotations

from dataclasses import replace

from hub.core.ports import Point, Store
from hub.core.programme import for_point, next_serial
from shared.notices import Phone
from shared.places import PointId, StoreId
from shared.programme import default_programme
from tests.shared.questionnaires import EVERY_KIND

STORE = Store(StoreId("centro"), "Mercado Centro", "Europe/Madrid")


def test_a_point_without_a_till_always_asks() -> None:
    told = {
        kind: for_point(default_programme(1), STORE, Point(STORE.store_id, PointId("a"), "A", kind))
        for kind in ("register", "entrance")
    }
    assert not told["register"].always_on
    assert told["entrance"].always_on
    assert told["entrance"].store_name == "Mercado Centro"


def test_a_glass_sleeps_by_the_hours_of_its_store_where_these_are_part_of_a_day() -> None:
    point = Point(STORE.store_id, PointId("a"), "A")
    for opens, closes, sleeps in ((9, 21, (9, 21)), (0, 24, (0, 24)), (18, 2, (0, 24))):
        store = replace(STORE, opens=opens, closes=closes)
        kept = for_point(default_programme(1), store, point).keeping
        assert (kept.zone, (kept.opens, kept.closes)) == ("Europe/Madrid", sleeps)


def test_only_where_there_is_a_questionnaire_a_phone_is_told_of() -> None:
    point, phone = Point(STORE.store_id, PointId("a"), "A"), Phone("https://a.example", "0" * 64)
    programme = default_programme(1)
    assert for_point(programme, STORE, point, phone).phone is None
    asking = replace(programme, questionnaire=EVERY_KIND)
    assert for_point(asking, STORE, point, phone).phone == phone


def test_a_serial_is_above_the_last_one_even_where_the_clock_went_back() -> None:
    assert next_serial(None, 1000) == 1000
    assert next_serial(5000, 1000) == 5001
    assert next_serial(500, 1000) == 1000
