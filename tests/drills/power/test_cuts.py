"""The plug is pulled at every moment: what was thanked or acknowledged is there, once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.errors import NotKept
from tests.drills.power.cuts import Plan
from tests.drills.power.damage import DAMAGES, damaged
from tests.drills.power.drill import failing_told, hub_told, judged, kiosk_told, pulled_again
from tests.drills.power.outbox import make_outbox
from tests.drills.power.recording import recording
from tests.drills.power.variants import VARIANTS, Variant, bites
from tests.fakes.kiosk import sale
from tests.simulation.quiet import quiet
from tests.simulation.vfs import CODES

KIOSK = Plan(scattered=1, rubbish=1, spoiled=True, every=6)
FAILING = Plan(scattered=0, rubbish=0, every=50)
HUB = Plan(scattered=1, rubbish=1, every=15)
"""Short: the long drill (`make drill LONG=1`) tries every write, and every sector of it."""

AGAIN = Plan(scattered=1, rubbish=0, every=3)
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
    assert result.distinct > 400


def test_whenever_the_hubs_plug_is_pulled_what_was_acknowledged_is_counted_once() -> None:
    with hub_told(rounds=13, seed=1) as told:
        result = judged(told, HUB)
    assert not result.violations, result.violations[0]
    assert result.distinct > 200


@pytest.mark.parametrize("operation", CODES)
@pytest.mark.parametrize("times", [2, 3])
def test_whichever_operation_fails_and_then_the_plug_is_pulled_what_was_thanked_is_there_once(
    operation: str, times: int
) -> None:
    """A failed fsync is never made good by a later one: what it should have kept is gone."""
    for nth in range(1, MOST, 1 if operation == "sync" else 11):
        with failing_told(operation, nth, times, visits=1) as told:
            result = judged(told, FAILING)
        assert not result.violations, f"{nth}: {result.violations[0]}"
        if not told.trace:
            break
    assert 3 < nth < MOST - 11


def test_a_card_without_room_costs_nothing_that_was_kept(tmp_path: Path) -> None:
    """Dropping the oldest makes room in a file at its quota, and none on a card that is full."""
    with recording(tmp_path) as recorder, closing(make_outbox(tmp_path / "outbox.db")) as outbox:
        for number in range(1, 6):
            outbox.add(sale(number=number))
        refusals = iter([sqlite3.SQLITE_FULL])
        recorder.ask = lambda what: next(refusals, 0) if what == "write" else 0
        with pytest.raises(NotKept):
            outbox.add(sale(number=6))
        outbox.add(sale(number=6))
        held = outbox.held()
    assert (held.oldest, held.last) == (1, 6)


def test_whenever_the_plug_is_pulled_again_on_what_a_cut_has_left_nothing_is_lost() -> None:
    result = pulled_again(visits=11, seed=1, times=2, plan=AGAIN)
    assert not result.violations, result.violations[0]
    assert result.distinct > 50


@pytest.mark.parametrize("flip", DAMAGES)
def test_a_damaged_file_is_never_taken_for_a_sound_one(flip: str, tmp_path: Path) -> None:
    """It is set aside with an alarm, or does no harm, or the chain exposes what it did."""
    told = damaged(DAMAGES[flip], tmp_path)
    assert told in ("set aside", "unharmed", "the chain exposes it")


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.safeguard)
def test_without_this_safeguard_a_cut_is_found_that_harms(variant: Variant) -> None:
    assert bites(variant)[1] is not None
