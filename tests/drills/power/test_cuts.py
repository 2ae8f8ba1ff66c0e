"""The plug is pulled at every moment: what was thanked or acknowledged is there, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.drills.power.cuts import Plan
from tests.drills.power.drill import hub_told, judged, kiosk_told
from tests.drills.power.variants import VARIANTS, Variant, bites
from tests.simulation.quiet import quiet

KIOSK = Plan(scattered=1, rubbish=1, every=2)
HUB = Plan(scattered=1, rubbish=1, every=9)
"""Short: the long drill (`make drill LONG=1`) tries every write, and every sector of it."""


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


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.safeguard)
def test_without_this_safeguard_a_cut_is_found_that_harms(variant: Variant) -> None:
    assert bites(variant)[1] is not None
