from __future__ import annotations

from hub.core.ports import Point, Store
from hub.core.programme import for_point, next_serial
from shared.places import PointId, StoreId
from shared.programme import default_programme

STORE = Store(StoreId("centro"), "Mercado Centro", "Europe/Madrid")


def test_a_point_without_a_till_always_asks() -> None:
    told = {
        kind: for_point(default_programme(1), STORE, Point(STORE.store_id, PointId("a"), "A", kind))
        for kind in ("register", "entrance")
    }
    assert not told["register"].always_on
    assert told["entrance"].always_on
    assert told["entrance"].store_name == "Mercado Centro"


def test_a_serial_is_above_the_last_one_even_where_the_clock_went_back() -> None:
    assert next_serial(None, 1000) == 1000
    assert next_serial(5000, 1000) == 5001
    assert next_serial(500, 1000) == 1000
