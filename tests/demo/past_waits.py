"""Four weeks of waits before the demo's registers, as the queue would have kept them.

They rest on the very sales that the kiosks of those weeks sent: whoever paid had waited, and had
been told something when they joined. How long a line was follows the hours, and chance.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from hub.core.hours import Hours
from hub.core.waiting.book import NoticeRow, OpeningRow, OutcomeKey, Rows, WaitRow
from hub.core.waiting.choosing import Because, Method
from hub.core.waiting.facts import Line
from hub.core.waiting.noticing import LONGEST_MINUTES, Withdrawn, whole_minutes
from hub.core.waiting.outcomes import outcome
from shared.places import PointId
from tests.demo.floors import layout_of
from tests.demo.stores import CLOSES, OPENS, DemoStore, Lines, sales_an_hour

MINUTE_MS: Final = 60_000

SHUT_MS: Final = 15 * MINUTE_MS
"""A register that sells nothing for so long was closed meanwhile."""

KNOWN_MS: Final = 7 * MINUTE_MS
"""So long after its last sale that was thought."""

WAITS_DAYS: Final = 8

Sold = Mapping[PointId, Sequence[int]]
"""When something was sold at each register, in order (ms since 1970, UTC)."""


class Minute(NamedTuple):
    """What a line was like then, and what it told."""

    true: float
    row: NoticeRow


def past_waits(store: DemoStore, sold: Sold, now: datetime, days: int, seed: int) -> Iterator[Rows]:
    """What was kept of each day of a store, the latest last."""
    hours, layout = Hours(store.zone), layout_of(store)
    today = now.astimezone(ZoneInfo(store.zone)).date()
    for back in range(days, -1, -1):
        day = today - timedelta(days=back)
        opens = datetime(day.year, day.month, day.day, OPENS, tzinfo=ZoneInfo(store.zone))
        begins = round(opens.timestamp() * 1_000)
        ends = min(begins + (CLOSES - OPENS) * 60 * MINUTE_MS, round(now.timestamp() * 1_000))
        rows = Rows()
        for line in layout.lines:
            dice = random.Random(f"{seed}/{store.store_id}/{line.line_id}/{day}")
            told = _told(store, line, range(begins, ends, MINUTE_MS), dice)
            rows.notices.extend(one.row for one in told)
            for point in line.registers:
                times = [at for at in sold.get(point, ()) if begins <= at < ends]
                rows.openings.extend(_openings(store, point, times))
                for at in times:
                    _judge(rows, store, line, hours, at, told, begins, dice)
        if back > WAITS_DAYS:
            rows.waits.clear()  # what then happened is kept by the hour; who waited, not so long
        yield rows


def _told(store: DemoStore, line: Line, minutes: range, dice: random.Random) -> list[Minute]:
    """Minute by minute; both the line and what is thought of it wander."""
    found, wander, error = list[Minute](), 0.0, 0.0
    silent = _silence(len(minutes), dice)
    for number, at in enumerate(minutes):
        wander = 0.94 * wander + dice.gauss(0, 0.09)
        error = 0.9 * error + dice.gauss(0, 0.07)
        usual = _usual_ms(number / 60) * (0.7 if store.lines is Lines.LANES else 1.0)
        true = max(0.0, usual * (1 + wander))
        row = _row(store, line, at, true * (1 + error), silent=number in silent)
        found.append(Minute(true, row))
    return found


def _silence(minutes: int, dice: random.Random) -> range:
    """On some days somebody unplugs the counter for half an hour."""
    if dice.random() > 0.15 or minutes < 120:
        return range(0)
    begins = dice.randrange(60, minutes - 60)
    return range(begins, begins + 30)


def _usual_ms(hour: float) -> float:
    """By trading hours since opening: two peaks, from next to nothing up to six minutes."""
    whole = int(hour)
    near = [sales_an_hour(min(CLOSES - 1, OPENS + one), 0) for one in (whole, whole + 1)]
    sales = near[0] + (hour - whole) * (near[1] - near[0])
    return MINUTE_MS * (0.4 + 6.0 * (max(0.0, sales - 12) / 24) ** 2)


def _row(store: DemoStore, line: Line, at: int, mean: float, *, silent: bool) -> NoticeRow:
    counted = store.lines is not Lines.UNCOUNTED and not silent
    spread = 0.3 if counted else 0.8
    minutes: int | None = min(LONGEST_MINUTES, whole_minutes(mean * (1 + 0.84 * spread)))
    wide = 2.56 * spread * mean > 5 * MINUTE_MS
    method = Method.QUEUE_LENGTH if counted else Method.SALES
    because = Because.COUNTER_SILENT if silent else Because.NO_COUNTER
    return NoticeRow(
        store_id=store.store_id,
        line_id=line.line_id,
        at=at,
        minutes=None if wide else minutes,
        withdrawn=Withdrawn.WIDE.value if wide else None,
        method=method.value,
        because=(Because.AGREES if counted else because).value,
        mean=mean,
        low=max(0.0, mean * (1 - 1.28 * spread)),
        middle=0.97 * mean,
        high=mean * (1 + 1.28 * spread),
        waiting=mean / MINUTE_MS * len(line.registers) / 2,
        open=float(len(line.registers)),
        quickest=False,
    )


def _openings(store: DemoStore, point: PointId, times: Sequence[int]) -> Iterator[OpeningRow]:
    last: int | None = None
    for at in times:
        if last is not None and at - last > SHUT_MS:
            yield OpeningRow(store.store_id, point, last + KNOWN_MS, False)
            last = None
        if last is None:
            yield OpeningRow(store.store_id, point, at, True)
        last = at
    if last is not None:
        yield OpeningRow(store.store_id, point, last + KNOWN_MS, False)


def _judge(
    rows: Rows,
    store: DemoStore,
    line: Line,
    hours: Hours,
    at: int,
    told: Sequence[Minute],
    begins: int,
    dice: random.Random,
) -> None:
    """Whoever paid then entered service a little before, and had joined a wait before that."""
    entered = max(begins, at - dice.randrange(20_000, 90_000))
    waited = round(told[(entered - begins) // MINUTE_MS].true * dice.lognormvariate(0, 0.2))
    joined = max(begins, entered - waited)
    minutes = told[(joined - begins) // MINUTE_MS].row.minutes
    rows.waits.append(WaitRow(store.store_id, line.line_id, entered, waited, minutes))
    hour = hours.hour_of(entered).start
    rows.judge(OutcomeKey(store.store_id, hour, line.line_id), outcome(minutes, waited))
