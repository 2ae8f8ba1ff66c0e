"""A store's lines with a morning, an evening and all that was kept of them."""

from __future__ import annotations

from math import sin
from typing import Any

from sqlalchemy import Engine, insert

from hub.adapters.database import writing
from hub.adapters.layouts import SqlLayouts
from hub.adapters.tables import notices, openings, wait_alerts, wait_doubts, wait_outcomes
from hub.core.accounts import Note
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from shared.places import PointId, StoreId

MINUTE, HOUR = 60_000, 3_600_000
LINE, SELF = LineId("line-1"), LineId("self")
REGISTERS = tuple(PointId(f"caja-{number}") for number in range(1, 7))


def lay_out(engine: Engine, store: StoreId, layout: Layout | None = None) -> None:
    """One line for six registers, or as asked for."""
    layout = layout or Layout(1, (Line(LINE, REGISTERS),), {LINE: "Line 1"})
    SqlLayouts(engine).lay_out(store, layout, 0, Note(0, "test", "lines laid out", store))


def told(store: StoreId, at: int, minutes: int | None = 5, **changed: Any) -> dict[str, Any]:
    """A row of notices."""
    return {
        "store_id": store,
        "line_id": LINE,
        "at": at,
        "minutes": minutes,
        "withdrawn": None if minutes is not None else "wide",
        "method": "queue_length",
        "because": "agrees",
        "mean": 3.6 * MINUTE,
        "low": 2.2 * MINUTE,
        "middle": 3.5 * MINUTE,
        "high": 6.4 * MINUTE,
        "waiting": 11.2,
        "open": 4.9,
        "quickest": False,
    } | changed


def keep(engine: Engine, *rows: dict[str, Any]) -> None:
    """Keep rows of notices."""
    with writing(engine) as db:
        db.execute(insert(notices), list(rows))


def seed_waits(engine: Engine, store: StoreId, midnight: int, now: int, line: str = LINE) -> None:
    """A day from nine until now: two peaks, a gap at noon, registers that open and close."""
    start = midnight + 9 * HOUR
    keep(engine, *[_minute(store, midnight, at, line) for at in range(start, now + 1, MINUTE)])
    with writing(engine) as db:
        db.execute(insert(wait_outcomes), [*_outcomes(store, midnight, now, line)])


def _minute(store: StoreId, midnight: int, at: int, line: str) -> dict[str, Any]:
    hour = (at - midnight) / HOUR
    mean = 2.5 + 2.2 * sin((hour - 9) / 12 * 12.6 - 1.2) + 0.6 * sin(hour * 9)
    mean = max(0.2, mean) * MINUTE
    gone = 14.2 < hour < 14.8
    minutes = None if gone else int(1.35 * mean // MINUTE) + 1 if mean > 0.7 * MINUTE else 0
    percentiles = {"mean": mean, "low": 0.55 * mean, "middle": 0.95 * mean, "high": 1.6 * mean}
    its = {"waiting": mean / MINUTE * 2.4, "open": 4.0 + (mean > 3 * MINUTE)}
    return told(store, at, minutes, line_id=line, **percentiles, **its)


def _outcomes(store: StoreId, midnight: int, now: int, line: str) -> Any:
    for back in range(28):
        for hour in range(9, 21):
            start = midnight - back * 24 * HOUR + hour * HOUR
            if start + HOUR <= now:
                told_to = 40 + 7 * (hour % 5) + back % 3
                yield {
                    "store_id": store,
                    "hour": start,
                    "line_id": line,
                    "told": told_to,
                    "within_minute": round(told_to * (0.6 + 0.02 * (hour % 4))),
                    "too_short": round(told_to * 0.04),
                    "over_ms": told_to * (80_000 + 3_000 * (hour % 7)),
                    "untold": 6 if hour == 14 else 1,
                }


def seed_rest(engine: Engine, store: StoreId, midnight: int) -> None:
    """Who was open when; an alert that stands, one that is over; and what is wrong."""
    times = {1: (9, 21), 2: (9, 15.1), 3: (11, 20), 4: (16.4, 21), 5: (12.2, 14), 6: (17, 19)}
    with writing(engine) as db:
        rows = [
            {"store_id": store, "point_id": f"caja-{n}", "at": midnight + int(hour * HOUR)}
            | {"open": is_open}
            for n, hours in times.items()
            for hour, is_open in zip(hours, (True, False), strict=True)
        ]
        db.execute(insert(openings), rows)
        db.execute(insert(wait_alerts), [_alert(store, midnight, *one) for one in ALERTS])
        db.execute(insert(wait_doubts), [_doubt(store, midnight, *one) for one in DOUBTS])


ALERTS = (
    ("line_long", 17.07, None, 0),
    ("register_needed", 17.1, None, 2),
    ("line_long", 12.5, 13.1, 0),
)
DOUBTS = (
    (LINE, "counter_stuck", 1, 14.04),
    ("caja-3", "late", 12, 19.3),
    ("?", "unknown_line", 3, -3.0),
)


def _doubt(
    store: StoreId, midnight: int, place: str, what: str, n: int, hour: float
) -> dict[str, Any]:
    its = {"store_id": store, "place": place, "what": what, "times": n}
    return its | {"at": midnight + int(hour * HOUR)}


def _alert(
    store: StoreId, midnight: int, kind: str, since: float, until: float | None, more: int
) -> dict[str, Any]:
    return {
        "store_id": store,
        "line_id": LINE,
        "kind": kind,
        "since": midnight + int(since * HOUR),
        "until": None if until is None else midnight + int(until * HOUR),
        "registers": more,
    }
