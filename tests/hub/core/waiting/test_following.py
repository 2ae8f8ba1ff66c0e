"""What each fact changes about a line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.crowd import MOST_WAITING
from hub.core.waiting.facts import (
    Called,
    Counted,
    Drew,
    Entered,
    Fact,
    Left,
    LineId,
    Sold,
    Source,
    Staffed,
)
from hub.core.waiting.following import HANDLERS, advanced, after
from hub.core.waiting.queue import begun, by_length, chances, is_watched
from hub.core.waiting.services import Services
from shared.places import PointId
from tests.hub.core.waiting.lines import LINE, NAME, POINTS, START, open_queue, rush, told

SERVICES = Services()
NOW = START + 1_000


def test_every_kind_of_fact_has_its_place_in_the_table() -> None:
    assert set(HANDLERS) == {Sold, Counted, Entered, Left, Drew, Called, Staffed}


def test_a_fact_of_before_changes_nothing() -> None:
    queue = open_queue(4, 5)
    assert after(queue, Counted(NOW - 1, NAME, 50), SERVICES).queue is queue
    assert advanced(queue, NOW - 1, SERVICES) is queue


def test_a_count_that_rises_adds_somebody_now_and_a_sale_lets_the_first_step_up() -> None:
    queue = open_queue(4, 2)
    queue = told(queue, [Counted(NOW + 30_000, NAME, 3)])
    assert [who.at for who in queue.waiting] == [NOW, NOW, NOW + 30_000]
    queue = told(queue, [Sold(NOW + 40_000, POINTS[0])])
    assert [who.at for who in queue.waiting] == [NOW, NOW + 30_000]
    assert queue.stepped is not None
    assert queue.stepped.waited == 40_000
    queue = told(queue, [Counted(NOW + 41_000, NAME, 2)])
    assert len(queue.waiting) == 2


def test_whom_a_first_count_finds_joined_nobody_knows_when() -> None:
    queue = told(open_queue(4, 9), [Sold(NOW + 40_000, POINTS[0])])
    assert len(queue.waiting) == 8
    assert not queue.waiting[0].known
    assert queue.stepped is None
    assert queue.agreement.known == 0


def test_a_gap_before_a_line_is_a_service_and_any_other_is_not() -> None:
    queue = told(open_queue(4, 8), [Sold(NOW + 10_000, POINTS[0])])
    done = after(queue, Sold(NOW + 90_000, POINTS[0]), SERVICES)
    assert done.register is not None
    assert (done.register.point_id, done.took) == (POINTS[0], 80_000)
    alone = told(open_queue(4, 0), [Counted(NOW + 60_000, NAME, 0)])
    assert after(alone, Sold(NOW + 90_000, POINTS[0]), SERVICES).took == 0


def test_a_sale_at_a_register_of_another_line_changes_nothing_but_the_time() -> None:
    queue = open_queue(4, 3)
    other = told(queue, [Sold(NOW + 1, PointId("caja-99"))])
    assert other.registers[0].sold_at == queue.registers[0].sold_at
    assert other.waiting == queue.waiting


def test_a_register_that_is_silent_before_a_line_is_found_closed_and_open_at_its_next_sale() -> (
    None
):
    queue, services = open_queue(4, 12), SERVICES
    facts = [fact for fact in rush(NOW, 900) if not _of(fact, POINTS[3])]
    queue = told(queue, facts)
    assert chances(queue, services)[3] < 0.1
    assert chances(queue, services)[0] > 0.8
    assert queue.open == 3
    queue = told(queue, [Sold(queue.at + 1, POINTS[3])])
    assert chances(queue, services)[3] > 0.9
    assert queue.open == 4


def _of(fact: Fact, point: PointId) -> bool:
    return isinstance(fact, Sold) and fact.point_id == point


def test_a_steady_rush_is_estimated_as_what_it_is() -> None:
    queue = told(open_queue(4, 12), rush(NOW, 1_800))
    assert by_length(queue, SERVICES).mean == pytest.approx(13 * 22_500, rel=0.1)
    assert queue.agreement.holds
    assert queue.stepped is not None
    assert queue.stepped.waited == pytest.approx(12 * 22_500, rel=0.15)


def test_a_single_count_that_cannot_be_is_not_believed_and_a_second_one_is() -> None:
    queue = open_queue(4, 3)
    odd = told(queue, [Counted(NOW + 5_000, NAME, 90)])
    assert odd.crowd.waiting < 6
    assert odd.counter.contradictions == 1
    confirmed = told(odd, [Counted(NOW + 10_000, NAME, 88)])
    assert confirmed.crowd.waiting == pytest.approx(88, abs=3)


def test_a_dead_counter_leaves_the_line_to_sales_and_widens_it() -> None:
    queue = told(open_queue(4, 12), rush(NOW, 600))
    sales = [fact for fact in rush(queue.at, 900) if isinstance(fact, Sold)]
    later = told(queue, sales)
    assert not is_watched(later)
    assert later.crowd.moments()[1] > 20 * queue.crowd.moments()[1]
    assert by_length(later, SERVICES).deviation > 1.5 * by_length(queue, SERVICES).deviation


def test_who_entered_and_left_is_known_to_the_second() -> None:
    facts: list[Fact] = [Sold(START + n, point) for n, point in enumerate(POINTS)]
    facts += [Entered(NOW + 1_000 * second, NAME) for second in range(8)]
    facts += [Left(NOW + 8_000 + second, NAME) for second in range(5)]
    queue = told(begun(LINE, START), facts)
    assert queue.inside == 3
    assert [who.at - NOW for who in queue.waiting] == [5_000, 6_000, 7_000]
    assert queue.stepped is not None
    assert queue.stepped.waited == 8_004 - 4_000
    assert queue.crowd.waiting == pytest.approx(3, abs=0.2)
    assert told(queue, [Left(NOW + 9_000, NAME)] * 9).inside == 0


def test_a_ticket_tells_who_came_when_and_skipped_ones_are_gone() -> None:
    drawn = [Drew(NOW + 1_000 * n, NAME, f"A{n}") for n in range(4)]
    queue = told(open_queue(2), [*drawn, Called(NOW + 60_000, NAME, "A2")])
    assert [who.ticket for who in queue.waiting] == ["A3"]
    assert queue.stepped is not None
    assert queue.stepped.waited == 58_000
    assert queue.inside == 1
    again = told(queue, [Called(NOW + 61_000, NAME, "A2"), Called(NOW + 61_000, NAME, "Z")])
    assert again.waiting == queue.waiting


def test_a_roster_only_helps() -> None:
    queue = begun(LINE, START)
    said = told(queue, [Staffed(START + 1, POINTS[0], open=True)])
    assert chances(queue, SERVICES)[0] < chances(said, SERVICES)[0] < 0.5


facts = st.one_of(
    st.builds(Sold, st.integers(0, 7_200_000), st.sampled_from(POINTS)),
    st.builds(
        Counted,
        st.integers(0, 7_200_000),
        st.just(NAME),
        st.integers(-5, 400),
        st.sampled_from(Source),
    ),
    st.builds(Entered, st.integers(0, 7_200_000), st.just(NAME)),
    st.builds(Left, st.integers(0, 7_200_000), st.just(NAME)),
    st.builds(Drew, st.integers(0, 7_200_000), st.just(NAME), st.sampled_from("abc")),
    st.builds(Called, st.integers(0, 7_200_000), st.just(NAME), st.sampled_from("abc")),
    st.builds(Staffed, st.integers(0, 7_200_000), st.sampled_from(POINTS), st.booleans()),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(facts, max_size=40), st.booleans())
def test_whatever_is_told_and_in_whatever_order_there_is_an_estimate(
    happens: list[Fact], in_order: bool
) -> None:
    queue = begun(LINE, START)
    for fact in sorted(happens, key=lambda one: one.at) if in_order else happens:
        queue = told(queue, [fact._replace(at=START + fact.at)])
        estimate = by_length(queue, SERVICES)
        assert estimate.mean >= 0
        assert estimate.deviation < 1e9
        assert len(queue.waiting) <= MOST_WAITING + 10
        assert sum(queue.crowd.chances) == pytest.approx(1)


def test_a_line_has_a_name() -> None:
    assert LineId("line-1") == NAME
