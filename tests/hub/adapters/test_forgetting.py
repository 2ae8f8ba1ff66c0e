"""What was told is forgotten after five weeks, who waited how long after one."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, select

from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading, writing
from hub.adapters.forgetting import NOTICE_DAYS, WAIT_DAYS, forget_waits
from hub.adapters.tables import notices, waits
from hub.core.hours import DAY_MS
from tests.parts.archives import CENTRO, PUERTO, furnish

NOW = 1_763_971_200_000


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """A notice and a wait each day for forty days, of two lines of two stores."""
    furnish(SqlArchive(engine))
    days = [(NOW - day * DAY_MS, store, f"line-{line}")
            for day in range(40) for store in (CENTRO, PUERTO) for line in (1, 2)]  # fmt: skip
    said = {"method": "sales", "because": "no_counter", "waiting": 0, "open": 0, "quickest": False}
    with writing(engine) as db:
        for at, store, line in days:
            place = {"store_id": store, "line_id": line, "at": at}
            db.execute(insert(notices).values(place | said))
            db.execute(insert(waits).values(place | {"waited": 1}))
    return engine


def test_only_what_is_old_goes_and_it_goes_once(kept: Engine) -> None:
    assert forget_waits(kept, NOW) == 4 * (40 - NOTICE_DAYS - 1 + 40 - WAIT_DAYS - 1)
    with reading(kept) as db:
        assert min(db.scalars(select(notices.c.at))) == NOW - NOTICE_DAYS * DAY_MS
        assert min(db.scalars(select(waits.c.at))) == NOW - WAIT_DAYS * DAY_MS
    assert forget_waits(kept, NOW) == 0
