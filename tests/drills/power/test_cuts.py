"""The plug is pulled at every moment: what was thanked or acknowledged is there, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.drills.power.cuts import Plan
from tests.drills.power.drill import failing_told, hub_told, judged, kiosk_told
from tests.drills.power.variants import VARIANTS, Variant, bites
from tests.simulation.quiet import quiet
from tests.simulation.vfs import CODES

KIOSK = Plan(scattered=1, rubbish=1, every=2)
FAILING = Plan(scattered=0, rubbish=0, every=50)
HUB = Plan(scattered=1, rubbish=1, every=9)
"""Short: the long drill (`make drill LONG=1`) tries every write, and every sector of it."""

MOST = 500
"""No such story has so many operations of one kind."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet():
        yield


def test_whenever_the_kiosks_plug_is_pulled_what_was_thanked_is_there_once() -> None:
    with kiosk_told(visits=11, seed=1) as told:
        result = judged(told, KIOSK)
    assert not result.violations, result.violations[0]
    assert result.distinct > 500


def test_whenever_the_hubs_plug_is_pulled_what_was_acknowledged_is_counted_once() -> None:
    with hub_told(rounds=13, seed=1) as told:
        result = judged(told, HUB)
    assert not result.violations, result.violations[0]
    assert result.distinct > 200


@pytest.mark.parametrize("operation", CODES)
@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_whichever_operation_fails_and_then_the_plug_is_pulled_what_was_thanked_is_there_once(
    operation: str, times: int
) -> None:
    """A failed fsync is never made good by a later one: what it should have kept is gone."""
    for nth in range(1, MOST, 1 if operation == "sync" else 7):
        with failing_told(operation, nth, times, visits=1) as told:
            result = judged(told, FAILING)
        assert not result.violations, f"{nth}: {result.violations[0]}"
        if not told.trace:
            break
    assert 3 < nth < MOST - 7


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.safeguard)
def test_without_this_safeguard_a_cut_is_found_that_harms(variant: Variant) -> None:
    assert bites(variant)[1] is not None
