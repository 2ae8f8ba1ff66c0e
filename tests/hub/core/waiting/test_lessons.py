"""What was learned comes back as it was; what is spoiled is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.floor import heard, laid_out
from hub.core.waiting.lessons import Lessons, from_body, lessons_of, to_body
from hub.core.waiting.services import Services
from hub.core.waiting.usual import Usual
from shared.errors import WordError
from tests.hub.core.waiting.lines import LINE, NAME, POINTS, START, rush

HOURS = st.integers(0, 23)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(POINTS), HOURS, st.floats(2_000, 400_000)), max_size=20),
    st.lists(
        st.tuples(st.integers(0, 2**42), st.floats(0, 500), st.floats(0, 900_000)), max_size=9
    ),
)
def test_lessons_come_back_as_they_were(
    sold: list[tuple[object, int, float]], came: list[tuple[int, float, float]]
) -> None:
    services, usual = Services(), Usual()
    for point, hour, ms in sold:
        services = services.learned(point, hour, ms)  # type: ignore[arg-type]
    for at, people, ms in came:
        usual = usual.learned(at, people, ms)
    found = from_body(to_body(Lessons(services, {NAME: usual})))
    assert found.services.sums.keys() == services.sums.keys()
    for cell, one in services.sums.items():
        assert found.services.sums[cell] == pytest.approx(one, abs=0.01)
    assert found.usual[NAME].seen.keys() == usual.seen.keys()
    for place, seen in usual.seen.items():
        assert found.usual[NAME].seen[place] == pytest.approx(seen, abs=1)


def test_what_a_floor_learned_is_small() -> None:
    floor = laid_out([LINE], START)
    for fact in rush(START + 1_000, 1_800):
        floor = heard(floor, fact, fact.at).floor
    lessons = lessons_of(floor)
    assert lessons.services.sums
    assert len(to_body(lessons)) < 1_000


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{}",
        "[" * 100_000,
        '{"services":[],"usual":[]}',
        '{"services":[["caja-1",24,1,1,1]],"usual":{}}',
        '{"services":[["caja-1",1,-1,1,1]],"usual":{}}',
        '{"services":[["caja-1",1,NaN,1,1]],"usual":{}}',
        '{"services":[["caja-1",1,1,1]],"usual":{}}',
        '{"services":[[7,1,1,1,1]],"usual":{}}',
        '{"services":[["caja-1",[],1,1,1]],"usual":{}}',
        '{"services":[],"usual":{"line-1":[[672,1,1]]}}',
        '{"services":[],"usual":{"line-1":[[0,"1",1]]}}',
        '{"services":[],"usual":{"line-1":[[true,1,1]]}}',
    ],
)
def test_what_is_spoiled_is_refused(body: str) -> None:
    with pytest.raises(WordError, match="lessons"):
        from_body(body)
