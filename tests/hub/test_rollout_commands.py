"""The commands about bundles and rollouts, as whoever runs a hub would type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hub.test_main import Run, ready, run  # noqa: F401 - fixtures
from tests.parts.releases import Releases

pytestmark = pytest.mark.usefixtures("logs_as_before")


@pytest.fixture
def stocked(ready: Run, tmp_path: Path) -> Run:  # noqa: F811
    """A hub with a kiosk and a bundle."""
    assert ready("kiosk", "enrol", "k-1", "centro", "caja-1")[0] == 0
    bundle = Releases().build(tmp_path / "b.tar", "2.0", 7)
    code, printed, complaint = ready("bundle", "add", str(bundle))
    assert (code, printed) == (0, "2.0 (serial 7) can be rolled out.\n"), complaint
    return ready


def test_a_rollout_is_begun_halted_let_go_on_and_taken_back(stocked: Run) -> None:
    assert "serial 7" in stocked("bundle", "list")[1]
    code, printed, complaint = stocked("rollout", "begin", "2.0", "--store", "centro")
    assert code == 0, complaint
    assert "2.0: running, ring 1 of 3" in printed
    assert "ring 1: 1 away" in printed
    assert stocked("rollout", "halt")[1] == "It is halted.\n"
    assert "2.0: halted" in stocked("rollout", "show")[1]
    assert "already" in stocked("rollout", "halt")[1]
    assert stocked("rollout", "resume")[1] == "It goes on.\n"
    assert stocked("rollout", "back")[1] == "All that took 2.0 go back.\n"
    assert stocked("rollout", "begin", "2.0")[0] == 0  # nobody took it, so nobody is going back


def test_what_is_on_its_way_does_not_begin_anew_and_a_check_begins_nothing(stocked: Run) -> None:
    said = "2.0 would go to 1 kiosks:\n  ring 1: 1\n"
    assert stocked("rollout", "begin", "2.0", "--check") == (0, said, "")
    assert stocked("rollout", "show")[0] == 1
    assert stocked("rollout", "begin", "2.0")[0] == 0
    assert stocked("rollout", "halt")[0] == 0
    code, printed, _ = stocked("rollout", "begin", "2.0", "--store", "centro")
    assert (code, printed.splitlines()[:2]) == (
        0, ["Nothing was changed: it is on its way already.", "2.0: halted"],
    )  # fmt: skip
    assert "would go back" in stocked("rollout", "back", "--check")[1]
    assert "2.0: halted" in stocked("rollout", "show")[1]


WRONG = (
    "rollout begin 9.9",
    "rollout begin 2.0 --store nowhere",
    "rollout halt",
    "rollout back",
    "rollout show",
    "bundle add /nowhere.tar",
)


def test_what_cannot_be_done_is_said_with_a_hint(stocked: Run) -> None:
    for words in WRONG:
        code, _, complaint = stocked(*words.split())
        assert code == 1, words
        assert complaint.startswith("✗"), words
        assert "→" in complaint, words
