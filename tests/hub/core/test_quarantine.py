"""The quarantine: one row for one thing, and nothing that a database cannot keep."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hub.core.quarantine import LONGEST_DETAIL, LONGEST_PAYLOAD, Captive, told

ONE = Captive("a/topic", "unreadable", "why", b"payload")


def test_the_same_thing_from_the_same_place_has_the_same_fingerprint() -> None:
    assert ONE.fingerprint == replace(ONE, code="other", detail="other").fingerprint


def test_anything_else_has_another() -> None:
    others = [
        replace(ONE, source="b/topic"),
        replace(ONE, payload=b"other"),
        replace(ONE, epoch="0" * 16),
        replace(ONE, epoch="0" * 16, seq=1),
        replace(ONE, epoch="0" * 16, seq=2),
    ]
    assert len({one.fingerprint for one in (ONE, *others)}) == 6


def test_a_fingerprint_covers_more_than_the_excerpt() -> None:
    long = replace(ONE, payload=b"x" * LONGEST_PAYLOAD)
    longer = replace(ONE, payload=b"x" * LONGEST_PAYLOAD + b"y")
    assert long.excerpt == longer.excerpt
    assert long.fingerprint != longer.fingerprint


@given(st.text(max_size=3_000))
def test_an_explanation_can_be_kept_by_every_database(text: str) -> None:
    kept = told(text)
    assert len(kept) <= LONGEST_DETAIL
    assert "\0" not in kept
    assert kept.encode().decode() == kept


def test_half_characters_do_not_break_an_explanation_or_a_fingerprint() -> None:
    assert told("\ud800") == "?"
    assert replace(ONE, source="\ud800").fingerprint
