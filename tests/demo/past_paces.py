"""What services took in the demo's four weeks: as long as fits their lines.

The demo's shoppers are served in seconds, so that something happens on the screen. With such
services nobody would have waited in those weeks, and one more register would have done nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert

from hub.adapters.database import writing
from hub.adapters.tables import wait_services
from hub.core.hours import day_number
from hub.core.waiting.services import USUAL_SQUARE
from tests.demo.stores import CLOSES, OPENS, DemoStore, sales_an_hour

LOAD: Final = 0.95
"""How busy registers are in the fullest hour."""


def keep_paces(engine: Engine, stores: Iterable[DemoStore], now: datetime, days: int) -> None:
    """What a service took on each day up to yesterday."""
    rows = []
    for store in stores:
        today = now.astimezone(ZoneInfo(store.zone)).date()
        for back in range(1, days + 1):
            day = today - timedelta(days=back)
            most = max(sales_an_hour(hour, day.weekday()) for hour in range(OPENS, CLOSES))
            row = {"store_id": store.store_id, "day": day_number(day), "square": USUAL_SQUARE}
            rows.append(row | {"mean": LOAD * 3_600_000 / most})
    with writing(engine) as db:
        db.execute(insert(wait_services), rows)
