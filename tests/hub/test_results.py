"""Results over weeks: told once, by their floors, on the fake and on real databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from hub.adapters import recount
from hub.adapters.results import SqlResults
from hub.adapters.retention import SqlRetention
from hub.core.ports import Store
from hub.core.result_views import STORE, ResultsView
from hub.core.results import LANGUAGE, WHOLE
from hub.intake import Intake
from hub.results import Results
from shared.moments import Moment
from shared.places import KioskId, PointId, StoreId
from shared.questionnaires import Answer, Response
from shared.questions import Kind
from shared.visits import Input
from tests.fakes.kiosk import BOOT, NOON, FakeKiosk
from tests.fakes.results import FakeResults
from tests.fakes.walks import HandedOver
from tests.parts.archives import CENTRO, K1, K9, PUERTO, SeenOnDisk, furnish
from tests.parts.databases import Cluster, migrated_postgres, migrated_sqlite
from tests.shared.questionnaires import question, questionnaire

DAY = 86_400_000
MONDAY = NOON - 3 * DAY  # NOON is a Thursday
STORES = [Store(CENTRO, "Centro", "Europe/Madrid"), Store(PUERTO, "Puerto", "Atlantic/Canary")]
ASKED = questionnaire(question("tidy", Kind.STARS), question("more", Kind.TEXT))
FIVE = 5


Add = Callable[[StoreId, Response], None]


@dataclass
class Bench:
    """The service, and a way to let responses come in."""

    results: Results
    definitions: HandedOver
    add: Add
    engine: Engine | None = None

    def take(self, n: int, *, day: int = 0, store: StoreId = CENTRO, **more: Any) -> None:
        for number in range(n):
            self.add(store, response(MONDAY + day * DAY + number, **more))

    def close(self, weeks: int) -> None:
        """The job of that many weeks later, on Monday morning."""
        while self.results.close(MONDAY + weeks * 7 * DAY):
            pass

    def view(self, weeks: int = 0, stores: list[Store] = STORES) -> ResultsView:
        found = self.results.view("q", 1, stores, weeks)
        assert found is not None
        return found


def response(
    at: int,
    *,
    language: str = "es",
    stars: int = 4,
    text: str | None = None,
    complete: bool = True,
    answers: dict[str, Answer] | None = None,
) -> Response:
    given: dict[str, Answer] = {"tidy": stars} if text is None else {"tidy": stars, "more": text}
    begun = Moment(at, 1_000, True)
    return Response(
        point_id=PointId("caja-1"),
        boot_id=BOOT,
        questionnaire="q",
        version=1,
        language=language,
        input=Input.TOUCH,
        begun=begun,
        ended=begun,
        complete=complete,
        answers=given if answers is None else answers,
    )


@pytest.fixture(params=["fake", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "fake":
        book = FakeResults(STORES)
        yield bench_of(book, book.add)
    elif request.param == "sqlite":
        with migrated_sqlite(tmp_path / "hub.db") as engine:
            yield on_disk(engine)
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        with migrated_postgres(cluster) as engine:
            yield on_disk(engine)


def bench_of(book: FakeResults | SqlResults, add: Add, engine: Engine | None = None) -> Bench:
    definitions = HandedOver(ASKED)
    results = Results(book, definitions, lambda text: text.replace("Marta", "[…]"), FIVE)
    return Bench(results, definitions, add, engine)


def on_disk(engine: Engine) -> Bench:
    seen = SeenOnDisk(engine)
    furnish(seen.archive)
    intake = Intake(seen.archive)
    kiosks = {CENTRO: FakeKiosk(K1), PUERTO: FakeKiosk(K9, "puerto")}

    def add(store: StoreId, one: Response) -> None:
        kiosk = kiosks[store]
        kiosk.seal(one)
        intake.take([kiosk.message(kiosk.last)], one.begun.wall + 1_000)

    return bench_of(SqlResults(engine), add, engine)


def test_nothing_is_told_of_a_week_that_runs(bench: Bench) -> None:
    bench.take(7)
    bench.close(0)
    view = bench.view()
    assert (view.offered, view.complete, view.fresh) == ((), 0, 5)
    assert view.questions[0].summary.n == 0


def test_a_week_that_is_over_is_told_once(bench: Bench) -> None:
    bench.take(6)
    bench.take(2, complete=False, stars=1)
    bench.close(1)
    view = bench.view()
    assert view.weeks == (20251124,)
    assert (view.complete, view.partial, view.fresh) == (6, 2, 0)
    tidy = view.questions[0].summary
    assert tidy.n == 8
    assert tidy.mean is not None
    assert tidy.mean.value == (6 * 4 + 2) / 8
    bench.close(1)
    assert bench.view() == view
    if bench.engine is not None:
        assert recount.verify(bench.engine).differences == ()


def test_a_week_under_the_floor_joins_the_next(bench: Bench) -> None:
    bench.take(4)
    bench.close(1)
    assert bench.view().offered == ()
    bench.take(3, day=8)
    bench.close(2)
    view = bench.view()
    assert (view.offered, view.questions[0].summary.n) == ((20251201,), 7)


def test_what_comes_late_joins_a_later_week_and_changes_none(bench: Bench) -> None:
    bench.take(6)
    bench.close(1)
    before = bench.view()
    bench.take(6, day=1, stars=1)
    bench.close(1)
    assert bench.view().questions == before.questions
    bench.close(2)
    assert bench.view().offered == (20251124, 20251201)
    assert bench.view(1).questions[0].summary.n == 6


def test_a_job_that_was_away_for_weeks_tells_each_of_them(bench: Bench) -> None:
    for week in range(3):
        bench.take(5, day=7 * week)
    bench.close(3)
    assert bench.view().offered == (20251124, 20251201, 20251208)
    assert [bench.view(weeks).questions[0].summary.n for weeks in (1, 2, 3)] == [5, 10, 15]


def test_what_does_not_fit_is_seen_and_in_no_figure(bench: Bench) -> None:
    bench.take(6)
    bench.take(2, answers={"tidy": 9})
    bench.take(1, answers={"unasked": 1})
    bench.close(1)
    view = bench.view()
    assert (view.unfit, view.complete, view.questions[0].summary.n) == (3, 6, 6)


def test_what_nobody_knows_waits_until_somebody_does(bench: Bench) -> None:
    for _ in range(FIVE):
        bench.add(CENTRO, _of_version(2))
    bench.close(5)
    assert bench.results.view("q", 2, STORES) is None
    bench.definitions.hand_over(replace(ASKED, version=2))
    [standing] = bench.results.standings([CENTRO])
    assert (standing.key.version, standing.fresh, standing.judged) == (2, FIVE, 0)
    bench.close(5)
    view = bench.results.view("q", 2, STORES)
    assert view is not None
    assert view.complete == FIVE


def test_what_a_kiosk_makes_up_is_never_looked_up(bench: Bench) -> None:
    for version in range(2, 22):
        bench.add(CENTRO, _of_version(version))
    bench.add(CENTRO, replace(_of_version(1), questionnaire="made-up"))
    bench.take(FIVE)
    bench.close(5)
    assert bench.results.answered([CENTRO]) == {"q": [1]}
    assert bench.view().complete == FIVE
    assert set(bench.definitions.looked_up) == {("q", 1)}
    assert [one.key.version for one in bench.results.standings([CENTRO])] == [1]


def _of_version(version: int) -> Response:
    one = response(MONDAY)
    return Response(
        one.point_id, one.boot_id, "q", version, "es", one.input, one.begun, one.ended, True, {}
    )


def test_stores_are_told_apart_and_only_those_that_are_asked_for(bench: Bench) -> None:
    bench.take(5)
    bench.take(6, store=PUERTO, stars=2)
    bench.take(3, store=PUERTO, day=7)
    bench.close(2)
    parts = bench.view().questions[0].of(STORE)
    assert [(one.value, one.summary.n) for one in parts] == [(CENTRO, 5), (PUERTO, 6)]
    alone = bench.view(stores=STORES[1:])
    assert alone.questions[0].summary.n == 6
    assert alone.questions[0].of(STORE) == []


def test_texts_are_shown_from_ten_on_and_without_names(bench: Bench) -> None:
    bench.take(9, text="Gracias, Marta")
    bench.close(1)
    assert bench.view().questions[1].texts == ()
    bench.take(2, day=7, text="Todo bien")
    bench.close(2)
    texts = bench.view().questions[1].texts
    assert sorted(texts) == ["Gracias, […]"] * 9 + ["Todo bien"] * 2


def test_parts_are_shown_where_each_stands_its_floor(bench: Bench) -> None:
    bench.take(20)
    bench.take(2, language="ar")
    bench.close(1)
    assert bench.view().questions[0].of(LANGUAGE) == []
    bench.take(10, day=7)
    bench.take(4, day=7, language="ar", complete=False)
    bench.close(2)
    parts = bench.view().questions[0].of(LANGUAGE)
    assert [(one.value, one.summary.n) for one in parts] == [("ar", 6), ("es", 30)]
    assert [one.summary.n for one in bench.view().questions[0].of(WHOLE)] in ([], [22])


def test_a_spy_who_asks_every_minute_never_sees_fewer_than_five_come(bench: Bench) -> None:
    seen: list[tuple[int, ...]] = []
    for week in range(5):
        for n in (1, 3, 2, 7, 4)[week::2]:
            bench.take(n, day=7 * week)
            bench.close(week)
            seen.append(_sizes(bench))
        bench.close(week + 1)
        seen.append(_sizes(bench))
    for before, after in combinations(seen, 2):
        for one, other in zip(before, after, strict=True):
            assert other == one or other - one >= FIVE


def _sizes(bench: Bench) -> tuple[int, ...]:
    view = bench.view()
    return view.complete + view.partial, view.questions[0].summary.n


def test_what_was_told_stays_when_its_records_are_forgotten(bench: Bench) -> None:
    bench.take(12, text="Todo bien")
    bench.close(1)
    before = bench.view()
    if bench.engine is None:
        return
    assert len(before.questions[1].texts) == 12
    SqlRetention(bench.engine).seal(CENTRO, NOON)
    after = bench.view()
    assert after.questions[0] == before.questions[0]
    assert (after.questions[1].summary.n, after.questions[1].texts) == (12, ())
    bench.take(5, day=8)
    bench.close(2)
    assert bench.view().questions[0].summary.n == 17
    assert recount.verify(bench.engine).differences == ()


def test_a_kiosk_of_nobody_is_not_in_the_way(bench: Bench) -> None:
    assert bench.results.close(MONDAY) == 0
    assert bench.results.standings([StoreId("nowhere")]) == []
    assert KioskId("k-1") == K1
