"""The queue: facts from any thread, notices at once, rows for whoever fetches them."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from hub.core.measures import FACTS, LOOK, NOTICES
from hub.core.waiting.book import Memory
from hub.core.waiting.facts import Counted, Line, LineId, Sold
from hub.core.waiting.layout import Layout
from hub.core.waiting.lessons import from_body
from hub.core.waiting.noticing import Terms
from hub.core.waiting.posting import Plot, Stand
from hub.queue import LESSON_SECONDS, LOOK_PAUSE, MOST_HEARD, ROUND, Queues
from shared.notices import Notice
from shared.places import KioskId, PointId, StoreId
from tests.fakes.metrics import FakeMetrics

START = 1_763_971_200_000
CENTRO, PUERTO = StoreId("centro"), StoreId("puerto")
LINE, POINT = LineId("line-1"), PointId("caja-1")
LAYOUT = Layout(1, (Line(LINE, (POINT,)),), terms=Terms(widest_minutes=60.0))


def plot(store: StoreId) -> Plot:
    return Plot(store, "Europe/Madrid", LAYOUT, (Stand(KioskId(f"k-{store}"), POINT),))


class Stage:
    """A queue whose clock goes as it is told."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.meter = FakeMetrics()
        self.told: list[tuple[StoreId, KioskId, Notice | None]] = []
        self.queues = Queues(
            lambda *told: self.told.append(told), self.meter, self.now, lambda: self.seconds
        )

    def now(self) -> int:
        return START + round(1_000 * self.seconds)

    def lay_out(self, *stores: StoreId) -> None:
        self.queues.arrange({one: plot(one) for one in stores}, {})
        self.queues.step(0)

    def sells(self, store: StoreId = CENTRO) -> None:
        self.queues.hear(store, Sold(self.now(), POINT), self.now())

    def counts(self, number: int, store: StoreId = CENTRO) -> None:
        self.queues.hear(store, Counted(self.now(), LINE, number), self.now())

    def passes(self, seconds: float) -> None:
        """Time goes by; the queue's thread is never idle for more than a quarter second."""
        until = self.seconds + seconds
        while self.seconds < until:
            self.seconds = min(until, self.seconds + 0.25)
            self.queues.step(0)

    def minutes(self, store: StoreId = CENTRO) -> list[int | None]:
        return [one.minutes if one else None for name, _, one in self.told if name == store]


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.lay_out(CENTRO, PUERTO)
    return stage


def busy(stage: Stage, line: int = 3) -> None:
    stage.sells()
    stage.counts(line)
    stage.passes(0.25)


def test_what_a_store_tells_stands_on_its_kiosk_a_moment_later(stage: Stage) -> None:
    busy(stage)
    (told,) = stage.told
    assert told[:2] == (CENTRO, "k-centro")
    assert told[2] is not None
    assert told[2].minutes > 3
    assert stage.meter.counted[FACTS, "taken"] == 2
    assert stage.meter.counted[NOTICES, ""] == 1
    assert stage.meter.observed[LOOK]


def test_who_begins_says_nothing_until_it_knows(stage: Stage) -> None:
    stage.passes(30)
    assert not stage.told
    rows = stage.queues.take_rows()
    assert [(one.store_id, one.withdrawn) for one in rows.notices] == [
        (CENTRO, "stale"),
        (PUERTO, "stale"),
    ], "what was kept before is over; and of whom nothing is heard no more is kept"


def test_a_store_is_looked_at_a_few_times_a_second_however_much_it_tells(stage: Stage) -> None:
    busy(stage)
    looks = len(stage.meter.observed[LOOK])
    for _ in range(100):
        stage.seconds += 0.01
        stage.counts(3)
        stage.queues.step(0)
    assert len(stage.meter.observed[LOOK]) - looks <= 1 / LOOK_PAUSE + 1


def test_a_fact_that_came_between_two_looks_is_seen_at_the_next(stage: Stage) -> None:
    busy(stage, 0)
    stage.counts(9)
    stage.seconds += 0.1
    stage.queues.step(0)
    before = stage.minutes()[-1]
    stage.passes(0.25)
    stage.counts(9)  # once is not believed of a count that contradicts everything
    stage.passes(0.5)
    assert stage.minutes()[-1] != before


