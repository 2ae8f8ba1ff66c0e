"""A true time goes on with the machine's own clock, until the machine starts anew."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.true_time import TrueTime, true_time_recalled
from shared.errors import WordError
from shared.moments import Moment

BOOT, OTHER = "b0" * 16, "b1" * 16
instants = st.integers(min_value=0, max_value=4_000_000_000)


@settings(deadline=None)
@given(true=st.integers(10**12, 2 * 10**12), boot=instants, passed=instants, wall=instants)
def test_it_goes_on_whatever_the_wall_clock_says(
    true: int, boot: int, passed: int, wall: int
) -> None:
    known = TrueTime.known(BOOT, Moment(wall, boot, False), true)
    recalled = true_time_recalled(known.kept())
    assert recalled is not None
    assert recalled.at(BOOT, Moment(0, boot + passed, False)) == true + passed
    assert recalled.at(OTHER, Moment(0, boot + passed, False)) is None


@pytest.mark.parametrize(
    "kept", [None, b"", b"x", b"\xff\xfe", f"{BOOT} x".encode(), f"{BOOT} -1".encode(), b"z 1"]
)
def test_rubbish_is_no_time(kept: bytes | None) -> None:
    assert true_time_recalled(kept) is None


def test_no_time_before_1970_is_kept() -> None:
    with pytest.raises(WordError):
        TrueTime.known(BOOT, Moment(0, 2_000, False), 1_000)
