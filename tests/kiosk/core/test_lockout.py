"""After a visit, whoever touches again at once leaves one record."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.lockout import Lockout
from tests.kiosk.samples import face_touched, moment, settings


def test_before_any_visit_nobody_is_held() -> None:
    assert not Lockout().holds(face_touched(0))


def test_a_touch_that_began_within_the_span_is_held() -> None:
    lockout = Lockout()
    lockout.begin(moment(10_000), replace(settings(), lockout_seconds=2))
    assert lockout.holds(face_touched(12_500, began=11_999))
    assert not lockout.holds(face_touched(12_000))


def test_only_the_first_of_a_span_is_told_and_each_span_has_a_first() -> None:
    lockout = Lockout()
    for _ in range(2):
        lockout.begin(moment(10_000), settings())
        assert [lockout.is_first() for _ in range(3)] == [True, False, False]
