"""The manager's questions, asked of a small history that is known to the last answer."""

from __future__ import annotations

from datetime import datetime

import pytest

from hub.core.figures import Days
from hub.core.hours import HOUR_MS, Hours, day_after
from hub.core.listing import Group
from hub.core.ports import Point, Store
from hub.core.satisfaction import Tally
from hub.core.views import HourState, KioskAway, LowHour, RegistersView, Verdict
from hub.reports import Reports
from shared.errors import NoSuchStore, WordError
from shared.places import KioskId, PointId, StoreId
from shared.visits import Face
from tests.fakes.readings import FakeFigures

STORE, OTHER = StoreId("centro-012"), StoreId("sur-001")
POINTS = [PointId(f"caja-{number}") for number in (1, 2, 3)]
TODAY = 20261119  # a Thursday, as in the design
ZONE = Hours("Europe/Madrid")
GOOD = Tally(sales=60, sad=2, neutral=4, happy=14, skipped=10, timed_out=30)
BAD = Tally(sales=60, sad=12, neutral=4, happy=4, skipped=10, timed_out=30)


def at(hour: int, minute: int = 0, day: int = TODAY) -> int:
    text = f"{day // 10000}-{day // 100 % 100:02d}-{day % 100:02d}T{hour:02d}:{minute:02d}+01:00"
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.fixture
def figures() -> FakeFigures:
    """Eight weeks of ordinary days before today; today nothing yet."""
    fake = FakeFigures([Store(STORE, "Centro", "Europe/Madrid"), Store(OTHER, "Sur", "Asia/Tokyo")])
    fake.standing = [
        Point(STORE, point, point.title(), position=n) for n, point in enumerate(POINTS)
    ]
    for back in range(1, 57):
        day = day_after(TODAY, -back)
        for hour in ZONE.hours_of_day(day):
            if 9 <= hour.hour_of_day < 21:
                for point in POINTS:
                    fake.count(STORE, point, hour.start, GOOD)
                fake.name_reason(STORE, hour.start, Face.SAD, "wait", 2)
                fake.name_reason(STORE, hour.start, Face.NEUTRAL, "price", 8)
    return fake


@pytest.fixture
def reports(figures: FakeFigures) -> Reports:
    return Reports(figures)


def a_day(figures: FakeFigures, until: int = 21, bad_hour: int | None = None) -> None:
    for hour in range(9, until):
        for point in POINTS:
            figures.count(STORE, point, at(hour), BAD if hour == bad_hour else GOOD)


def test_a_day_without_answers_has_no_figures_and_no_nan(reports: Reports) -> None:
    view = reports.today(STORE, at(9, 30))
    assert view.live
    assert (view.index, view.tally, view.faces, view.response, view.reasons) == (None,) * 2 + (
        (),
    ) + (None,) * 2
    assert all(bar.index is None for bar in view.bars)
    assert view.usual is None or view.usual.days >= 4


def test_today_shows_the_index_beside_a_usual_thursday(
    figures: FakeFigures, reports: Reports
) -> None:
    a_day(figures)
    view = reports.today(STORE, at(20, 59))
    assert view.index is not None
    assert view.usual is not None
    assert view.against_usual is not None
    assert (view.usual.weekday, view.usual.days) == (3, 8)
    assert view.index.n == 3 * 12 * 20
    assert view.index.low < 80 < view.index.high
    assert view.against_usual.verdict is Verdict.ALIKE
    assert [share.face for share in view.faces] == [Face.HAPPY, Face.NEUTRAL, Face.SAD]
    assert view.response is not None
    assert (view.response.part, view.response.whole) == (720, 2160)
    assert view.response_of_asked is not None
    assert view.response_of_asked.whole == 2160


def test_a_morning_is_compared_with_mornings(figures: FakeFigures, reports: Reports) -> None:
    for back in range(7, 57, 7):
        for point in POINTS:
            figures.count(STORE, point, at(18, day=day_after(TODAY, -back)), Tally(sad=200))
    a_day(figures, until=12)
    view = reports.today(STORE, at(12, 30))
    assert view.usual is not None
    assert view.usual.value > 75  # the bad evenings are not in it


