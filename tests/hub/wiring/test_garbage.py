from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from hub.wiring.garbage import SELDOM, collect_seldom


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Python as it was: other tests share this process."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


class Ring:
    """Garbage that counting references does not find."""

    def __init__(self) -> None:
        self.me = self


def test_what_stays_is_not_walked_over_and_garbage_is_still_found() -> None:
    collect_seldom()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() == SELDOM
    lost = weakref.ref(Ring())
    rings = [Ring() for _ in range(3 * SELDOM[0])]  # so many allocations that it is looked for
    assert gc.isenabled()
    assert lost() is None
    assert len(rings) == 3 * SELDOM[0]
