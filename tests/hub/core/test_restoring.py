from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.ports import Hub, LedgerKey
from hub.core.restoring import (
    Contents,
    Epoch,
    Restored,
    Stand,
    Story,
    next_generation,
    story_of,
    told_backup,
    told_restore,
)
from shared.places import KioskId, StoreId

K1, K2 = KioskId("k-1"), KioskId("k-2")


def contents(*stands: tuple[KioskId, int], generation: int = 1, hub: str = "h") -> Contents:
    keys = [(LedgerKey(StoreId("centro"), kiosk, "ab" * 8), held) for kiosk, held in stands]
    return Contents(
        hub=Hub(hub, generation),
        made_at=1_000_000,
        stores=1,
        records=sum(held for _, held in stands),
        kiosks=frozenset(kiosk for kiosk, _ in stands),
        stands=tuple(Stand(key, held) for key, held in keys),
        newest=1_763_812_800_000 if stands else None,
    )


def test_what_came_again_what_is_missing_and_what_may_still_come() -> None:
    assert Epoch(100, 250, 250) == Epoch(restored=100, once=250, held=250)
    whole = Epoch(100, 250, 300)
    assert (whole.came, whole.missing, whole.awaited) == (150, 0, 0)
    half = Epoch(100, 250, 180)
    assert (half.came, half.missing, half.awaited) == (80, 0, 70)
    gap = Epoch(100, 250, 400, lost=[(40, 50), (101, 130), (240, 260), (300, 310)])
    assert (gap.came, gap.missing, gap.awaited) == (150 - 41, 41, 0)
    after = Epoch(0, 0, 70)
    assert (after.came, after.missing, after.awaited) == (0, 0, 0), "an epoch that began later"


@settings(deadline=None)
@given(
    st.integers(0, 50), st.integers(0, 80), st.integers(0, 99),
    st.lists(st.tuples(st.integers(1, 99), st.integers(0, 9)), max_size=4),
)  # fmt: skip
def test_every_record_is_exactly_one_of_the_three(
    restored: int, once: int, risen: int, gaps: list[tuple[int, int]]
) -> None:
    held = restored + risen
    taken: set[int] = set()
    lost = []
    for first, length in sorted(gaps):
        gap = set(range(first, first + length + 1))
        if first + length <= held and not gap & taken:
            taken |= gap
            lost.append((first, first + length))
    epoch = Epoch(restored, once, held, lost)
    assert epoch.came + epoch.missing + epoch.awaited == max(0, once - restored)
    assert min(epoch.came, epoch.missing, epoch.awaited) >= 0


def test_the_story_is_the_sum_of_the_epochs() -> None:
    epochs = [Epoch(100, 250, 180), Epoch(0, 10, 10, lost=[(1, 4)])]
    assert story_of(7, 3, epochs, 2) == Story(7, 3, came=86, missing=4, awaited=70, unheard=2)


def test_a_generation_is_above_all_that_are_known_and_grows_with_the_hubs_age() -> None:
    backup = contents(generation=5)
    assert next_generation(backup, None, 1_000_000) == 6
    assert next_generation(backup, contents(generation=9), 1_000_000) == 10
    assert next_generation(backup, contents(generation=9, hub="other"), 1_000_000) == 6
    assert next_generation(backup, None, 1_000_000 + 3_600_000) == 3_600


def test_a_restore_says_where_everybody_stands_and_who_is_unknown_now() -> None:
    lines = told_restore(
        Restored(contents((K1, 120)), contents((K1, 250), (K2, 7)), "hub.db-before-restore-1")
    )
    assert lines[0] == (
        "It holds 120 records of 1 kiosks in 1 stores, received until 2025-11-22 12:00 UTC."
    )
    assert f"  centro/k-1 {'ab' * 8}: stands at 120, and stood at 250" in lines
    assert f"  centro/k-2 {'ab' * 8}: began after it" in lines
    assert "! k-2 was enrolled after it: enrol it again." in lines
    assert lines[-1] == "The database of before lies in hub.db-before-restore-1."


def test_a_restore_of_which_nobody_knows_what_was_before_says_where_everybody_stands() -> None:
    lines = told_restore(Restored(contents((K1, 120)), None))
    assert f"  centro/k-1 {'ab' * 8}: stands at 120" in lines
    assert not any("before lies" in line for line in lines)


def test_an_empty_backup_says_so() -> None:
    assert told_backup(contents()) == "0 records of 0 kiosks in 1 stores, nothing yet"
