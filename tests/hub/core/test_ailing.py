"""What ails a device: with two bounds, some patience, and nothing where nobody knows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.ailing import (
    HOUR_MS,
    MINUTE_MS,
    RULES,
    Ailment,
    Case,
    Sick,
    is_open,
    judged,
    order_of,
)
from hub.core.hours import DAY_MS
from hub.core.ports import Store
from shared.health import Health
from shared.notices import Presence
from shared.places import StoreId

NOW = 1_790_000_000_000
WELL = Health(
    NOW, "1.4.0", temperature=50, low_power=False, card_full=30, card_worn=10,
    card_writable=True, durable=True, certificate_until=NOW + 20 * DAY_MS,
)  # fmt: skip
CASE = Case(NOW, Presence.ONLINE, True, "1.4.0", WELL, True, "1.4.0")


def codes(sick: tuple[Sick, ...]) -> set[Ailment]:
    return {one.code for one in sick}


def test_a_device_that_is_well_ails_of_nothing_and_one_that_never_spoke_neither() -> None:
    assert judged(CASE, ()) == ()
    assert judged(Case(NOW), ()) == ()


@pytest.mark.parametrize(
    ("code", "bad", "still", "over"),
    [
        (Ailment.CARD_FULL, {"card_full": 90}, {"card_full": 85}, {"card_full": 84}),
        (Ailment.CARD_WORN, {"card_worn": 80}, {"card_worn": 70}, {"card_worn": 60}),
        (Ailment.CARD_LOCKED, {"card_writable": False}, {"card_writable": False},
         {"card_writable": True}),
        (Ailment.FLEETING, {"durable": False}, {"durable": False}, {"durable": True}),
        (Ailment.POWER, {"low_power": True}, {"low_power": True}, {"low_power": False}),
        (Ailment.HOT, {"temperature": 80}, {"temperature": 75}, {"temperature": 74}),
        (Ailment.CERTIFICATE, {"certificate_until": NOW + 5 * DAY_MS - 1},
         {"certificate_until": NOW + 7 * DAY_MS - 1}, {"certificate_until": NOW + 7 * DAY_MS}),
    ],
)  # fmt: skip
def test_what_its_own_word_says(
    code: Ailment, bad: dict[str, int], still: dict[str, int], over: dict[str, int]
) -> None:
    def of(health: dict[str, int], before: tuple[Sick, ...] = ()) -> tuple[Sick, ...]:
        return judged(replace(CASE, health=replace(WELL, **health)), before)  # type: ignore[arg-type]

    begun = of(bad)
    assert codes(begun) == {code}
    if still != bad:
        assert of(still) == (), "it begins at the higher bound"
    assert codes(of(still, begun)) == {code}, "and ends under the lower one"
    assert of(over, begun) == ()
    unknown = dict.fromkeys(bad)
    assert of(unknown, begun) == begun, "what nobody knows changes nothing"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "case", "patience"),
    [
        (Ailment.AWAY, replace(CASE, presence=Presence.OFFLINE), 15 * MINUTE_MS),
        (Ailment.CLOCK, replace(CASE, synced=False), HOUR_MS),
        (Ailment.VERSION, replace(CASE, newest="1.10.0"), 7 * DAY_MS),
        (Ailment.HOT, replace(CASE, health=replace(WELL, temperature=82)), 10 * MINUTE_MS),
    ],
)
def test_somebody_is_told_only_after_a_while(code: Ailment, case: Case, patience: int) -> None:
    (begun,) = judged(case, ())
    assert begun == Sick(code, NOW, None)
    (not_yet,) = judged(replace(case, now=NOW + patience - 1), [begun])
    assert not_yet.told_at is None
    (told,) = judged(replace(case, now=NOW + patience), [not_yet])
    assert told == Sick(code, NOW, NOW + patience)
    assert judged(replace(case, now=NOW + 9 * DAY_MS), [told]) == (told,)
    assert judged(CASE, [told]) == ()


def test_at_night_a_kiosk_may_be_switched_off_but_one_that_was_missed_stays_missed() -> None:
    night = replace(CASE, presence=Presence.OFFLINE, open=False)
    assert judged(night, ()) == ()
    missed = Sick(Ailment.AWAY, NOW - DAY_MS, NOW - DAY_MS)
    assert judged(night, [missed]) == (missed,)


def test_who_is_away_is_not_asked_for_the_time() -> None:
    away = replace(CASE, presence=Presence.OFFLINE, synced=False)
    assert codes(judged(away, ())) == {Ailment.AWAY}


@pytest.mark.parametrize(
    ("older", "newer"),
    [("1.4.0", "1.4.1"), ("1.9.0", "1.10.0"), ("1.4.0rc1", "1.4.0"), ("", "0.1"), ("1.4", "1.4.1"),
     ("0.1.0.dev3", "0.1.0"), ("rubbish", "0.0.1")],
)  # fmt: skip
def test_versions_are_ordered_by_their_numbers(older: str, newer: str) -> None:
    assert order_of(older) < order_of(newer)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_version_is_called_it_has_its_place(one: str, other: str) -> None:
    assert (order_of(one) < order_of(other)) or order_of(one) >= order_of(other)


readings = st.integers(0, 100)


@settings(deadline=None)
@given(st.lists(readings, min_size=1, max_size=30))
def test_between_its_bounds_nothing_begins_and_nothing_ends(temperatures: list[int]) -> None:
    sick: tuple[Sick, ...] = ()
    for minute, temperature in enumerate(temperatures):
        before = codes(sick)
        health = replace(WELL, temperature=temperature)
        sick = judged(replace(CASE, now=NOW + minute * MINUTE_MS, health=health), sick)
        if 75 <= temperature < 80:
            assert codes(sick) == before
        else:
            assert (Ailment.HOT in codes(sick)) == (temperature >= 80)


def test_every_ailment_has_its_rule() -> None:
    assert set(RULES) == set(Ailment)


@pytest.mark.parametrize(
    ("opens", "closes", "hour_utc", "is_it"),
    [
        (9, 21, 8, True),
        (9, 21, 7, False),
        (9, 21, 20, False),
        (20, 2, 23, True),
        (20, 2, 12, False),
    ],
)
def test_a_store_is_open_by_its_own_clocks(
    opens: int, closes: int, hour_utc: int, is_it: bool
) -> None:
    winter = 1_768_435_200_000 + hour_utc * HOUR_MS  # 15 January 2026, Madrid is an hour ahead
    assert is_open(Store(StoreId("a"), "A", "Europe/Madrid", opens, closes), winter) is is_it