def test_a_notice_stands_fresh_though_nothing_changes_and_silence_takes_it_back(
    stage: Stage,
) -> None:
    busy(stage)
    silent = LAYOUT.terms.silent_seconds
    stage.passes(silent)
    told = [one for _, _, one in stage.told if one is not None]
    gaps = [after.at - before.at for before, after in pairwise(told)]
    assert max(gaps) <= 20_000
    stage.passes(ROUND + 1)
    assert stage.minutes()[-1] is None
    count = len(stage.told)
    stage.passes(600)
    assert len(stage.told) == count, "once it was taken back nothing more is said"


def test_stores_do_not_hear_each_other(stage: Stage) -> None:
    busy(stage)
    stage.queues.hear(StoreId("nowhere"), Sold(START, POINT), START)
    stage.passes(1)
    assert not stage.minutes(PUERTO)
    assert stage.meter.counted[FACTS, "elsewhere"] == 1


def test_a_new_connection_is_told_all_that_stands(stage: Stage) -> None:
    busy(stage)
    stage.told.clear()
    stage.queues.again()
    stage.passes(0.5)
    assert len(stage.minutes()) == 1


def test_a_store_without_a_layout_any_more_takes_its_notices_back(stage: Stage) -> None:
    busy(stage)
    stage.lay_out(PUERTO)
    assert stage.minutes()[-1] is None
    assert not stage.queues.watches(CENTRO)
    stage.sells()
    stage.passes(1)
    assert stage.minutes()[-1] is None


def test_a_layout_that_changed_is_told_by_its_own_terms(stage: Stage) -> None:
    busy(stage)
    strict = replace(LAYOUT, serial=2, terms=Terms(widest_minutes=0.1, widest_share=0.0))
    plots = {CENTRO: replace(plot(CENTRO), layout=strict), PUERTO: plot(PUERTO)}
    stage.queues.arrange(plots, {})
    stage.passes(0.5)
    assert stage.minutes()[-1] is None


def test_whoever_loses_the_turn_forgets_all_and_says_so(stage: Stage) -> None:
    busy(stage)
    count, rests = len(stage.told), stage.queues.rests
    stage.queues.rest()
    assert stage.queues.rests == rests + 1
    assert not stage.queues.watches(CENTRO)
    assert not stage.queues.take_rows()
    stage.queues.rest()
    assert stage.queues.rests == rests + 1, "there was nothing more to forget"
    stage.lay_out(CENTRO)
    stage.passes(10)
    assert len(stage.told) == count, "a notice of before runs out by itself"


def test_too_many_facts_are_dropped_and_counted_the_oldest_first(stage: Stage) -> None:
    stage.passes(1)
    for number in range(MOST_HEARD + 5):
        stage.queues.hear(CENTRO, Counted(START + 1_000, LINE, -number), START + 1_000)
    assert stage.meter.counted[FACTS, "dropped"] == 5
    stage.queues.step(0)
    assert stage.meter.counted[FACTS, "negative"] == MOST_HEARD


def test_facts_that_waited_for_a_minute_change_nothing(stage: Stage) -> None:
    stage.queues.hear(CENTRO, Sold(START, POINT), START)
    stage.queues.hear(CENTRO, Counted(START, LINE, 9), START)
    stage.seconds = 61
    stage.queues.step(0)
    assert stage.meter.counted[FACTS, "late"] == 2
    assert not stage.told


def test_whoever_tells_wakes_the_queue_and_never_waits(stage: Stage) -> None:
    stepped = threading.Event()

    def step() -> None:
        stage.queues.step(30)
        stepped.set()

    thread = threading.Thread(target=step)
    thread.start()
    stage.sells()
    assert stepped.wait(5)
    thread.join(5)
    assert stage.meter.counted[FACTS, "taken"] == 1


def test_a_store_that_fails_begins_anew_and_stops_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(stage)
    broken = stage.queues._stores[CENTRO].watch

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(broken, "look", fail)
    stage.counts(3)
    stage.sells(PUERTO)
    stage.counts(3, PUERTO)
    with capture_logs() as logs:
        stage.passes(0.5)
    assert [entry["event"] for entry in logs] == ["queue.store_failed"]
    assert stage.minutes()[-1] is None, "what it told is taken back"
    assert stage.minutes(PUERTO), "the other is told"
    busy(stage)
    assert stage.minutes()[-1] is not None


