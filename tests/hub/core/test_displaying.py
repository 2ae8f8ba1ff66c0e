"""What a store's display shows: never a notice that is too old, and why there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.displaying import (
    KEPT_EVERY_MS,
    LATE_MS,
    Setting,
    Told,
    is_dark,
    name_of,
    screen,
    stands_ms,
)
from hub.core.ports import Point, Store
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.core.waiting.noticing import Terms
from shared.notices import Keeping, Look, Wording
from shared.places import PointId, StoreId
from shared.programme import default_programme

NOW = 1_795_000_000_000
CENTRO = Store(StoreId("centro"), "Mercado Centro", "Europe/Madrid", 9, 21)
ONE, FAST = LineId("line-1"), LineId("fast")
CAJAS = tuple(PointId(f"caja-{number}") for number in (1, 2, 3))
POINTS = [
    Point(CENTRO.store_id, point, f"Caja {number}", "register", number)
    for number, point in enumerate(CAJAS, 1)
]
LAYOUT = Layout(
    serial=3,
    lines=(Line(ONE, CAJAS[:2]), Line(FAST, CAJAS[2:])),
    names={FAST: "Caja rápida"},
    lanes=frozenset({ONE, FAST}),
)
SETTING = Setting("ab" * 16, CENTRO, LAYOUT, default_programme(1), POINTS)


def test_each_line_has_its_name_its_minutes_and_their_age() -> None:
    told = {ONE: Told(NOW - 25_000, 5), FAST: Told(NOW - 4_000, 0, quickest=True)}
    shown = screen(SETTING, told, NOW)
    assert (shown.store, shown.zone, shown.now) == ("Mercado Centro", "Europe/Madrid", NOW)
    assert [(row.name, row.minutes, row.age_ms, row.quickest) for row in shown.rows] == [
        ("Caja 1 – Caja 2", 5, 25_000, False),
        ("Caja rápida", 0, 4_000, True),
    ]
    assert (shown.fresh_ms, shown.stands_ms) == (60_000, 70_000)


def test_what_was_withdrawn_says_why_and_names_no_quickest() -> None:
    told = {ONE: Told(NOW - 1_000, None, "closed", quickest=True)}
    one, fast = screen(SETTING, told, NOW).rows
    assert (one.minutes, one.why, one.quickest) == (None, "closed", False)
    assert (fast.minutes, fast.why) == (None, "stale")  # nothing was ever told of it


@settings(deadline=None)
@given(
    age=st.integers(-4_000_000, 4_000_000),
    fresh=st.integers(1, 3_600),
    minutes=st.integers(0, 60),
)
def test_no_notice_is_shown_that_is_older_than_it_may_be(
    age: int, fresh: int, minutes: int
) -> None:
    setting = replace(SETTING, layout=replace(LAYOUT, terms=Terms(fresh_seconds=fresh)))
    shown = screen(setting, {ONE: Told(NOW - age, minutes)}, NOW)
    row = shown.rows[0]
    assert row.age_ms >= 0
    assert (row.minutes is not None) == (age <= max(fresh * 1_000, KEPT_EVERY_MS) + LATE_MS)
    assert row.minutes in (None, minutes)


def test_it_stands_as_long_as_it_is_written_anew_where_the_terms_are_shorter() -> None:
    assert stands_ms(Terms(fresh_seconds=10)) == stands_ms(Terms(fresh_seconds=60)) == 70_000
    assert stands_ms(Terms(fresh_seconds=300)) == 310_000


def test_it_speaks_the_languages_of_the_kiosks_as_far_as_it_can() -> None:
    def languages(*wanted: str) -> tuple[str, ...]:
        programme = replace(default_programme(1), languages=wanted)
        return screen(replace(SETTING, programme=programme), {}, NOW).languages

    assert languages("ar", "es", "ca") == ("ar", "es")
    assert languages("ca") == ("en",)
    assert screen(replace(SETTING, programme=None), {}, NOW).languages == ("es", "en")


def test_a_store_without_lines_shows_its_name_alone() -> None:
    shown = screen(replace(SETTING, layout=None), {ONE: Told(NOW, 5)}, NOW)
    assert (shown.store, shown.rows, shown.wording) == ("Mercado Centro", (), Wording.ABOUT)


def test_a_line_without_a_name_is_called_by_its_registers() -> None:
    one, fast = LAYOUT.lines
    assert name_of(one, LAYOUT, POINTS) == "Caja 1 – Caja 2"
    assert name_of(one, LAYOUT, POINTS[:1]) == "Caja 1"
    assert name_of(one, LAYOUT, []) == ""
    assert name_of(fast, LAYOUT, POINTS) == "Caja rápida"


@pytest.mark.parametrize(
    ("hour", "opens", "closes", "dark"),
    [(8, 9, 21, True), (9, 9, 21, False), (20, 9, 21, False), (21, 9, 21, True),
     (1, 18, 2, False), (2, 18, 2, True), (17, 18, 2, True), (18, 18, 2, False)],
)  # fmt: skip
def test_it_is_dark_while_the_store_is_closed_where_it_shall_be(
    hour: int, opens: int, closes: int, dark: bool
) -> None:
    midnight = 1_763_766_000_000  # 22 November 2025 in Madrid
    store = replace(CENTRO, opens=opens, closes=closes)
    at = midnight + hour * 3_600_000
    assert is_dark(Look.AUTO, store, at) is dark
    assert is_dark(Look.NIGHT, store, at)
    assert not is_dark(Look.DAY, store, at)


def test_who_wants_no_motion_has_none_here_either() -> None:
    programme = replace(default_programme(1), keeping=Keeping(calm=True, look=Look.NIGHT))
    shown = screen(replace(SETTING, programme=programme), {}, NOW)
    assert shown.calm
    assert shown.dark
