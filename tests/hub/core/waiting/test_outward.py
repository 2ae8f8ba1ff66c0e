"""What another system is told of an alert: the same name at every attempt, signed, for an hour."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace

import pytest

from hub.core.waiting.facts import LineId
from hub.core.waiting.layout import Hook
from hub.core.waiting.outward import (
    GIVEN_UP_MS,
    AlertKey,
    Errand,
    Event,
    body_of,
    pause_ms,
    signature,
)
from shared.places import StoreId

KEY = "0f" * 32
RAISED = Errand(
    AlertKey(StoreId("centro-012"), LineId("fila-unica"), "register_needed", 1_000),
    Event.RAISED,
    until=None,
    registers=2,
    minutes=9,
    attempts=0,
    hook=Hook("https://example.org/alerts", KEY),
)


def test_the_body_says_what_where_and_since_when() -> None:
    assert json.loads(body_of(RAISED, 5_000)) == {
        "id": "centro-012/fila-unica/register_needed/1000/raised",
        "event": "raised",
        "kind": "register_needed",
        "store": "centro-012",
        "line": "fila-unica",
        "since": 1_000,
        "until": None,
        "registers": 2,
        "minutes": 9,
        "sent_at": 5_000,
    }


def test_one_that_was_over_before_it_was_told_is_told_as_raised_first() -> None:
    assert json.loads(body_of(replace(RAISED, until=4_000), 5_000))["until"] is None
    cleared = replace(RAISED, event=Event.CLEARED, until=4_000, minutes=None)
    told = json.loads(body_of(cleared, 5_000))
    assert (told["event"], told["until"], told["minutes"]) == ("cleared", 4_000, None)
    assert told["id"] != RAISED.name


def test_every_attempt_has_the_same_name() -> None:
    assert replace(RAISED, attempts=7, minutes=3).name == RAISED.name


def test_the_signature_is_what_the_key_makes_of_the_body() -> None:
    body = body_of(RAISED, 5_000)
    expected = hmac.new(bytes.fromhex(KEY), body, hashlib.sha256).hexdigest()
    assert signature(KEY, body) == f"sha256={expected}"
    assert signature(KEY, body + b" ") != signature(KEY, body)
    assert signature("1f" * 32, body) != signature(KEY, body)


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 10), (1, 10), (2, 20), (3, 40), (6, 300), (7, 300), (10**6, 300)]
)
def test_pauses_double_up_to_five_minutes(attempts: int, seconds: int) -> None:
    assert pause_ms(attempts) == 1_000 * seconds


def test_it_is_tried_about_fifteen_times_in_the_hour() -> None:
    attempts = waited = 0
    while waited < GIVEN_UP_MS:
        attempts += 1
        waited += pause_ms(attempts)
    assert 12 <= attempts <= 20
