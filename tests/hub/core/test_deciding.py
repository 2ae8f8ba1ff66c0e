"""Suspects by day and code, and what a decision about them changes."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.deciding import Decision, Suspects, changed, decided, summed
from hub.core.figures import Days
from hub.core.hours import DAY_MS, HOUR_MS, Hours
from hub.core.tallying import NONE, Counted, Counts, add, by_hour, contribution
from shared.visits import Face, Visit
from tests.fakes.kiosk import NOON, visit

HOURS = Hours("Europe/Madrid")
DAY = HOURS.hour_of(NOON).day
COUNT = Decision(DAY, "burst", True, NOON, "ana")
LEAVE = replace(COUNT, counted=False)


def suspect(code: str, face: Face = Face.SAD) -> Visit:
    return replace(visit(face=face, reason="wait"), suspect=code)


def test_suspects_are_summed_by_local_day_and_code_the_latest_first() -> None:
    rows = [(NOON, "burst", 2), (NOON + HOUR_MS, "burst", 3), (NOON, "haste", 1)]
    rows += [(NOON + DAY_MS, "haste", 4), (NOON + 9 * DAY_MS, "burst", 7)]
    found = summed(HOURS, rows, {(DAY, "burst"): COUNT}, Days(DAY, DAY + 1))
    assert found == [
        Suspects(DAY + 1, "haste", 4),
        Suspects(DAY, "burst", 5, COUNT),
        Suspects(DAY, "haste", 1),
    ]
    assert [one.counted for one in found] == [False, True, False]


def test_a_decision_moves_those_of_its_day_and_code_alone() -> None:
    stored = [(NOON, suspect("burst")), (NOON, suspect("haste")), (NOON + DAY_MS, suspect("burst"))]
    counts = changed(HOURS, stored, NONE, decided(NONE, COUNT))
    hour = HOURS.hour_of(NOON)
    plain = contribution(replace(stored[0][1], suspect=None), hour)
    assert counts == {contribution(stored[0][1], hour): -1, plain: 1}


def test_a_decision_twice_moves_nothing_the_second_time() -> None:
    after = decided(NONE, COUNT)
    assert changed(HOURS, [(NOON, suspect("burst"))], after, decided(after, COUNT)) == {}
    assert decided(after, LEAVE) == decided(NONE, LEAVE) == NONE


CODES = st.sampled_from(["burst", "haste", "later"])
VISITS = st.lists(
    st.tuples(st.integers(0, 60).map(lambda n: NOON + n * HOUR_MS), st.builds(suspect, CODES)),
    max_size=12,
)
DECISIONS = st.lists(
    st.builds(Decision, st.integers(DAY, DAY + 3), CODES, st.booleans(), st.just(1), st.just("a")),
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(VISITS, DECISIONS)
def test_after_any_decisions_the_tallies_are_those_of_a_recount(
    stored: list[tuple[int, Visit]], decisions: list[Decision]
) -> None:
    stands, known = _counted(stored, NONE), NONE
    for one in decisions:
        after = decided(known, one)
        add(stands, changed(HOURS, stored, known, after))
        known = after
    assert by_hour(stands) == by_hour(_counted(stored, known))


def _counted(stored: list[tuple[int, Visit]], counted: Counted) -> Counts:
    counts: Counts = {}
    for at, one in stored:
        add(counts, {contribution(one, HOURS.hour_of(at), counted): 1})
    return counts
