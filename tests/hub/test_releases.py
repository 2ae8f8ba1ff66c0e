"""What is over is written down once, by whichever process looks first."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hub.core.figures import Change, Days
from hub.core.hours import Hours, day_after
from hub.core.ports import Store
from hub.core.releasing import Entry, Kind
from hub.core.satisfaction import Tally
from hub.core.steps import Step
from hub.releases import REMEMBERED_DAYS, Releases
from shared.errors import ArchiveError
from shared.places import PointId, StoreId
from tests.fakes.readings import FakeFigures

STORE = Store(StoreId("centro"), "Centro", "Europe/Madrid")
ZONE = Hours("Europe/Madrid")
A, B = PointId("caja-1"), PointId("caja-2")
FIRST, TODAY = 20261104, 20261119  # a Wednesday, and the Thursday two weeks later
NOW = ZONE.hours_of_day(TODAY)[12].start
ALL = Days(FIRST, TODAY)


@pytest.fixture
def figures() -> FakeFigures:
    fake = FakeFigures([STORE])
    day = FIRST
    while day < TODAY:
        count(fake, day, 20)
        day = day_after(day)
    return fake


def count(fake: FakeFigures, day: int, happy: int) -> None:
    for point in (A, B):
        hour = ZONE.hours_of_day(day)[10].start
        fake.count(STORE.store_id, point, hour, Tally(sales=9, happy=happy))


def told(fake: FakeFigures, kind: Kind, day: int) -> list[int]:
    found = fake.told(STORE.store_id, kind, Days(day, day))
    return [entry.tally.answered for entry in found]


def test_every_day_that_is_over_is_told_and_every_week(figures: FakeFigures) -> None:
    releases = Releases(figures, 5)
    assert releases.until(STORE, ZONE, NOW) == day_after(TODAY, -1)
    assert len(figures.told(STORE.store_id, Kind.DAY, ALL)) == 15
    assert told(figures, Kind.WEEK, 20261102) == [5 * 40]
    assert told(figures, Kind.WEEK, 20261109) == [7 * 40]
    assert told(figures, Kind.WEEK, 20261116) == []


def test_whoever_looks_again_changes_nothing(figures: FakeFigures) -> None:
    Releases(figures, 5).until(STORE, ZONE, NOW)
    before = dict(figures.entries)
    another = Releases(figures, 5)
    assert another.until(STORE, ZONE, NOW) == day_after(TODAY, -1)
    another.tell_late(lambda _: ZONE, NOW)
    assert figures.entries == before


def test_a_week_ends_with_its_sunday(figures: FakeFigures) -> None:
    releases, saturday = Releases(figures, 5), ZONE.hours_of_day(20261114)[9].start
    releases.until(STORE, ZONE, saturday)
    assert told(figures, Kind.WEEK, 20261109) == []
    releases.until(STORE, ZONE, NOW)
    assert told(figures, Kind.WEEK, 20261109) == [7 * 40]
    assert len(figures.told(STORE.store_id, Kind.DAY, ALL)) == 15


def test_late_records_join_their_day_when_the_job_runs_and_not_by_a_question(
    figures: FakeFigures,
) -> None:
    page, job = Releases(figures, 5), Releases(figures, 5)
    page.until(STORE, ZONE, NOW)
    job.tell_late(lambda _: ZONE, NOW)
    count(figures, 20261110, 6)
    count(figures, 20261117, 7)
    before = dict(figures.entries)
    for asking in (page, Releases(figures, 5)):
        asking.until(STORE, ZONE, NOW)
    assert figures.entries == before
    job.tell_late(lambda _: ZONE, NOW)
    assert told(figures, Kind.DAY, 20261110) == [52]
    assert told(figures, Kind.DAY, 20261117) == [54]
    assert told(figures, Kind.WEEK, 20261109) == [7 * 40 + 12]


def test_the_job_tells_the_days_that_are_over_before_anybody_asks(figures: FakeFigures) -> None:
    Releases(figures, 5).tell_late(lambda _: ZONE, NOW)
    before = dict(figures.entries)
    assert len(figures.told(STORE.store_id, Kind.DAY, ALL)) == 15
    assert Releases(figures, 5).until(STORE, ZONE, NOW) == day_after(TODAY, -1)
    assert figures.entries == before


def test_a_question_writes_nothing_once_the_job_was_there(figures: FakeFigures) -> None:
    Releases(figures, 5).tell_late(lambda _: ZONE, NOW)

    def refused(*_: object) -> bool:
        raise AssertionError("a page wrote")

    figures.keep_steps = refused  # type: ignore[method-assign,assignment]
    figures.forget_steps = refused  # type: ignore[method-assign,assignment]
    assert Releases(figures, 5).until(STORE, ZONE, NOW) == day_after(TODAY, -1)


def test_late_records_of_before_the_first_day_are_told_with_their_week(
    figures: FakeFigures,
) -> None:
    releases = Releases(figures, 5)
    releases.until(STORE, ZONE, NOW)
    count(figures, 20261102, 30)
    count(figures, 20261020, 10)
    releases.tell_late(lambda _: ZONE, NOW)
    assert told(figures, Kind.DAY, 20261102) == [60]
    assert told(figures, Kind.WEEK, 20261102) == [5 * 40 + 60]
    assert told(figures, Kind.WEEK, 20261019) == [20]


def test_what_is_older_than_is_remembered_stays_as_it_was_told(figures: FakeFigures) -> None:
    releases = Releases(figures, 5)
    releases.until(STORE, ZONE, NOW)
    later = NOW + (REMEMBERED_DAYS + 3) * 86_400_000
    releases.tell_late(lambda _: ZONE, later)
    count(figures, FIRST, 50)
    releases.tell_late(lambda _: ZONE, later)
    assert told(figures, Kind.DAY, FIRST) == [40]
    assert figures.step(STORE.store_id, FIRST) is None


def test_a_store_without_anything_is_up_to_date(figures: FakeFigures) -> None:
    other = Store(StoreId("sur"), "Sur", "Asia/Tokyo")
    assert Releases(figures, 5).until(other, Hours("Asia/Tokyo"), NOW) == day_after(TODAY, -1)


def test_answers_that_move_to_another_hour_late_are_told_there(figures: FakeFigures) -> None:
    """A clock that was put right: as many answered, but not then."""
    releases, day = Releases(figures, 5), 20261110
    releases.until(STORE, ZONE, NOW)
    ten, noon = (ZONE.hours_of_day(day)[hour].start for hour in (10, 12))
    for point in (A, B):
        figures.count(STORE.store_id, point, ten, Tally(happy=-9))
        figures.count(STORE.store_id, point, noon, Tally(happy=9))
    releases.tell_late(lambda _: ZONE, NOW)
    assert told(figures, Kind.HOUR, day) == [22, 18]
    assert told(figures, Kind.DAY, day) == [40]


def test_what_another_process_tells_meanwhile_is_not_taken_back(figures: FakeFigures) -> None:
    """Records come, and another process tells them, between this one's two questions."""
    step, first = figures.step, True

    def meanwhile(store_id: StoreId, day: int) -> Step | None:
        nonlocal first
        if first and day == 20261110:
            first = False
            count(figures, day, 8)
            Releases(figures, 5).until(STORE, ZONE, NOW)
        return step(store_id, day)

    figures.step = meanwhile  # type: ignore[method-assign]
    releases = Releases(figures, 5)
    seen = [sum(told(figures, Kind.DAY, 20261110)) for _ in [releases.until(STORE, ZONE, NOW)]]
    releases.tell_late(lambda _: ZONE, NOW)
    assert [*seen, *told(figures, Kind.DAY, 20261110)] == [56, 56]


