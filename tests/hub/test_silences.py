"""The look for silent registers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hub.core.hours import DAY_MS, HOUR_MS
from hub.core.silence import LEAST_SALES, Candidate, Hour
from hub.silences import Silences
from shared.places import PointId, StoreId

CENTRO, CAJA, OTHER = StoreId("centro"), PointId("caja-1"), PointId("caja-2")
NOW = 60 * DAY_MS


@dataclass
class FakeSilences:
    """A book in memory."""

    found: list[Candidate]
    known: dict[PointId, list[Hour]]
    told: list[tuple[PointId, float, int]] = field(default_factory=list)
    since: list[int] = field(default_factory=list)

    def candidates(self, least: int) -> Sequence[Candidate]:
        return [one for one in self.found if one.sales >= least]

    def hours(self, store_id: StoreId, since: int) -> dict[PointId, list[Hour]]:
        self.since.append(since)
        return self.known

    def tell(self, one: Candidate, expected: float, at: int) -> None:
        self.told.append((one.point_id, expected, at))


def usual_hours() -> list[Hour]:
    return [Hour(NOW - (300 - hour) * HOUR_MS, 40, 10) for hour in range(290)]


def test_a_point_whose_run_is_no_chance_is_told_with_what_was_expected() -> None:
    book = FakeSilences([Candidate(CENTRO, CAJA, 100)], {CAJA: usual_hours()})
    Silences(book).look(NOW)
    ((point, expected, at),) = book.told
    assert (point, at) == (CAJA, NOW)
    assert 24 < expected < 26
    assert book.since == [NOW - 28 * DAY_MS]


def test_a_short_run_and_too_few_sales_are_not_told() -> None:
    candidates = [Candidate(CENTRO, CAJA, 30), Candidate(CENTRO, OTHER, LEAST_SALES - 1)]
    book = FakeSilences(candidates, {CAJA: usual_hours()})
    Silences(book).look(NOW)
    assert book.told == []


def test_a_point_without_a_past_is_judged_by_its_store() -> None:
    book = FakeSilences([Candidate(CENTRO, OTHER, 110)], {CAJA: usual_hours()})
    Silences(book).look(NOW)
    assert [point for point, _, _ in book.told] == [OTHER]