def test_an_unusually_low_hour_is_marked_with_its_reason_and_needs_somebody(
    figures: FakeFigures, reports: Reports
) -> None:
    a_day(figures, until=19, bad_hour=17)
    figures.name_reason(STORE, at(17), Face.SAD, "wait", 30)
    figures.name_reason(STORE, at(17), Face.SAD, "price", 9)
    away = KioskAway(KioskId("k-012-06"), PointId("caja-3"), at(18, 52), 31)
    view = reports.today(STORE, at(19, 5), away=[away])
    marked = [bar for bar in view.bars if bar.unusual]
    assert [bar.hour_of_day for bar in marked] == [17]
    unusual = marked[0].unusual
    assert unusual is not None
    assert (unusual.verdict, unusual.reason) == (Verdict.BELOW, "wait")
    assert unusual.p < 0.001
    assert unusual.share is not None
    assert unusual.share.value == pytest.approx(30 / 39)
    assert view.needs == (LowHour(at(17), 17, 3600, unusual), away)


def test_an_ordinary_day_marks_nothing(figures: FakeFigures, reports: Reports) -> None:
    a_day(figures)
    assert reports.today(STORE, at(20, 59)).needs == ()


def test_bars_are_past_running_or_to_come(figures: FakeFigures, reports: Reports) -> None:
    a_day(figures, until=12)
    bars = {bar.hour_of_day: bar for bar in reports.today(STORE, at(11, 30)).bars}
    assert list(bars) == list(range(9, 21))
    assert bars[10].state is HourState.PAST
    assert bars[11].state is HourState.SO_FAR
    assert bars[12].state is HourState.TO_COME
    assert bars[12].usual is not None
    assert not bars[12].hidden


def test_the_longest_day_has_a_bar_for_each_of_its_two_hours_at_two(
    reports: Reports, figures: FakeFigures
) -> None:
    day = 20261025
    twice = [hour for hour in ZONE.hours_of_day(day) if hour.hour_of_day == 2]
    for hour in twice:
        figures.count(STORE, POINTS[0], hour.start, Tally(happy=9))
    bars = [bar for bar in reports.today(STORE, at(12), day).bars if bar.hour_of_day == 2]
    assert [(bar.start, bar.offset_seconds) for bar in bars] == [
        (twice[0].start, 7200),
        (twice[1].start, 3600),
    ]


def test_the_few_answers_of_an_hour_are_in_no_figure_of_their_day(
    figures: FakeFigures, reports: Reports
) -> None:
    a_day(figures, until=18)
    figures.count(STORE, POINTS[0], at(18), Tally(happy=2))
    view = reports.today(STORE, at(9, day=day_after(TODAY)), TODAY)
    bars = {bar.hour_of_day: bar for bar in view.bars}
    assert [hour for hour, bar in bars.items() if bar.hidden] == [18]
    assert bars[18].tally is None
    assert bars[20].tally == Tally()
    assert view.tally is not None
    assert view.tally.answered == sum(bar.tally.answered for bar in view.bars if bar.tally)


def test_today_moves_in_steps_on_every_page_alike(figures: FakeFigures, reports: Reports) -> None:
    seen = []
    for number in range(14):
        figures.count(STORE, POINTS[number % 2], at(9), Tally(sales=1, happy=1))
        now = at(9, number)
        today, stores = reports.today(STORE, now), reports.stores(now, Days(TODAY, TODAY), [STORE])
        registers = reports.registers(STORE, now, Days(TODAY, TODAY))
        n = today.index.n if today.index else 0
        assert n == (stores.rows[0].tally.answered if stores.rows[0].tally else 0)
        assert n == (registers.tally.answered if registers.tally else 0)
        seen.append((today.serial, n))
    assert sorted(set(seen)) == [(0, 0), (1, 5), (2, 10)]
    assert Reports(figures).step(STORE, at(9, 30)).serial == 2  # a second process shows the same


def test_the_registers_page_adds_todays_step_to_the_days_before(
    figures: FakeFigures, reports: Reports
) -> None:
    a_day(figures, until=12)
    days = Days.last_of(TODAY, 7)
    view = reports.registers(STORE, at(12), days)
    assert [row.point.point_id for row in view.rows] == POINTS
    assert view.tally is not None
    assert view.tally.answered == 3 * 20 * (6 * 12 + 3)
    assert {row.verdict for row in view.rows} == {Verdict.ALIKE}
    assert {row.letters for row in view.rows} == {"a"}
    assert view.alike == (tuple(POINTS),)