def test_where_the_database_is_busy_it_is_tried_again(figures: FakeFigures) -> None:
    releases, keep = Releases(figures, 5), figures.keep_steps

    def busy(*_: object) -> bool:
        raise ArchiveError("busy")

    figures.keep_steps = busy  # type: ignore[method-assign,assignment]
    assert releases.until(STORE, ZONE, NOW) == day_after(FIRST, -1)
    figures.keep_steps = keep  # type: ignore[method-assign]
    assert releases.until(STORE, ZONE, NOW) == day_after(TODAY, -1)


def test_what_came_late_for_many_days_is_one_transaction(figures: FakeFigures) -> None:
    releases, keep, kept = Releases(figures, 5), figures.keep_steps, list[int]()
    releases.until(STORE, ZONE, NOW)
    for day in (20261105, 20261108, 20261110, 20261112, 20261116, 20261117, 20261118):
        count(figures, day, 6)

    def counting(store: StoreId, changes: Sequence[Change], entries: Sequence[Entry] = ()) -> bool:
        kept.append(len(changes))
        return keep(store, changes, entries)

    figures.keep_steps = counting  # type: ignore[method-assign,assignment]
    releases.tell_late(lambda _: ZONE, NOW)
    assert kept == [7]  # as many as a week has, and none of them is one
    assert told(figures, Kind.WEEK, 20261116) == []
    assert told(figures, Kind.DAY, 20261118) == [52]
