"""The course of a plan: what is done once, told, and never done where it is only looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from deploy.plans.course import Mark, Walk
from shared.errors import DeviceError


@dataclass
class Chore:
    """A step that remembers whether it was done."""

    name: str
    needs_systemd: bool = False
    fails: bool = False
    done: list[str] = field(default_factory=list)

    def lacks(self) -> Sequence[str]:
        return [] if self.done else [f"{self.name} 1", "2", "3", "4", "5"]

    def do(self) -> None:
        if self.fails:
            raise DeviceError("it cannot be")
        self.done.append(self.name)


def walk(said: list[str], *, checking: bool = False, systemd: bool = True) -> Walk:
    return Walk(said.append, lambda: 0.0, systemd, checking)


def test_the_second_walk_changes_nothing() -> None:
    plan, said = [Chore("one"), Chore("two")], list[str]()
    assert walk(said).through(plan).told() == "2 steps, 2 changes; 0 s"
    assert walk(said).through(plan).told() == "2 steps, 0 changes; 0 s"
    assert all(chore.done == [chore.name] for chore in plan)
    assert said[0] == "1/2 … one: one 1, 2, 3 and 2 more".rjust(len(said[0]))


def test_whoever_only_looks_changes_nothing_and_is_told_what_would_be() -> None:
    plan, said = [Chore("one"), Chore("two", done=["two"])], list[str]()
    course = walk(said, checking=True).through(plan)
    assert course.marks == [Mark.WOULD_CHANGE, Mark.DONE]
    assert course.told() == "2 steps, 1 change to be made; 0 s"
    assert plan[0].done == []


def test_what_failed_is_where_the_next_walk_goes_on() -> None:
    plan, said = [Chore("one"), Chore("two", fails=True), Chore("three")], list[str]()
    with pytest.raises(DeviceError):
        walk(said).through(plan)
    assert [chore.done for chore in plan] == [["one"], [], []]
    plan[1].fails = False
    assert walk(said).through(plan).marks == [Mark.DONE, Mark.CHANGED, Mark.CHANGED]


def test_what_needs_systemd_waits_where_none_runs_and_says_so() -> None:
    plan, said = [Chore("services", needs_systemd=True)], list[str]()
    course = walk(said, systemd=False).through(plan)
    assert course.told() == "1 step, 0 changes, 1 waits for systemd, which does not run here; 0 s"
    assert plan[0].done == []
