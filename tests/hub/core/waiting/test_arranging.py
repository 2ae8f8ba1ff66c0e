"""Usual lines, laid out from a store's registers."""

from __future__ import annotations

import pytest

from hub.core.ports import Point
from hub.core.waiting.arranging import Arrangement, Laid, arranged, registers, serves_itself
from shared.places import PointId, StoreId

STORE = StoreId("centro-012")


def point(name: str, position: int, kind: str = "register") -> Point:
    return Point(STORE, PointId(name), name.replace("-", " ").title(), kind, position)


ONE, TWO, AUTO = point("caja-1", 2), point("caja-2", 1), point("auto-1", 3)
DOOR = point("entrada", 0, "entrance")
FIRST, SECOND, ITSELF = PointId("caja-1"), PointId("caja-2"), PointId("auto-1")
ALL = [ONE, DOOR, AUTO, TWO]


def test_people_stand_before_registers_in_their_order() -> None:
    assert registers(ALL) == [TWO, ONE, AUTO]


def test_one_line_is_served_by_all() -> None:
    assert arranged(Arrangement.ONE_LINE, ALL) == [Laid((SECOND, FIRST, ITSELF))]


def test_each_register_has_a_lane_of_its_own_called_as_it() -> None:
    assert arranged(Arrangement.LANES, ALL) == [
        Laid((SECOND,), "Caja 2", lane=True),
        Laid((FIRST,), "Caja 1", lane=True),
        Laid((ITSELF,), "Auto 1", lane=True),
    ]


def test_a_mixture_has_a_line_for_those_who_serve_themselves() -> None:
    assert arranged(Arrangement.MIXTURE, ALL) == [
        Laid((SECOND, FIRST)),
        Laid((ITSELF,), alone=True),
    ]


def test_where_nobody_serves_themselves_a_mixture_is_one_line() -> None:
    assert arranged(Arrangement.MIXTURE, [ONE]) == [Laid((FIRST,))]
    assert arranged(Arrangement.MIXTURE, [AUTO]) == [Laid((ITSELF,), alone=True)]


@pytest.mark.parametrize("how", Arrangement)
def test_a_store_without_registers_has_no_lines(how: Arrangement) -> None:
    assert arranged(how, [DOOR]) == []


@pytest.mark.parametrize(
    ("name", "alone"),
    [
        ("Autocobro 2", True),
        ("Self-checkout", True),
        ("SCO 4", True),
        ("Caja 3", False),
        ("Tabaco", False),
        ("Disco", False),
        ("Checkout 1", False),
    ],
)
def test_self_checkout_is_known_by_its_name(name: str, alone: bool) -> None:
    assert serves_itself(Point(STORE, PointId("x"), name)) is alone
