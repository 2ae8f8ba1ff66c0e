"""A kiosk with a password understands a hub that signs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.adapters.unwrapping import Unwrapped
from shared.signing import SignedMessage, write_signed
from shared.topics import DOWNWARD, Channel
from tests.fakes.broker import Ear

SIGNED = SignedMessage("ab" * 8, 7, 9, b'{"v":1}\nmore', b"s" * 64)


@pytest.mark.assertion("SEM-SIG-006")
@pytest.mark.parametrize("channel", sorted(DOWNWARD))
def test_of_what_is_signed_the_body_is_heard(channel: Channel) -> None:
    ear = Ear()
    Unwrapped(ear).received(channel, write_signed(SIGNED))
    assert ear.all("received") == [(channel, SIGNED.body)]


@given(st.binary(max_size=300))
def test_what_is_not_signed_is_heard_as_it_is(payload: bytes) -> None:
    ear = Ear()
    Unwrapped(ear).received(Channel.NOTICE, payload)
    assert ear.all("received") == [(Channel.NOTICE, payload)]


def test_all_else_is_passed_on() -> None:
    ear = Ear()
    line = Unwrapped(ear)
    line.connected()
    line.refused(Channel.RECORDS, "rights")
    line.disconnected("gone")
    assert [one[0] for one in ear.told] == ["connected", "refused", "disconnected"]
