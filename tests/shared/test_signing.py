"""What the hub signed is laid out so that nothing in it can be changed, moved or replayed."""

from __future__ import annotations

from dataclasses import replace

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import SignatureRefused
from shared.signing import SignedMessage, read_signed, write_signed
from shared.topics import DOWNWARD
from tests.shared.asyncapi import PAGE, schemas

PUBLISHED = jsonschema.Draft202012Validator(schemas()["Signed"])
TOPIC = "semblante/v1/centro/k-1/command"

messages = st.builds(
    SignedMessage,
    key_id=st.binary(min_size=8, max_size=8).map(bytes.hex),
    serial=st.integers(1, 2**63 - 1),
    not_after=st.integers(0, 4_102_444_800_000),
    body=st.binary(max_size=200),
    signature=st.binary(min_size=64, max_size=64),
)


@given(messages)
def test_what_is_written_is_read_again(message: SignedMessage) -> None:
    assert read_signed(write_signed(message)) == message


@given(messages, messages)
def test_two_messages_are_never_the_same_under_a_signature(
    one: SignedMessage, other: SignedMessage
) -> None:
    def said(message: SignedMessage) -> tuple[object, ...]:
        return (message.key_id, message.serial, message.not_after, message.body)

    assert (said(one) == said(other)) == (one.to_sign(TOPIC) == other.to_sign(TOPIC))
    assert one.to_sign(TOPIC) != one.to_sign(TOPIC.replace("k-1", "k-2"))


@given(st.binary(max_size=300))
def test_other_bytes_are_refused_and_do_nothing_else(payload: bytes) -> None:
    with pytest.raises(SignatureRefused):
        read_signed(payload)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b'{"v":1}',
        b"semblante-signed/1",
        b"semblante-signed/1 0123456789abcdef 0 5 " + b"A" * 86 + b"==\n{}",
        b"semblante-signed/1 0123456789abcdef 9 5 " + b"A" * 86 + b"==",
        b"semblante-signed/1 0123456789abcdef 9999999999999999999 5 " + b"A" * 86 + b"==\n{}",
        b"semblante-signed/1 0123456789abcdef 9 999999999999999 " + b"A" * 86 + b"==\n{}",
        b"semblante-signed/1 0123456789ABCDEF 9 5 " + b"A" * 86 + b"==\n{}",
        b"semblante-signed/2 0123456789abcdef 9 5 " + b"A" * 86 + b"==\n{}",
    ],
)
def test_almost_signed_is_not_signed(payload: bytes) -> None:
    with pytest.raises(SignatureRefused):
        read_signed(payload)


@given(messages)
def test_what_is_signed_fits_the_published_line_and_what_is_not_does_not(
    message: SignedMessage,
) -> None:
    written = write_signed(message).decode("latin-1")
    assert PUBLISHED.is_valid(written) == bool(message.body)
    assert not PUBLISHED.is_valid(message.body.decode("latin-1"))


@given(messages, st.integers(0, 140), st.characters(codec="latin-1"))
def test_the_published_line_lets_through_what_is_read_and_no_other(
    message: SignedMessage, at: int, letter: str
) -> None:
    written = write_signed(replace(message, body=b"{}")).decode("latin-1")
    changed = written[:at] + letter + written[at + 1 :]
    try:
        read_signed(changed.encode("latin-1"))
    except SignatureRefused:
        if PUBLISHED.is_valid(changed):  # the bounds that a pattern cannot say stand beside it
            serial, until = changed.split(" ")[2:4]
            assert int(serial) > 2**63 - 1 or int(until) > 4_102_444_800_000
    else:
        assert PUBLISHED.is_valid(changed)


def test_the_document_says_of_each_downward_channel_that_it_may_be_signed() -> None:
    whole = yaml.safe_load(PAGE.read_text())
    for name, channel in whole["channels"].items():
        said = [one["$ref"].rpartition("/")[2] for one in channel["messages"].values()]
        signed = [one for one in said if one.startswith("Signed")]
        assert signed == [f"Signed{said[0]}"] if name in DOWNWARD else not signed
        for one in signed:
            message = whole["components"]["messages"][one]
            assert message["payload"] == {"$ref": "#/components/schemas/Signed"}
            assert message["x-body"] == {"$ref": f"#/components/schemas/{said[0]}"}
