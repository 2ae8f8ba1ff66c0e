"""A version proves itself by a receipt, or by a network that does not answer at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.proving import GRACE_MS, Evidence, is_over, proof_of
from kiosk.core.updating import LONGEST_TRIAL_MS, Proof

WELL = Evidence(ran=5_000, drawn=True, written=True, receipt=True, answering=True)
ALONE = replace(WELL, ran=GRACE_MS, receipt=False, answering=False)


def test_a_receipt_proves_it_at_once() -> None:
    assert proof_of(WELL) is Proof.RECEIPT


def test_offline_is_proved_only_after_the_grace_and_where_nothing_answers() -> None:
    assert proof_of(ALONE) is Proof.OFFLINE
    assert proof_of(replace(ALONE, ran=GRACE_MS - 1)) is None
    assert proof_of(replace(ALONE, answering=True)) is None, "its own line to the hub may be broken"


@pytest.mark.parametrize("evidence", [WELL, ALONE])
def test_without_a_screen_or_a_memory_nothing_is_proved(evidence: Evidence) -> None:
    assert proof_of(replace(evidence, drawn=False)) is None
    assert proof_of(replace(evidence, written=False)) is None


def test_the_grace_ends_before_the_trial_does() -> None:
    assert GRACE_MS < LONGEST_TRIAL_MS
    assert not is_over(LONGEST_TRIAL_MS - 1)
    assert is_over(LONGEST_TRIAL_MS)
