"""All lines of a store: facts find their line, and every line tells something."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.choosing import Method
from hub.core.waiting.facts import Counted, Fact, Line, LineId, Sold
from hub.core.waiting.floor import Floor, choices, heard, laid_out, line_of, looked, utc
from hub.core.waiting.noticing import Terms, Withdrawn
from hub.core.waiting.outcomes import Rightness, outcome
from hub.core.waiting.trusting import Fault
from hub.core.waiting.usual import QUARTER_MS
from shared.places import PointId
from tests.bench.judge_waits import History, judge, rase, store_of
from tests.bench.store_day import DAY, Plan, a_day, two_peaks
from tests.hub.core.waiting.lines import LINE, NAME, POINTS, START, rush

TERMS = Terms()
SELF = LineId("self")
LANES = [Line(LineId(f"lane-{n + 1}"), (POINTS[n],), counts_served=True) for n in range(4)]


def one_line() -> Floor:
    return laid_out([LINE], START)


def after_facts(floor: Floor, facts: list[Fact]) -> Floor:
    for fact in facts:
        floor = heard(floor, fact, fact.at).floor
    return floor


def test_a_rush_is_told_in_minutes() -> None:
    begins = [Sold(START + n, point) for n, point in enumerate(POINTS)]
    floor = after_facts(one_line(), [*begins, *rush(START + 1_000, 600)])
    look = looked(floor, START + 601_000, TERMS)
    assert look.tellings[NAME].minutes in (6, 7, 8)
    assert look.tellings[NAME].choice.method is Method.QUEUE_LENGTH
    assert look.quickest is None
    assert look.floor.shown == {NAME: look.tellings[NAME].minutes}


def test_a_store_that_is_silent_tells_nothing() -> None:
    assert looked(one_line(), START + 5, TERMS).tellings[NAME].withdrawn is Withdrawn.STALE


def test_a_fact_that_is_an_instant_late_is_not_lost() -> None:
    floor = after_facts(one_line(), [Counted(START + 10_000, NAME, 0)])
    done = heard(floor, Sold(START + 9_500, POINTS[0]), START + 10_100)
    assert done.fault is None
    assert done.floor.queues[NAME].registers[0].sold_at == START + 10_000


def test_whoever_enters_service_is_told_for_the_judgement() -> None:
    begins = [Sold(START + n, point) for n, point in enumerate(POINTS)]
    floor = after_facts(one_line(), [*begins, Counted(START + 1_000, NAME, 3)])
    done = heard(floor, Sold(START + 61_000, POINTS[0]), START + 61_000)
    assert done.line_id == NAME
    assert done.stepped is not None
    assert done.stepped.waited == 60_000
    assert heard(floor, Counted(START + 61_000, NAME, 3), START + 61_000).stepped is None


def test_what_a_service_takes_is_learned_by_the_store_s_hours_also_when_its_clocks_change() -> None:
    change, hour = START + 2 * QUARTER_MS, 3_600_000
    floor = laid_out([LINE], START, offset=lambda at: 2 * hour if at < change else hour)
    facts = rush(START + 1_000, 4 * QUARTER_MS // 1_000)
    floor = after_facts(floor, [Sold(START, POINTS[0]), *facts])
    taught = {cell[1] for cell in floor.services.sums if cell[1] is not None}
    local = {(at + floor.offset(at)) // hour % 24 for at in (START + 1_000, facts[-1].at)}
    assert taught == local
    assert floor.services.ahead == hour


def test_nonsense_changes_no_line() -> None:
    floor = one_line()
    done = heard(floor, Counted(START, NAME, -4), START)
    assert done.fault is Fault.NEGATIVE
    assert done.floor.queues == floor.queues
    assert heard(floor, Sold(START, PointId("caja-99")), START).fault is Fault.UNKNOWN_LINE


def test_each_sale_finds_the_lane_of_its_register() -> None:
    floor = laid_out(LANES, START, [line.line_id for line in LANES])
    assert line_of(floor, Sold(START, POINTS[2])) == LANES[2].line_id
    assert line_of(floor, Sold(START, PointId("other"))) is None


def test_a_lane_that_is_far_quicker_is_named() -> None:
    floor = laid_out(LANES[:2], START, [line.line_id for line in LANES[:2]])
    facts: list[Fact] = [Sold(START + n, POINTS[n]) for n in range(2)]
    facts += [Counted(START + 10, LANES[0].line_id, 0), Counted(START + 10, LANES[1].line_id, 9)]
    look = looked(after_facts(floor, facts), START + 20, TERMS)
    assert look.quickest == LANES[0].line_id
    unsure = frozenset([LANES[0].line_id])
    look = looked(after_facts(floor, facts), START + 20, TERMS, unsure)
    assert look.quickest is None, "it was found as it was: who knows whether it is empty"
    assert look.tellings[LANES[0].line_id].withdrawn is Withdrawn.WIDE
    assert look.tellings[LANES[1].line_id].minutes == look.floor.shown[LANES[1].line_id]


def test_lines_of_a_mixture_are_each_estimated() -> None:
    mixed = laid_out([LINE, Line(SELF, (PointId("self-1"),))], START)
    assert set(choices(mixed)) == {NAME, SELF}


def test_what_came_in_a_quarter_of_an_hour_is_usual_next_time() -> None:
    begins = [Sold(START + n, point) for n, point in enumerate(POINTS)]
    floor = after_facts(one_line(), [*begins, *rush(START + 1_000, 1_200)])
    rate = floor.usual[NAME].rate(START)
    assert rate == pytest.approx(1 / 22_500, rel=0.35)
    assert floor.queues[NAME].arrivals.usual == rate
    sold = [Sold(START + 1_000 * second, POINTS[second % 4]) for second in range(10, 1_200, 30)]
    alone = after_facts(one_line(), [*sold])
    assert alone.usual[NAME].rate(START) == pytest.approx(1 / 30_000, rel=0.1)
    assert START % QUARTER_MS == 0


def test_what_is_usual_is_so_by_the_clocks_of_the_store() -> None:
    ahead = 3_600_000
    begins = [Sold(START + n, point) for n, point in enumerate(POINTS)]
    there = laid_out([LINE], START, offset=lambda _: ahead)
    floor = after_facts(there, [*begins, *rush(START + 1_000, 1_200)])
    usual = floor.usual[NAME]
    assert usual.rate(START) is None
    assert usual.rate(START + ahead) == floor.queues[NAME].arrivals.usual
    assert utc(START) == 0


facts = st.one_of(
    st.builds(Sold, st.integers(-(10**5), 10**6), st.sampled_from([*POINTS, PointId("x")])),
    st.builds(
        Counted, st.integers(-(10**5), 10**6), st.sampled_from([NAME, SELF]), st.integers(-3, 400)
    ),
)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(facts, st.integers(0, 10**6)), max_size=30))
def test_whatever_is_heard_whenever_every_line_tells_or_says_why_not(
    heard_at: list[tuple[Fact, int]],
) -> None:
    floor, now = one_line(), START
    for fact, ms in heard_at:
        now = max(now, START + ms)
        floor = heard(floor, fact._replace(at=START + fact.at), now).floor
        look = looked(floor, now, TERMS)
        floor = look.floor
        telling = look.tellings[NAME]
        assert (telling.minutes is None) == (telling.withdrawn is not None)


def test_on_a_simulated_day_it_is_far_better_than_a_mean_of_the_last_30() -> None:
    """One day of those that `make bench` judges many of, by a hub that knows nothing before."""
    plan = Plan(two_peaks(1.125), 5.0, tuple((number, 0, DAY) for number in range(4)), cv=0.7)
    told = list(judge(plan, a_day(plan, 7), store_of(plan, History())))
    waited = [one for one in told if one.waited > 0]
    mine = rase([(one.waited, one.estimate) for one in waited])
    assert mine < rase([(one.waited, one.rolling) for one in waited]) / 2
    assert mine < 0.12
    right = sum((outcome(one.told, one.waited) for one in waited), Rightness())
    assert right.too_short <= 0.1 * right.told
    assert right.untold <= 0.05 * len(waited)
