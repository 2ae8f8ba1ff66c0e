"""Each order looks first, and what is so already is left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from deploy.raspberrypi.remote.orders import Orders
from shared.errors import DeviceError


@dataclass
class Hub:
    """Answers by its first words; a fault is an answer as well."""

    answers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def ask(self, words: Sequence[str]) -> str:
        line = " ".join(words)
        self.asked.append(line)
        answer = next(
            (told for begins, told in self.answers.items() if line.startswith(begins)), ""
        )
        if answer.startswith("✗"):
            raise DeviceError(f"the hub says: {answer[2:]}", hint="its own hint")
        return answer

    def orders(self, checking: bool = False) -> Orders:
        return Orders(self.ask, self.said.append, checking)


LISTED = {"kiosk list": "k-1    centro/caja-1 · away\nk-10   centro/caja-2\n"}


def test_a_kiosk_is_retired_once() -> None:
    hub = Hub({**LISTED, "kiosk retire": "k-1 is retired.\n"})
    assert hub.orders().retire("k-1", force=True) == 1
    assert hub.asked[-1] == "kiosk retire k-1 --force"
    hub.answers = {"kiosk list": "", "certificate list": "k-1   centro · retired · serial 9…"}
    assert hub.orders().retire("k-1") == 0
    assert hub.said == ["+ k-1 is retired.", "✓ k-1 is retired"]


def test_a_check_retires_nobody_and_says_how_the_kiosk_is() -> None:
    hub = Hub(LISTED)
    assert hub.orders(checking=True).retire("k-1") == 1
    assert hub.said == ["~ k-1 would be retired (k-1 centro/caja-1 · away)"]
    assert not any("retire" in line for line in hub.asked)


def test_a_kiosk_with_answers_on_it_is_rescued_first() -> None:
    hub = Hub({**LISTED, "kiosk retire": "✗ k-1 still holds 3 records"})
    with pytest.raises(DeviceError, match="3 records") as told:
        hub.orders().retire("k-1")
    assert "make rescue" in told.value.hint


def test_a_kiosk_that_there_is_not_has_the_hubs_own_hint() -> None:
    hub = Hub({**LISTED, "kiosk retire": "✗ there is no kiosk k-9"})
    with pytest.raises(DeviceError, match="k-9") as told:
        hub.orders(checking=True).retire("k-9")
    assert told.value.hint == "its own hint"


def test_a_version_that_is_on_its_way_is_not_begun_again() -> None:
    hub = Hub(
        {"rollout show": "✗ there is no rollout", "rollout begin": "2.0.0: running, ring 1\n"}
    )
    assert hub.orders().update("2.0.0", ["centro"]) == 1
    assert hub.asked[-1] == "rollout begin 2.0.0 --store centro"
    hub.answers["rollout show"] = "2.0.0: running, ring 1 of 3\n  ring 1: 1 done\n"
    assert hub.orders().update("2.0.0") == 0
    assert hub.said[-1] == "✓ 2.0.0: running, ring 1 of 3\n  ring 1: 1 done"


def test_a_check_of_an_update_looks_whether_the_hub_has_the_version() -> None:
    hub = Hub({"rollout show": "1.0.0: done", "bundle list": "2.0.0   serial 9 · aarch64"})
    assert hub.orders(checking=True).update("2.0.0") == 1
    assert hub.said == ["~ 2.0.0 would go to every store, ring by ring", "· until now: 1.0.0: done"]
    with pytest.raises(DeviceError, match=r"no bundle of version 3\.0\.0"):
        hub.orders(checking=True).update("3.0.0")
    assert not any("begin" in line for line in hub.asked)


def test_going_back_twice_is_as_once_and_a_check_only_looks() -> None:
    hub = Hub({"rollout show": "2.0.0: running", "rollout back": "All that took 2.0.0 go back."})
    assert hub.orders(checking=True).roll_back() == 1
    assert hub.asked == ["rollout show"]
    assert hub.orders().roll_back() == 1
    hub.answers["rollout back"] = "Nothing was changed: it was in another state already."
    assert hub.orders().roll_back() == 0
    assert [line[0] for line in hub.said] == ["~", "+", "✓"]


def test_another_trouble_of_the_hub_is_no_missing_rollout() -> None:
    hub = Hub({"rollout show": "✗ the database is away"})
    with pytest.raises(DeviceError, match="database"):
        hub.orders(checking=True).roll_back()
