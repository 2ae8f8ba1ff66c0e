"""`from` and `to`: dates, instants with an offset, and every kind of nonsense."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.figures import Days
from hub.core.hours import Hours
from hub.core.listing import Group
from hub.web.ranges import Asked, read_range
from shared.errors import WordError

ZONE = Hours("Asia/Kathmandu")  # +05:45
NOW = 1_795_116_600_000  # 2026-11-19T19:30Z: there it is already the 20th


def read(since: str | None, until: str | None, group: Group = Group.DAY) -> Asked:
    return read_range(since, until, group, ZONE, NOW)


def test_without_a_range_it_ends_with_the_stores_today() -> None:
    assert read(None, None) == Asked(Days(20261024, 20261120))
    assert read(None, "2026-11-10") == Asked(Days(20261014, 20261110))
    assert read("2026-11-10", None) == Asked(Days(20261110, 20261120))


def test_dates_include_both_ends() -> None:
    assert read("2026-11-01", "2026-11-01").days.count == 1
    assert read("2025-11-01", "2026-11-19").days.count == 384


def test_instants_lie_in_the_local_dates_of_the_store() -> None:
    asked = read("2026-11-18T18:14:00Z", "2026-11-18T18:16:00Z", Group.HOUR)
    assert asked.days == Days(20261118, 20261119)  # midnight there is 18:15 in UTC
    assert asked.until is not None
    assert asked.since is not None
    assert asked.until - asked.since == 120_000


@pytest.mark.parametrize("offset", ["+05:45", " 05:45", "Z", "-03:30"])
def test_every_explicit_offset_is_read(offset: str) -> None:
    assert read(f"2026-11-18T10:00{offset}", f"2026-11-18T11:00{offset}", Group.HOUR).since


texts = st.text(max_size=40)
nonsense = (texts | texts.map("2026-11-19".__add__)).filter(
    lambda text: not re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}(T.*)?", text, re.DOTALL)
)
"""Hypothesis knows the dates in our code, too: what may be right is no nonsense."""


@given(nonsense, st.none() | texts, st.sampled_from(Group))
@settings(deadline=None)
def test_nonsense_is_told_and_never_a_crash(since: str, until: str | None, group: Group) -> None:
    with pytest.raises(WordError):
        read(since, until, group)


digits = st.from_regex(
    r"\A20[0-9]{2}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2}))?\Z"
)


@given(digits, digits, st.sampled_from(Group))
@settings(deadline=None, max_examples=300)
def test_whatever_looks_right_is_read_or_told(since: str, until: str, group: Group) -> None:
    try:
        asked = read(since, until, group)
    except WordError:
        return
    assert 1 <= asked.days.count <= 400
