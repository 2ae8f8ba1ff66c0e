"""A day in an address."""

from __future__ import annotations

import pytest
from fastapi import HTTPException

from hub.web.days import iso, read_day


def test_a_day_is_read_as_it_is_written() -> None:
    assert read_day("2026-11-19") == 20261119
    assert iso(20261119) == "2026-11-19"


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-11-31", "1999-12-31", "2026-11-19T10:00", "2026-1-9"]
)
def test_what_is_no_day_is_a_bad_question(text: str) -> None:
    with pytest.raises(HTTPException) as refused:
        read_day(text)
    assert refused.value.status_code == 400
