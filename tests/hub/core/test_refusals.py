"""Every refusal says what to do."""

from __future__ import annotations

import pytest

from hub.core.refusals import REFUSALS, refused


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_is_a_sentence_with_what_to_do(code: str) -> None:
    fault = refused(code)
    assert (fault.code, fault.hint[-1]) == (code, ".")
    assert str(fault)
