"""When a certificate is renewed: each kiosk at its own time, between one and two thirds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.renewing import due_at, is_due
from shared.moments import Moment

DAY = 86_400_000


@settings(deadline=None)
@given(st.integers(0, 2**41), st.integers(1, 400 * DAY), st.text(max_size=50))
def test_it_is_due_between_one_and_two_thirds_of_its_life(
    begin: int, life: int, certificate: str
) -> None:
    due = due_at((begin, begin + life), certificate)
    assert begin + life // 3 <= due <= begin + 2 * (life // 3)


def test_a_thousand_kiosks_of_one_day_come_back_over_ten() -> None:
    days = [due_at((0, 30 * DAY), f"certificate {n}") // DAY for n in range(1_000)]
    assert set(days) == set(range(10, 20))
    assert max(days.count(day) for day in range(10, 20)) < 150


def test_only_a_clock_that_is_right_can_say_that_it_is_too_early() -> None:
    life = (0, 30 * DAY)
    assert not is_due(life, "x", Moment(9 * DAY, 5, True))
    assert is_due(life, "x", Moment(21 * DAY, 5, True))
    assert is_due(life, "x", Moment(9 * DAY, 5, False))