def test_a_fact_that_fails_is_counted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(stage.queues._stores[CENTRO].watch, "hear", fail)
    stage.sells()
    with capture_logs():
        stage.passes(0.25)
    assert stage.meter.counted[FACTS, "failed"] == 1


def test_a_clock_that_is_set_back_takes_all_back_and_begins_anew_with_what_was_learned(
    stage: Stage,
) -> None:
    busy(stage)
    services(stage, 5)
    learned = stage.queues._stores[CENTRO].watch.lessons.services.sums
    assert stage.minutes()[-1] is not None
    ahead = stage.seconds
    stage.seconds -= 3_600
    with capture_logs() as logs:
        stage.queues.step(0)
        stage.queues.step(0)
    assert [(entry["event"], entry["seconds"]) for entry in logs] == [
        ("queue.clock_set_back", 3_600)
    ]
    assert stage.minutes()[-1] is None
    assert stage.queues._stores[CENTRO].watch.lessons.services.sums.keys() == learned.keys()
    stage.seconds = ahead  # its pace goes on; only what it says is another
    busy(stage)
    assert stage.minutes()[-1] is not None


def test_a_clock_that_is_mended_by_a_few_seconds_forgets_nothing(stage: Stage) -> None:
    busy(stage)
    told = stage.minutes()[-1]
    assert told is not None
    stage.seconds -= 4
    stage.queues.step(0)
    assert stage.minutes()[-1] == told


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────


def test_rows_are_fetched_once(stage: Stage) -> None:
    busy(stage)
    (*_, one) = stage.queues.take_rows().notices
    assert (one.store_id, one.minutes) == (CENTRO, stage.minutes()[0])
    assert not stage.queues.take_rows()


def services(stage: Stage, times: int) -> None:
    for _ in range(times):
        stage.passes(60)
        stage.sells()
        stage.counts(3)
        stage.passes(0.25)


def test_what_was_learned_is_kept_each_quarter_of_an_hour_and_only_if_it_changed(
    stage: Stage,
) -> None:
    busy(stage)
    services(stage, 5)
    assert not stage.queues.lessons(10)
    stage.passes(LESSON_SECONDS)
    (body,) = stage.queues.lessons(10).values()
    assert from_body(body).services.sums
    assert not stage.queues.lessons(10)
    assert not stage.queues.lessons(10, all_of_them=True)
    stage.sells()
    services(stage, 1)
    assert set(stage.queues.lessons(10, all_of_them=True)) == {CENTRO}


def test_a_store_begins_with_what_was_learned_there_before(stage: Stage) -> None:
    busy(stage)
    services(stage, 5)
    lessons = stage.queues.lessons(10, all_of_them=True)
    other = Stage()
    other.queues.arrange({CENTRO: plot(CENTRO)}, {CENTRO: Memory(lessons[CENTRO])})
    other.queues.step(0)
    found = other.queues._stores[CENTRO].watch.lessons.services
    assert found.sums == stage.queues._stores[CENTRO].watch.lessons.services.sums


def test_spoiled_lessons_are_logged_and_begun_anew(stage: Stage) -> None:
    other = Stage()
    with capture_logs() as logs:
        other.queues.arrange({CENTRO: plot(CENTRO)}, {CENTRO: Memory("{")})
        other.queues.step(0)
    assert [(entry["event"], entry["store"]) for entry in logs] == [
        ("queue.lessons_spoiled", CENTRO)
    ]
    busy(other)
    assert other.minutes()


def test_lessons_of_two_arrangements_before_one_step_are_both_there() -> None:
    stage = Stage()
    stage.queues.arrange({CENTRO: plot(CENTRO)}, {CENTRO: Memory('{"services":[],"usual":{}}')})
    stage.queues.arrange({CENTRO: plot(CENTRO), PUERTO: plot(PUERTO)}, {PUERTO: Memory("{")})
    with capture_logs() as logs:
        stage.queues.step(0)
    assert [entry["store"] for entry in logs] == [PUERTO]
