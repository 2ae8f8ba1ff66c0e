from __future__ import annotations

from dataclasses import replace

import pytest

from hub.core.health import LONGEST_LAG, Health

WELL = Health(("intake",), "1", True, True, 0.0, 0, {"intake": True})


def test_a_hub_is_well_while_everything_stands() -> None:
    assert WELL.well
    assert replace(WELL, broker=None).well, "a process that does not take in needs no broker"
    standing_by = replace(WELL, broker=False, standing_by=True)
    assert standing_by.well, "another process takes in"


@pytest.mark.parametrize(
    "ill",
    [
        replace(WELL, database=False),
        replace(WELL, broker=False),
        replace(WELL, lag_seconds=LONGEST_LAG + 1),
        replace(WELL, threads={"intake": False}),
    ],
)
def test_one_thing_that_fell_makes_it_ill(ill: Health) -> None:
    assert not ill.well
