"""Looks for registers where sales arrive and nobody touches the kiosk."""

from __future__ import annotations

from itertools import groupby

import structlog

from hub.core.hours import DAY_MS
from hub.core.silence import LEAST_SALES, USUAL_DAYS, SilenceBook, usual

log = structlog.get_logger(__name__)


class Silences:
    """A job's work; it ends by itself at the next touch, in the transaction that hears of it."""

    def __init__(self, book: SilenceBook) -> None:
        self._book = book

    def look(self, now: int) -> None:
        """Note every point that is silent now; raises ArchiveError."""
        found = self._book.candidates(LEAST_SALES)
        for store, candidates in groupby(found, key=lambda one: one.store_id):
            hours = self._book.hours(store, now - USUAL_DAYS * DAY_MS)
            every = [hour for of_one in hours.values() for hour in of_one]
            for one in candidates:
                known = usual(hours.get(one.point_id, ()), every, one.sales)
                if known.is_silent(one.sales):
                    self._book.tell(one, known.expected(one.sales), now)
                    log.warning("silences.silent", store=store, point=one.point_id, sales=one.sales)
