"""Which notice hangs on the resting page, how old it is, and when it comes down by itself."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.clock import TrueTime
from kiosk.core.noticeboard import AHEAD_MS, Noticeboard
from shared.moments import Moment
from shared.notices import Notice

NOON = 1_760_000_000_000
"""The true time at boot time 0."""


@dataclass
class Wall:
    """A noticeboard, and a clock whose hands can be set; the boot clock nobody can set."""

    boot: int = 100_000
    off: int = 0
    synced: bool = True
    time: TrueTime = field(default_factory=TrueTime)

    def __post_init__(self) -> None:
        self.board = Noticeboard(self.time)

    def now(self) -> Moment:
        moment = Moment(NOON + self.boot + self.off, self.boot, self.synced)
        self.time.observe(moment)
        return moment

    def made(self, minutes: int = 5, age: int = 0, fresh: int = 60) -> Notice:
        """A notice that the hub made so many seconds ago."""
        return Notice(NOON + self.boot - age * 1_000, minutes, fresh)

    def came(self, notice: Notice | None) -> None:
        self.board.came(notice, self.now())

    def later(self, seconds: int) -> None:
        self.boot += seconds * 1_000

    def minutes(self) -> int | None:
        shown = self.board.shown(self.now())
        return None if shown is None else shown.minutes


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.mark.assertion("SEM-NOT-001")
def test_it_comes_down_by_itself_when_its_time_has_elapsed(wall: Wall) -> None:
    wall.came(wall.made(5, age=20, fresh=60))
    wall.later(39)
    assert wall.minutes() == 5
    wall.later(1)
    assert wall.minutes() is None


@pytest.mark.assertion("SEM-NOT-002")
def test_what_was_taken_back_is_gone_at_once(wall: Wall) -> None:
    wall.came(wall.made(5))
    wall.came(None)
    assert wall.minutes() is None
    wall.came(wall.made(6, age=-1))
    assert wall.minutes() == 6


@pytest.mark.assertion("SEM-NOT-003")
@pytest.mark.parametrize("taken_back", [False, True])
def test_an_older_one_and_the_same_once_more_change_nothing(wall: Wall, taken_back: bool) -> None:
    hangs, older = wall.made(5), wall.made(9, age=1)
    wall.came(hangs)
    if taken_back:
        wall.came(None)
    before = wall.minutes()
    for again in (older, hangs):
        wall.came(again)
        assert wall.minutes() == before


@pytest.mark.assertion("SEM-NOT-003")
def test_one_that_is_handed_out_again_after_a_cut_is_no_younger(wall: Wall) -> None:
    kept = wall.made(5)
    wall.came(kept)
    wall.later(50)
    wall.came(kept)
    assert wall.board.age(wall.now()) == 50
    wall.later(10)
    wall.came(kept)
    assert wall.minutes() is None


@pytest.mark.parametrize("hours", [-3, -1, 1, 3])
def test_hands_that_are_set_offline_make_it_neither_younger_nor_older(
    wall: Wall, hours: int
) -> None:
    wall.came(wall.made(5))
    wall.off = hours * 3_600_000
    wall.later(30)
    assert (wall.minutes(), wall.board.age(wall.now())) == (5, 30)
    wall.later(30)
    assert wall.minutes() is None
    wall.off = 0
    assert wall.minutes() is None


@pytest.mark.assertion("SEM-NOT-004")
@pytest.mark.parametrize(("age", "shown"), [(0, 5), (29, 5), (30, None), (90_000, None)])
def test_after_a_restart_what_the_broker_kept_waits_for_a_clock_that_is_right(
    age: int, shown: int | None
) -> None:
    wall = Wall(boot=8_000, off=-86_400_000, synced=False)  # as a Pi wakes: yesterday
    wall.came(wall.made(5, age=age))
    assert wall.minutes() is None
    wall.later(30)
    assert wall.minutes() is None
    wall.off, wall.synced = 0, True
    assert wall.minutes() == shown


@pytest.mark.assertion("SEM-NOT-004")
def test_two_words_of_the_hub_make_the_clock_right_as_well() -> None:
    wall = Wall(off=-86_400_000, synced=False)
    wall.came(wall.made(5))
    for _ in range(2):
        assert wall.minutes() is None
        wall.later(5)
        wall.time.heard(NOON + wall.boot, wall.now())
    assert (wall.minutes(), wall.board.age(wall.now())) == (5, 10)


def test_one_of_tomorrow_is_not_believed_and_stands_in_nobodys_way(wall: Wall) -> None:
    wall.came(wall.made(5, age=-86_400))
    assert wall.minutes() is None
    wall.came(wall.made(6))
    assert wall.minutes() == 6
    wall.came(wall.made(7, age=-86_400))
    assert wall.minutes() == 6


def test_one_of_tomorrow_that_came_before_the_time_was_known_goes_when_it_is() -> None:
    wall = Wall(synced=False)
    wall.came(wall.made(5, age=-86_400))
    wall.synced = True
    assert wall.minutes() is None
    wall.came(wall.made(6))
    assert wall.minutes() == 6


def test_a_hub_a_little_ahead_is_believed_but_for_no_longer_than_others(wall: Wall) -> None:
    wall.came(wall.made(5, age=-AHEAD_MS // 1_000))
    assert (wall.minutes(), wall.board.age(wall.now())) == (5, 0)
    wall.later(60)
    assert wall.minutes() is None


def test_a_hub_whose_clock_was_set_back_is_heard_again_once_the_old_word_is_stale(
    wall: Wall,
) -> None:
    wall.came(wall.made(5, age=-50))
    wall.later(60)
    wall.came(wall.made(6, age=30))
    assert wall.minutes() == 6


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40),  # seconds go by
            st.sampled_from(["notice", "again", "back", "hands", "hands right", "nothing"]),
            st.integers(-200, 200),  # how old a notice is, or where the hands are set
        ),
        max_size=30,
    )
)
@settings(deadline=None, max_examples=150)
def test_whatever_happens_nothing_is_shown_for_longer_than_it_is_fresh(
    steps: list[tuple[int, str, int]],
) -> None:
    wall, first, made = Wall(), dict[int, int](), [Wall().made(minutes=0, age=300)]
    for seconds, what, number in steps:
        wall.later(seconds)
        if what == "notice":
            one = wall.made(minutes=len(made), age=number)
            made += [one] if one.at > made[-1].at else []
        if what in ("notice", "again"):
            wall.came(made[-1])
        elif what == "back":
            wall.came(None)
        elif what.startswith("hands"):
            wall.off = number * 60_000 if what == "hands" else 0
        if (shown := wall.minutes()) is not None:
            ends = first.setdefault(shown, wall.boot) + 60_000
            assert shown == max(first), "an older one came back"
            assert wall.boot < wall.board.changes_at(wall.now()) <= ends
            assert (wall.boot - first[shown]) // 1_000 <= wall.board.age(wall.now()) + 9
