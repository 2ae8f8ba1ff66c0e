"""On a file system of our own: seen by the kernel, killed for real, full, read-only, dying."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from tests.drills.power.drill import hub_told, kiosk_told, mounted_told
from tests.drills.power.failing import SHOPPERS, full, read_only, unsynced, worked
from tests.drills.power.fuse import can_mount
from tests.drills.power.lives import Lives
from tests.drills.power.operations import Trace, Written
from tests.simulation.quiet import quiet


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet():
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a file system can be mounted; else the drills that need none must do, and do."""
    why_not = can_mount(tmp_path)
    if why_not is not None:
        pytest.skip(f"no file system of our own here ({why_not}): test_cuts.py needs none")
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_the_kernel_sees_the_same_operations_as_were_recorded_without_it() -> None:
    """So the drill that needs no privilege cuts at the very places at which a card is cut."""
    with kiosk_told(22, seed=1) as recorded, mounted_told("kiosk", 22, seed=1) as seen:
        assert shape(recorded.trace) == shape(seen.trace)
    with hub_told(13, seed=1) as recorded, mounted_told("hub", 13, seed=1) as seen:
        assert shape(recorded.trace) == shape(seen.trace)


def shape(trace: Trace) -> list[str]:
    """Without the contents, of which some are chance; the kernel splits writes at its pages."""
    found: list[str] = []
    for file, group in groupby(trace, lambda one: one.file if isinstance(one, Written) else None):
        if file is None:
            found += [repr(one) for one in group]
            continue
        end = None
        for one in group:
            assert isinstance(one, Written)
            if one.at != end:
                found.append(f"written to {file} at {one.at}")
            end = one.at + len(one.data)
        found.append(f"up to {end}")
    return found


def test_a_kiosk_whose_plug_is_pulled_again_and_again_keeps_whom_it_thanked(folder: Path) -> None:
    lives = Lives(folder, seed=2)
    for _ in range(4):
        lives.live()
    assert lives.judge() is None
    assert len(lives.thanked) > 10


FAULTS = {
    "full": full(60, 30),
    "read_only": read_only(60, 30),
    "a sync fails": unsynced(9, 1),
    "two syncs fail": unsynced(9, 2),
    "three syncs fail": unsynced(9, 3),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_on_a_card_that_fails_for_a_while_nobody_is_thanked_for_what_is_not_kept(
    fault: str, folder: Path
) -> None:
    """And the hub is told; afterwards every sale and every visit is there, once."""
    failing = replace(FAULTS[fault])
    after = worked(failing, folder, patience=30)
    assert failing.met == failing.times
    assert (after.said[0], after.said[-1]) == ("trouble", "mended")
    assert not after.damaged
    assert after.sealed == Counter(range(1, SHOPPERS + 1))
    assert list(after.sold.values()) == [1] * SHOPPERS


@pytest.mark.parametrize("fault", ["full", "read_only"])
def test_on_a_card_that_never_recovers_nobody_is_thanked_any_more(fault: str, folder: Path) -> None:
    after = worked(replace(FAULTS[fault], times=1_000_000), folder, patience=0)
    assert after.said == ["trouble"]
    assert len(after.thanked) < SHOPPERS
    assert not after.damaged
    assert after.thanked == set(after.sealed), "who was thanked is there, and nobody else"
