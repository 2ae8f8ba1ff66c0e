"""What services take: drawn towards broader knowledge, never moved by nonsense."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.services import KEPT, LONGEST, USUAL_MS, USUAL_SQUARE, Services, Sum
from shared.places import PointId

ONE, OTHER = PointId("caja-1"), PointId("caja-2")


def taught(services: Services, point: PointId, hour: int, ms: float, times: int) -> Services:
    for _ in range(times):
        services = services.learned(point, hour, ms)
    return services


def test_nothing_known_is_a_usual_checkout() -> None:
    service = Services().of(ONE, 9)
    assert service.mean == pytest.approx(USUAL_MS)
    assert service.square == USUAL_SQUARE


def test_a_register_is_believed_the_more_it_has_shown() -> None:
    few = taught(Services(), ONE, 9, 60_000, 5).of(ONE, 9).mean
    many = taught(Services(), ONE, 9, 60_000, 500).of(ONE, 9).mean
    assert 60_000 < many < few < USUAL_MS
    assert many == pytest.approx(60_000, rel=0.05)


def test_a_new_register_is_as_its_store_and_a_new_hour_as_its_register() -> None:
    known = taught(taught(Services(), ONE, 9, 60_000, 300), OTHER, 9, 120_000, 300)
    assert known.of(PointId("caja-3"), 9).mean == pytest.approx(90_000, rel=0.05)
    assert known.of(ONE, 20).mean == pytest.approx(60_000, rel=0.12)
    assert known.of(ONE, 20).doubt > known.of(ONE, 9).doubt


def test_a_break_and_a_copy_are_no_services() -> None:
    known = taught(Services(), ONE, 9, 90_000, 50)
    assert known.learned(ONE, 9, LONGEST * 95_000) is known
    assert known.learned(ONE, 9, 500) is known
    assert known.learned(ONE, 9, -1) is known


def test_how_much_services_vary_is_learned() -> None:
    dice, random_, regular = random.Random(1), Services(), Services()
    for _ in range(600):
        random_ = random_.learned(ONE, 9, dice.expovariate(1 / 90_000))
        regular = regular.learned(ONE, 9, dice.gauss(90_000, 27_000))
    assert random_.square == pytest.approx(1, abs=0.25)
    assert regular.square == pytest.approx(0.1, abs=0.06)


def test_old_services_fade() -> None:
    known = Sum()
    for _ in range(3 * round(KEPT)):
        known = known.plus(1_000)
    assert known.times <= KEPT + 1
    assert known.total / known.times == pytest.approx(1_000)


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=30))
def test_whatever_was_measured_a_service_takes_a_time(gaps: list[float]) -> None:
    known = Services()
    for gap in gaps:
        known = known.learned(ONE, 9, gap)
    service = known.of(ONE, 9)
    assert 1_000 <= service.mean <= LONGEST * USUAL_MS
    assert 0 < service.doubt < 1
    assert 0.05 <= service.square <= 2


def test_hours_go_by_the_store_s_own_clocks() -> None:
    nine = 9 * 3_600_000
    summer = taught(Services(), ONE, 11, 60_000, 300).kept_by(2 * 3_600_000)
    winter = summer.kept_by(3_600_000)
    assert (Services().hour(nine), summer.hour(nine), winter.hour(nine)) == (9, 11, 10)
    assert winter.learned(ONE, 10, 60_000).hour(nine) == 10
    assert winter.of(ONE, 11) == summer.of(ONE, 11)
    assert Services().kept_by(-9_000_000).hour(0) == 21
