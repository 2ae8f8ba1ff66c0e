"""Hearing: every message is a batch or a captive, never a crash."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.hearing import Heard, Message, Mute, hear
from tests.fakes.kiosk import FakeKiosk, visit


def good() -> Message:
    kiosk = FakeKiosk()
    kiosk.seal(visit(), visit())
    return kiosk.message()


def test_a_good_message_is_heard() -> None:
    heard = hear(good())
    assert isinstance(heard, Heard)
    assert (heard.topic.kiosk_id, heard.batch.last) == ("k-1", 2)


@pytest.mark.parametrize(
    ("topic", "code"),
    [
        ("", "topic"),
        ("semblante/v1/centro/k-1/status", "topic"),
        ("semblante/v1/centro/k-1", "topic"),
        ("semblante/v2/centro/k-1/records", "topic"),
        ("semblante/v1/Centro/k-1/records", "topic"),
        ("semblante/v1/centro/k-1/records/more", "topic"),
        ("x" * 70_000, "topic"),
    ],
)
def test_a_wrong_topic_is_a_captive(topic: str, code: str) -> None:
    mute = hear(Message(topic, good().payload))
    assert isinstance(mute, Mute)
    assert (mute.captive.code, mute.batch) == (code, None)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", "unreadable"),
        (b"\xff\xfe", "unreadable"),
        (b"null", "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b'{"v":1}', "unreadable"),
        (b'{"v":2}', "version"),
        (b'{"v":2,"records":5}', "version"),
        (b'{"v":1' + b" " * 300_000 + b"}", "unreadable"),
    ],
)
def test_a_payload_that_is_no_batch_is_a_captive_of_its_kiosk(payload: bytes, code: str) -> None:
    mute = hear(Message("semblante/v1/centro/k-1/records", payload))
    assert isinstance(mute, Mute)
    assert mute.topic is not None
    assert (mute.captive.code, mute.topic.kiosk_id) == (code, "k-1")


@settings(deadline=None)
@given(st.text(max_size=80), st.binary(max_size=200))
def test_nothing_from_outside_raises(topic: str, payload: bytes) -> None:
    assert isinstance(hear(Message(topic, payload)), Mute)
