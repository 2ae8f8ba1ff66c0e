"""One store under watch: notices out, rows kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.hours import HOUR_MS, Hours
from hub.core.waiting.alarming import Kind
from hub.core.waiting.book import AlertKey, AlertRow, Memory, Rows
from hub.core.waiting.choosing import Because
from hub.core.waiting.facts import Counted, Entered, Fact, Left, LineId, Sold, Staffed
from hub.core.waiting.floor import choices
from hub.core.waiting.layout import Layout
from hub.core.waiting.lessons import Lessons
from hub.core.waiting.noticing import Terms, Withdrawn
from hub.core.waiting.posting import Plot, Stand
from hub.core.waiting.watching import QUIET_AFTER_MS, ROW_EVERY_MS, Watch
from shared.places import KioskId, PointId, StoreId
from tests.hub.core.waiting.lines import LINE, NAME, POINTS, START, rush

CENTRO, MADRID = StoreId("centro"), Hours("Europe/Madrid")
KIOSK = KioskId("k-1")
PLOT = Plot(CENTRO, "Europe/Madrid", Layout(1, (LINE,)), (Stand(KIOSK, POINTS[0]),))
BEGINS = [Sold(START + n, point) for n, point in enumerate(POINTS)]
BUSY = [*BEGINS, *rush(START + 1_000, 600)]
NOW = START + 601_000


def watch(plot: Plot = PLOT, memory: Memory | None = None) -> Watch:
    return Watch(plot, MADRID, START, memory or Memory(), Lessons())


def told(one: Watch, facts: Iterable[Fact] = BUSY) -> Rows:
    """Everything heard at once, with a look every five seconds."""
    rows, looks = Rows(), START
    for fact in facts:
        while looks < fact.at:
            one.look(looks, rows, whole=True)
            looks += 5_000
        one.hear(fact, fact.at, fact.at, rows)
    return rows


def test_a_rush_is_told_and_kept() -> None:
    one = watch()
    rows = told(one)
    notices = one.look(NOW, rows, whole=True)
    kept = rows.notices[-1]
    assert kept.minutes in (6, 7, 8)
    notice = notices.get(KIOSK)
    assert notice is None or notice.minutes == kept.minutes
    assert (kept.store_id, kept.line_id, kept.withdrawn) == (CENTRO, NAME, None)
    assert kept.low is not None
    assert kept.low < (kept.middle or 0) < (kept.high or 0)
    assert 10 < kept.waiting < 14
    assert 3.5 < kept.open <= 4.0


def test_what_a_line_tells_is_kept_at_every_change_and_once_a_minute() -> None:
    rows = told(watch())
    said = [(one.minutes, one.withdrawn, one.quickest) for one in rows.notices]
    gaps = [b.at - a.at for a, b in zip(rows.notices, list(rows.notices)[1:], strict=False)]
    same = [gap for gap, a, b in zip(gaps, said, said[1:], strict=False) if a == b]
    assert same
    assert all(ROW_EVERY_MS <= gap < ROW_EVERY_MS + 5_000 for gap in same)
    assert max(gaps) < ROW_EVERY_MS + 5_000


def test_who_entered_service_is_kept_with_what_they_had_been_told() -> None:
    one = watch()
    rows = told(one)
    judged = [wait for wait in rows.waits if wait.told is not None]
    assert judged
    assert all(wait.waited > 0 for wait in judged)
    (key,) = rows.outcomes
    assert key == (CENTRO, MADRID.hour_of(START).start, NAME)
    outcome = rows.outcomes[key]
    assert outcome.told == len(judged)
    assert outcome.told + outcome.untold == len(rows.waits)


def test_an_hour_of_outcomes_begins_where_the_hour_of_the_store_does() -> None:
    zone = "Asia/Kolkata"
    one = Watch(replace(PLOT, zone=zone), Hours(zone), START, Memory(), Lessons())
    rows = told(one)
    assert all(key.hour % HOUR_MS == HOUR_MS // 2 for key in rows.outcomes)


def test_silence_withdraws_and_then_the_store_is_left_alone() -> None:
    one = watch()
    told(one)
    one.look(NOW, Rows(), whole=True)
    silent = BUSY[-1].at + 1_000 * Terms().silent_seconds + 1
    rows = Rows()
    assert one.look(silent, rows, whole=True) == {KIOSK: None}
    assert rows.notices[-1].withdrawn == Withdrawn.STALE
    assert one.is_awake(silent)
    assert not one.is_awake(silent + QUIET_AFTER_MS)


def test_what_came_long_ago_and_what_is_of_no_line_changes_nothing() -> None:
    one = watch()
    floor = one.floor
    assert one.hear(Sold(START, POINTS[0]), START, START + 60_001, Rows()) == "late"
    assert one.hear(Sold(START, PointId("servicio")), START, START, Rows()) == "elsewhere"
    assert one.floor is floor
    assert one.hear(Counted(START, LineId("x"), 1), START, START, Rows()) == "unknown_line"
    assert one.hear(Counted(START, NAME, -1), START, START, Rows()) == "negative"
    assert one.hear(Counted(START, NAME, 1), START, START, Rows()) == "taken"


def test_a_sale_and_its_record_are_one_service() -> None:
    once, twice = watch(), watch()
    told(once)
    facts: list[Fact] = [fact for fact in BUSY for _ in range(2 if isinstance(fact, Sold) else 1)]
    told(twice, facts)
    assert once.floor.queues == twice.floor.queues
    assert once.lessons == twice.lessons


def test_doubts_are_written_when_they_change() -> None:
    one, rows = watch(), Rows()
    one.look(START, rows, whole=True)
    assert [doubt.what.value for doubt in rows.doubts[CENTRO]] == ["no_counter"]
    again = Rows()
    one.look(START + 5_000, again, whole=True)
    assert not again.doubts
    one.hear(Counted(START + 6_000, NAME, 0), START + 6_000, START + 6_000, again)
    one.look(START + 10_000, again, whole=True)
    assert again.doubts == {CENTRO: ()}


def test_other_terms_are_told_at_once_and_the_lines_go_on() -> None:
    one = watch()
    told(one)
    before, rows = one.floor.queues, Rows()
    blunt = replace(PLOT.layout, serial=2, terms=Terms(widest_minutes=0.1, widest_share=0.0))
    one.look(NOW, rows, whole=False)
    one.rearrange(replace(PLOT, layout=blunt), NOW)
    assert one.floor.queues.keys() == before.keys()
    assert one.look(NOW + 300, rows, whole=False) == {KIOSK: None}


def test_a_kiosk_that_moved_or_left_keeps_no_notice() -> None:
    one = watch()
    told(one)
    one.look(NOW, Rows(), whole=False)
    other = KioskId("k-2")
    one.rearrange(replace(PLOT, stands=(Stand(other, POINTS[1]),)), NOW)
    found = one.look(NOW + 300, Rows(), whole=False)
    assert found.keys() == {KIOSK, other}
    assert found[KIOSK] is None
    assert found[other] is not None


def test_a_store_that_tells_no_waits_any_more_takes_all_back() -> None:
    key = AlertKey(CENTRO, NAME, Kind.LINE_LONG, START - 1)
    one, rows = watch(memory=Memory(alerts={key: AlertRow(2)})), Rows()
    assert one.is_awake(START), "an alert that stood has to be cleared though nobody tells anything"
    told(one)
    one.look(NOW, Rows(), whole=False)
    assert one.end(NOW + 1, rows) == {KIOSK: None}
    assert rows.doubts == {CENTRO: ()}


def test_what_was_told_is_told_no_more_of_whom_came_before() -> None:
    """A shopper who joined before anything was told was told nothing."""
    one, rows = watch(), Rows()
    for fact in BUSY:
        one.hear(fact, fact.at, fact.at, rows)
    assert {wait.told for wait in rows.waits} == {None}


def test_that_a_line_rests_on_something_else_is_kept_at_once() -> None:
    one = watch()
    rows, rested = told(one), set[str]()
    for later in range(5_000, 100_000, 5_000):
        one.look(NOW + later, rows, whole=True)
        rested.add(rows.notices[-1].because)
        assert rows.notices[-1].because == choices(one.floor)[NAME].because
    assert rested == {Because.AGREES, Because.COUNTER_SILENT}


anything = st.one_of(
    st.builds(Sold, st.integers(-70_000, 900_000), st.sampled_from([*POINTS, PointId("x")])),
    st.builds(
        Counted,
        st.integers(-70_000, 900_000),
        st.sampled_from([NAME, LineId("x")]),
        st.integers(-3, 400),
    ),
    st.builds(Entered, st.integers(0, 900_000), st.just(NAME)),
    st.builds(Left, st.integers(0, 900_000), st.just(NAME)),
    st.builds(Staffed, st.integers(0, 900_000), st.sampled_from(POINTS), st.booleans()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(anything, st.integers(0, 90_000)), max_size=30))
def test_whatever_a_store_tells_what_stands_on_its_kiosk_is_sound(
    facts: list[tuple[Fact, int]],
) -> None:
    """Contradictory, late, absurd: the kiosk has what the line told last, or nothing."""
    one, rows, stands, now = watch(), Rows(), None, START
    for fact, later in facts:
        now += later
        one.hear(fact._replace(at=START + fact.at), now, now, rows)
        found = one.look(now, rows, whole=later % 2 == 0)
        stands = found.get(KIOSK, stands)
        assert stands is None or 0 <= stands.minutes <= 60
        told_now = one.floor.shown[NAME]
        assert (None if stands is None else stands.minutes) == told_now
    keys = [(row.line_id, row.at) for row in rows.notices]
    assert all(0 <= row.waiting < 400 and 0 <= row.open <= 4 for row in rows.notices)
    assert keys == sorted(keys)
