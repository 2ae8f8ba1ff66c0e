"""What must be said is told all at once; what was said is what the commands read."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.raspberrypi.command_line import TOLD, NotSaid, chosen


def test_every_command_is_told_in_a_line() -> None:
    assert all(TOLD.values())


def test_what_was_said_is_what_is_read() -> None:
    said = chosen(["rescue", "--card", "/dev/sdb", "--send"])
    assert (said.card, said.send, said.check) == (Path("/dev/sdb"), True, False)


def test_a_fleet_has_its_words_in_the_table() -> None:
    assert chosen(["provision", "--fleet", "stores.csv"]).fleet == Path("stores.csv")
    with pytest.raises(NotSaid) as told:
        chosen(["provision", "--fleet", "stores.csv", "--store", "a", "--device", "k"])
    assert len(told.value.faults) == 2
    assert "make provision HOST=" in told.value.hint