def test_a_register_that_differs_is_told_apart_and_one_without_answers_is_not(
    figures: FakeFigures, reports: Reports
) -> None:
    day = Days(20260101, 20260101)
    for hour in range(9, 21):
        figures.count(STORE, POINTS[0], at(hour, day=day.first), GOOD)
        figures.count(STORE, POINTS[1], at(hour, day=day.first), BAD)
    view = reports.registers(STORE, at(12), day)
    assert verdicts_of(view) == [Verdict.ABOVE, Verdict.BELOW, Verdict.UNKNOWN]
    assert view.alike == ((POINTS[0],), (POINTS[1],))


def verdicts_of(view: RegistersView) -> list[Verdict]:
    return [row.verdict for row in view.rows]


def test_a_register_under_the_floor_is_hidden_and_so_is_what_it_adds(
    figures: FakeFigures, reports: Reports
) -> None:
    day = Days(20260101, 20260101)
    for point, tally in zip(POINTS, (GOOD, Tally(happy=2), GOOD), strict=True):
        figures.count(STORE, point, at(9, day=day.first), tally)
    view = reports.registers(STORE, at(12), day)
    assert [row.hidden for row in view.rows] == [False, True, False]
    assert (view.rows[1].tally, view.rows[1].index, view.rows[1].response) == (None, None, None)
    assert view.tally == GOOD + GOOD


def test_reasons_tell_their_share_and_how_it_changed(
    figures: FakeFigures, reports: Reports
) -> None:
    a_day(figures)
    figures.name_reason(STORE, at(12), Face.SAD, "wait", 60)
    figures.name_reason(STORE, at(12), Face.NEUTRAL, "price", 40)
    figures.name_reason(STORE, at(12), Face.HAPPY, "staff", 500)  # praise is not a fault
    found = reports.today(STORE, at(20, 59)).reasons
    assert found is not None
    assert found.n == 100
    assert [row.reason for row in found.rows] == ["wait", "price"]
    change = found.rows[0].change
    assert change is not None
    assert change.value == pytest.approx(40)
    assert change.low < 40 < change.high


def test_few_reasons_are_not_shown(figures: FakeFigures, reports: Reports) -> None:
    a_day(figures)
    figures.name_reason(STORE, at(12), Face.SAD, "wait", 4)
    assert reports.today(STORE, at(20, 59)).reasons is None


def test_the_heat_map_has_every_weekday_and_hour_with_its_n(reports: Reports) -> None:
    view = reports.hours(STORE, at(12), weeks=4)
    assert (view.days, view.hours) == (Days(20261022, 20261118), tuple(range(9, 21)))
    assert [row.weekday for row in view.rows] == list(range(7))
    cells = [cell for row in view.rows for cell in row.cells]
    assert {cell.tally.answered for cell in cells if cell.tally} == {4 * 3 * 20}
    assert view.bottom.total.tally is not None
    assert view.bottom.total.tally.answered == 28 * 12 * 3 * 20
    assert view.rows[0].total.index is not None


def test_a_small_cell_of_the_heat_map_is_hidden(figures: FakeFigures, reports: Reports) -> None:
    figures.count(STORE, POINTS[0], at(21, day=20261118), Tally(happy=3))
    figures.count(STORE, POINTS[0], at(21, day=20261117), Tally(happy=9))
    view = reports.hours(STORE, at(12), weeks=4)
    hidden = [(c.weekday, c.hour_of_day) for row in view.rows for c in row.cells if c.hidden]
    assert hidden == [(2, 21)]
    assert view.bottom.cells[-1].tally == Tally(happy=9)


