"""The drill notices what is missing: safeguards removed, and drills that then must fail.

Here are those that are cheap; `python -m tests.drills --teeth` tries every one, with and without.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drills.safeguards import SAFEGUARDS
from tests.drills.teeth import CERTIFIED, SCRIPTS, bite, comes_again

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]


def test_a_kiosk_that_forgets_at_puback_is_caught_losing(tmp_path: Path) -> None:
    assert bite("receipts", tmp_path).verdict.lost > 0


def test_what_the_hub_had_heard_and_not_kept_comes_again_without_its_kiosk(tmp_path: Path) -> None:
    assert comes_again(tmp_path)


def test_a_hub_that_acknowledges_first_is_caught(tmp_path: Path) -> None:
    assert not comes_again(tmp_path, without="manual-acknowledgement")


def test_every_safeguard_that_can_be_removed_has_a_drill() -> None:
    assert SAFEGUARDS.keys() == SCRIPTS.keys() | CERTIFIED.keys() | {"manual-acknowledgement"}
