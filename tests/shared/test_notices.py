"""What travels beside the records."""

from __future__ import annotations

import pytest

from shared.errors import WordError
from shared.notices import KioskSettings, Notice, Presence, Status

NOON = 1_763_812_800_000


@pytest.mark.assertion("SEM-NOT-001")
def test_a_notice_is_worthless_after_its_time() -> None:
    notice = Notice(at=NOON, minutes=5, fresh_seconds=60)
    assert notice.is_fresh(NOON)
    assert notice.is_fresh(NOON + 59_999)
    assert not notice.is_fresh(NOON + 60_000)


def test_what_a_kiosk_owes_is_the_length_of_what_it_holds() -> None:
    status = Status("0" * 16, 1, Presence.ONLINE, "1", NOON, held_from=5, held_to=9)
    assert status.unsent == 5
    assert Status("0" * 16, 1, Presence.ONLINE, "1", NOON, held_from=5, held_to=4).unsent == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"serial": 0},
        {"languages": ()},
        {"languages": ("No!",)},
        {"ask_seconds": 2},
        {"question_version": 0},
        {"change_seconds": 61},
        {"lockout_seconds": -1},
        {"reasons_version": 2**31},  # no visit could say that it was asked so
    ],
    ids=str,
)
def test_settings_that_cannot_be_shown_are_no_settings(wrong: dict[str, object]) -> None:
    good = {"serial": 1, "store_name": "x", "point_name": "y", "languages": ("es",)}
    with pytest.raises(WordError):
        KioskSettings(**(good | wrong))  # type: ignore[arg-type]
