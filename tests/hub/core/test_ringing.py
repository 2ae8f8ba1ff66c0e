"""Who comes next in a rollout, when it halts, and that a register always asks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.fleet import FleetView, KioskKey
from hub.core.ringing import (
    LONGEST_MS,
    MOST_AT_ONCE,
    SILENT_MS,
    Decision,
    at_least,
    decide,
    first_store,
    is_going_back,
    progress_of,
    resumed,
    rings_of,
    stage_of,
)
from hub.core.rollouts import RINGS, Member, Rollout, Stage, State
from shared.health import Health
from shared.notices import Presence
from shared.places import KioskId, PointId, StoreId

NOW = 1_000 * 86_400_000
REST = 3_600_000
ROLLOUT = Rollout(1, "2.0", "ana", NOW, REST, 0.0, ring_at=NOW, changed_at=NOW)


def key(store: str, number: int) -> KioskKey:
    return KioskKey(StoreId(store), KioskId(f"k-{number}"))


def view(
    who: KioskKey, version: str = "1.0", *, here: bool = True, trial: str | None = None,
    seen: int = NOW,
) -> FleetView:  # fmt: skip
    presence = Presence.ONLINE if here else Presence.OFFLINE
    health = Health(NOW, version, trial=trial)
    return FleetView(
        who.store_id, who.kiosk_id, PointId("p"), presence, seen, version, 0, 0, 0, 0, (), True, 1,
        health=health,
    )  # fmt: skip


class Fleet:
    """A fleet that does what it is told, unless `ill` says what becomes of it."""

    def __init__(self, stores: dict[str, int]) -> None:
        self.views = {
            who: view(who)
            for store, size in stores.items()
            for who in (key(store, number) for number in range(size))
        }
        self.ill: dict[KioskKey, str] = {}
        self.now = NOW
        self.rollout = ROLLOUT
        rings = rings_of(list(self.views), StoreId(next(iter(stores))))
        self.members = {who: Member(who, ring) for who, ring in rings.items()}
        self.most: dict[StoreId, int] = {}

    def look(self) -> Decision:
        progress = progress_of(self.rollout, self.members.values(), self.views, self.now)
        decision = decide(progress, self.views, self.now)
        self.rollout = decision.rollout
        back = self.rollout.state is State.BACK
        for who in decision.orders:
            self.members[who] = replace(
                self.members[who], command="c", ordered_at=self.now, outcome=None, back=back
            )
        return decision

    def carry_out(self) -> None:
        for who, member in self.members.items():
            if member.command is not None and member.outcome is None:
                outcome = self.ill.get(who, "done")
                self.members[who] = replace(member, outcome=outcome)
                if outcome == "done":
                    version = "1.0" if member.back else "2.0"
                    self.views[who] = view(who, version)

    def run(self, rounds: int = 200) -> State:
        for _ in range(rounds):
            self.look()
            self.carry_out()
            self.now += 10 * 60_000
            if self.rollout.state not in (State.RUNNING, State.BACK):
                break
        return self.rollout.state

    def stages(self) -> dict[KioskKey, Stage]:
        return dict(progress_of(self.rollout, self.members.values(), self.views, self.now).stages)


def test_rings_are_one_store_a_tenth_and_the_rest() -> None:
    every = [key(store, number) for store in ("a", "b", "c") for number in range(20)]
    rings = rings_of(every, StoreId("a"))
    assert sorted(rings) == sorted(every)
    assert {who.store_id for who, ring in rings.items() if ring == 1} == {"a"}
    assert [list(rings.values()).count(ring) for ring in (1, 2, 3)] == [20, 4, 36]
    assert rings == rings_of(every[::-1], StoreId("a")), "the same every time"


def test_it_begins_in_the_smallest_store_in_which_another_register_asks() -> None:
    every = [key("a", 0), *(key("b", n) for n in range(3)), *(key("c", n) for n in range(2))]
    assert first_store(every) == "c"
    assert first_store([key("a", 0)]) == "a"
    assert first_store([]) is None


def test_a_release_goes_through_its_rings_with_rests_between() -> None:
    fleet = Fleet({"a": 3, "b": 10, "c": 10})
    opened: dict[int, int] = {}
    for _ in range(200):
        fleet.look()
        opened.setdefault(fleet.rollout.ring, fleet.now)
        fleet.carry_out()
        fleet.now += 60_000
        if fleet.rollout.state is State.DONE:
            break
    assert set(fleet.stages().values()) == {Stage.UPDATED}
    assert opened[2] - opened[1] >= REST
    assert opened[3] - opened[2] >= REST


def test_one_failure_in_a_small_first_store_halts_it() -> None:
    fleet = Fleet({"a": 3, "b": 10})
    fleet.ill[key("a", 0)] = "rolled_back"
    assert fleet.run() is State.HALTED
    assert fleet.rollout.ring == 1
    assert all(one.command is None for who, one in fleet.members.items() if who.store_id == "b")


def test_what_was_known_does_not_halt_it_again_and_what_is_new_does() -> None:
    fleet = Fleet({"a": 3, "b": 30})
    fleet.ill[key("a", 0)] = "rolled_back"
    fleet.run()
    progress = progress_of(fleet.rollout, fleet.members.values(), fleet.views, fleet.now)
    fleet.rollout = resumed(progress, fleet.now)
    fleet.look()
    assert fleet.rollout.state is State.RUNNING
    fleet.ill |= {key("b", number): "rolled_back" for number in range(30)}
    assert fleet.run() is State.HALTED
    assert fleet.rollout.ring == 2


def test_one_plug_that_was_pulled_among_many_is_no_reason_to_halt() -> None:
    fleet = Fleet({"a": 10, "b": 300})
    fleet.ill[key("b", 7)] = "rolled_back"
    assert fleet.run(400) is State.DONE
    assert fleet.stages()[key("b", 7)] is Stage.FAILED


def test_kiosks_that_were_away_before_are_nobodys_fault_and_are_taken_later() -> None:
    fleet = Fleet({"a": 4, "b": 6})
    gone = key("b", 1)
    fleet.views[gone] = view(gone, here=False, seen=0)
    assert fleet.run(50) is State.RUNNING, "it waits for the one that is away"
    assert fleet.stages()[gone] is Stage.AWAY
    assert sum(one is Stage.UPDATED for one in fleet.stages().values()) == 9
    fleet.views[gone] = view(gone)
    assert fleet.run() is State.DONE


def test_a_kiosk_that_falls_silent_after_its_order_is_trouble() -> None:
    member = Member(key("a", 0), 1, "c", NOW)
    away = view(member.who, here=False, seen=NOW + 60_000)
    assert stage_of(member, away, "2.0", NOW + SILENT_MS) is Stage.ORDERED
    assert stage_of(member, away, "2.0", NOW + SILENT_MS + 60_000) is Stage.SILENT
    well = view(member.who, "2.0", seen=NOW + SILENT_MS)
    assert stage_of(member, well, "2.0", NOW + SILENT_MS) is Stage.ORDERED
    assert stage_of(member, well, "2.0", NOW + LONGEST_MS) is Stage.SILENT
    done = replace(member, outcome="done")
    assert stage_of(done, well, "2.0", NOW + LONGEST_MS) is Stage.UPDATED
    assert stage_of(done, away, "2.0", NOW + LONGEST_MS) is Stage.SILENT


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        ("done_offline", Stage.UPDATED),
        ("late", Stage.WAITING),
        ("busy", Stage.WAITING),
        ("begun", Stage.ORDERED),
        ("signature", Stage.FAILED),
        ("no_space", Stage.FAILED),
    ],
)
def test_an_outcome_says_how_a_kiosk_is(outcome: str, stage: Stage) -> None:
    member = Member(key("a", 0), 1, "c", NOW, outcome)
    assert stage_of(member, view(member.who), "2.0", NOW) is stage


def test_a_kiosk_that_has_it_already_is_not_ordered_and_one_on_trial_counts_not_yet() -> None:
    member = Member(key("a", 0), 1)
    assert stage_of(member, view(member.who, "2.0"), "2.0", NOW) is Stage.UPDATED
    on_trial = view(member.who, "2.0", trial="2.0")
    assert stage_of(member, on_trial, "2.0", NOW) is Stage.WAITING
    assert stage_of(member, None, "2.0", NOW) is Stage.AWAY


def test_going_back_takes_all_that_have_it_back_and_ends() -> None:
    fleet = Fleet({"a": 3, "b": 10})
    fleet.run(12)
    assert Stage.UPDATED in fleet.stages().values()
    fleet.rollout = replace(fleet.rollout, state=State.BACK)
    assert fleet.run() is State.ENDED
    assert Stage.UPDATED not in fleet.stages().values()
    assert {one.version for one in fleet.views.values()} == {"1.0"}


def test_whoever_was_away_goes_back_when_it_is_there_again() -> None:
    fleet = Fleet({"a": 2})
    fleet.run()
    gone = key("a", 0)
    fleet.views[gone] = view(gone, "2.0", here=False, seen=fleet.now)
    fleet.rollout = replace(fleet.rollout, state=State.BACK)
    assert fleet.run() is State.BACK, "it is silent by now, and is still waited for"
    assert fleet.stages() == {gone: Stage.SILENT, key("a", 1): Stage.RETURNED}
    progress = progress_of(fleet.rollout, fleet.members.values(), fleet.views, fleet.now)
    assert not is_going_back(progress, fleet.views), "nobody is kept from what is new"
    fleet.views[gone] = view(gone, "2.0")
    assert fleet.run() is State.ENDED
    assert fleet.views[gone].version == "1.0"


def test_without_a_first_ring_or_kiosks_it_ends_and_does_not_hang() -> None:
    fleet = Fleet({"a": 2})
    assert fleet.run() is State.DONE


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 8)), max_size=10),
)
def test_of_one_store_a_register_always_asks(sizes: list[int], away: set[tuple[int, int]]) -> None:
    fleet = Fleet({f"s-{at}": size for at, size in enumerate(sizes)})
    for store, number in away:
        who = key(f"s-{store}", number)
        if who in fleet.views:
            fleet.views[who] = view(who, here=False, seen=0)
    for _ in range(30):
        fleet.look()
        busy = [who for who, one in fleet.stages().items() if one is Stage.ORDERED]
        for place in {who.store_id for who in busy}:
            there = [
                who for who, one in fleet.views.items()
                if who.store_id == place and one.presence is Presence.ONLINE
            ]  # fmt: skip
            at_it = sum(who.store_id == place for who in busy)
            assert at_it == 1 or at_it <= len(there) // 2
        fleet.carry_out()
        fleet.now += REST
    assert fleet.rollout.ring == RINGS or Stage.AWAY in fleet.stages().values()


def test_never_more_than_so_many_fetch_at_once() -> None:
    fleet = Fleet({"a": 1, **{f"s-{at}": 4 for at in range(200)}})
    fleet.rollout = replace(ROLLOUT, ring=RINGS)
    assert len(fleet.look().orders) == MOST_AT_ONCE
    assert not fleet.look().orders


def test_the_likelihood_is_the_binomials() -> None:
    assert at_least(0, 5, 0.1) == 1
    assert at_least(1, 1, 0.01) == pytest.approx(0.01)
    assert at_least(2, 3, 0.5) == pytest.approx(0.5)