def test_stores_come_in_fixed_order_each_with_its_own_date(
    figures: FakeFigures, reports: Reports
) -> None:
    figures.count(OTHER, PointId("door"), at(20), Tally(happy=50))  # in Tokyo it is tomorrow
    view = reports.stores(at(20, 30), Days(TODAY, TODAY))
    assert [row.store.store_id for row in view.rows] == [STORE, OTHER]
    assert view.rows[1].tally == Tally()
    assert [
        row.store.store_id for row in reports.stores(at(20), Days(TODAY, TODAY), [OTHER]).rows
    ] == [OTHER]
    assert reports.day(OTHER, at(20)) == day_after(TODAY)


def test_stores_over_some_weeks_have_index_and_interval(reports: Reports) -> None:
    view = reports.stores(at(12), Days.last_of(TODAY, 28))
    index = view.rows[0].index
    assert index is not None
    assert index.n == 27 * 12 * 3 * 20
    assert index.high - index.low < 1
    assert view.rows[1].index is None


def test_what_lies_in_the_future_is_not_shown(figures: FakeFigures, reports: Reports) -> None:
    figures.count(STORE, POINTS[0], at(9, day=day_after(TODAY)), Tally(happy=500))
    tomorrow = Days(day_after(TODAY), day_after(TODAY))
    assert reports.registers(STORE, at(12), tomorrow).tally is None
    assert reports.stores(at(12), tomorrow, [STORE]).rows[0].tally == Tally()
    assert reports.today(STORE, at(12), day_after(TODAY)).day == TODAY


def test_a_busy_database_leaves_what_was_shown(figures: FakeFigures, reports: Reports) -> None:
    a_day(figures, until=10)
    reports.today(STORE, at(10))
    figures.keep_steps = lambda *_: False  # type: ignore[method-assign]
    a_day(figures, until=12)
    assert reports.step(STORE, at(12)).serial == 1
    assert reports.step(STORE, at(12) + 24 * HOUR_MS).serial == 0


def test_a_store_that_is_not_there_is_told(reports: Reports) -> None:
    with pytest.raises(NoSuchStore):
        reports.today(StoreId("nowhere"), at(9))


def test_the_floor_is_a_setting_but_never_under_three(figures: FakeFigures) -> None:
    figures.count(STORE, POINTS[0], at(9, day=20260101), Tally(happy=8))
    assert Reports(figures, floor=3).registers(STORE, at(12), Days(20260101, 20260101)).tally
    assert not Reports(figures, floor=9).registers(STORE, at(12), Days(20260101, 20260101)).tally
    with pytest.raises(WordError):
        Reports(figures, floor=2)


def a_thin_day(figures: FakeFigures) -> int:
    """A closed day whose cells under the floor lie apart."""
    day = day_after(TODAY, -70)
    for hour, happy in ((9, 3), (12, 40), (13, 30), (17, 2), (18, 60), (20, 9)):
        figures.count(STORE, POINTS[hour % 2], at(hour, day=day), Tally(sales=99, happy=happy))
    return day


def test_pages_and_api_hide_the_same_cells_of_a_day(figures: FakeFigures, reports: Reports) -> None:
    day = a_thin_day(figures)
    now, days, store = at(12), Days(day, day), reports.store(STORE)
    page = {bar.start for bar in reports.today(STORE, now, day).bars if bar.hidden}
    rows = reports.rows(store, now, days, Group.HOUR)
    assert {row.start for row in rows if row.hidden} == page & {row.start for row in rows}
    assert len([row for row in rows if row.hidden]) >= 2
    registers = reports.registers(STORE, now, days).rows
    by_point = reports.rows(store, now, days, Group.POINT)
    today = reports.today(STORE, now, day).registers
    assert [row.hidden for row in by_point] == [row.hidden for row in registers]
    assert [row.hidden for row in today] == [row.hidden for row in registers]


def test_the_heat_maps_bottom_row_hides_what_the_api_hides_by_hour_of_day(
    figures: FakeFigures, reports: Reports
) -> None:
    figures.count(STORE, POINTS[0], at(22, day=20261117), Tally(happy=2))
    view = reports.hours(STORE, at(12), weeks=4)
    rows = reports.rows(reports.store(STORE), at(12), view.days, Group.HOUR_OF_DAY)
    bottom = {cell.hour_of_day for cell in view.bottom.cells if cell.hidden}
    assert bottom == {row.hour_of_day for row in rows if row.hidden}
    assert 22 in bottom
