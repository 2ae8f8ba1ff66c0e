"""Health that cannot be is refused; what cannot be measured is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.commands import Answer
from shared.errors import WordError
from shared.health import Health, PartState
from shared.wire import decode, encode


def test_health_travels_whole() -> None:
    health = Health(
        5,
        "1.0",
        "Raspberry Pi 4 Model B",
        51,
        low_power=False,
        card_full=40,
        certificate_until=9,
        till=PartState.SILENT,
        answers=(Answer("0" * 16, "done"),),
    )
    assert decode(Health, encode(health)) == health


def test_what_cannot_be_measured_is_left_out() -> None:
    assert decode(Health, b'{"v":1,"at":5,"version":"1.0"}') == Health(5, "1.0")


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": -1},
        {"temperature": 900},
        {"card_full": 101},
        {"card_worn": -1},
        {"up": -1},
        {"memory_free": 2**60},
        {"version": "x" * 81},
        {"certificate_until": 2**60},
        {"answers": (Answer("0" * 16, "done"),) * 9},
    ],
)
def test_impossible_health_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(WordError):
        replace(Health(5, "1.0"), **wrong)
