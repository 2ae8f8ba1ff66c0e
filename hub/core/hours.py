"""The local trading hour: in which hour of which store an instant counts.

Laws of this page
1. A trading hour is a maximal interval in which local date, local hour and UTC offset stay equal;
   its key is the instant (ms since 1970, UTC) at which it begins.
2. Every instant lies in exactly one trading hour of a zone, and the hours tile time without gaps:
   one ends where the next begins.
3. An hour is shorter than sixty minutes only where the zone's clocks were changed inside it; the
   two passes through a repeated hour are two hours, because their offsets differ.
"""

from __future__ import annotations

import difflib
import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from shared.errors import WordError, ZoneError

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

FARTHEST_OFFSET_S = 16 * 3600
"""No zone was ever farther from UTC: Manila's −15:56:08 before 1844 is the record."""

EARLIEST_MS = -62_135_596_800_000 + 3 * DAY_MS
LATEST_MS = 253_402_300_799_000 - 3 * DAY_MS
"""The years 1 to 9999, less three days at either end so that no offset leads out of them."""

MOST_CACHED = 4096
"""Hours remembered for each zone: 170 days of them, about 1 MB; then it begins anew."""


@dataclass(frozen=True, slots=True)
class Hour:
    """One trading hour, `start` ≤ instant < `end`, with its local date (20261122) and hour."""

    start: int
    end: int
    day: int
    hour_of_day: int
    offset_seconds: int

    @property
    def begins(self) -> datetime:
        """The local time at which it begins, with its offset."""
        offset = timezone(timedelta(seconds=self.offset_seconds))
        return datetime.fromtimestamp(self.start / 1000, offset)


class Hours:
    """The trading hours of one zone, remembered so that asking again costs next to nothing."""

    def __init__(self, zone_name: str) -> None:
        """Raises ZoneError where there is no such zone."""
        self.zone = find_zone(zone_name)
        self.zone_name = zone_name
        self._last = self._find(0)
        self._near: dict[int, tuple[Hour, ...]] = {}  # by UTC hour: those met that overlap it
        self._days: dict[int, tuple[int, int]] = {}

    def hour_of(self, instant_ms: int) -> Hour:
        """The hour in which this instant lies; raises WordError outside the years 1 to 9999."""
        hour = self._last
        if hour.start <= instant_ms < hour.end:
            return hour
        known = self._near.get(instant_ms // HOUR_MS, ())
        for hour in known:
            if hour.start <= instant_ms < hour.end:
                self._last = hour
                return hour
        return self._remember(instant_ms, known)

    def hours_between(self, a_ms: int, b_ms: int) -> Iterator[Hour]:
        """Every hour that has an instant from `a_ms` up to, not including, `b_ms`, in order."""
        at = a_ms
        while at < b_ms:
            hour = self.hour_of(at)
            yield hour
            at = hour.end

    def day_bounds(self, day: int) -> tuple[int, int]:
        """The first instant of a local date and the first after its last one.

        Where the zone skipped that date, both are the instant at which it did. Where clocks went
        back across midnight, a few minutes of a neighbouring date lie in between: `hours_of_day`
        leaves them out.
        """
        bounds = self._days.get(day)
        if bounds is None:
            if len(self._days) >= MOST_CACHED:
                self._days.clear()
            bounds = self._days[day] = self._find_day(day)
        return bounds

    def hours_of_day(self, day: int) -> tuple[Hour, ...]:
        """The hours of a local date, in order."""
        return tuple(
            [hour for hour in self.hours_between(*self.day_bounds(day)) if hour.day == day]
        )

    def _remember(self, instant_ms: int, known: tuple[Hour, ...]) -> Hour:
        hour = self._last = self._find(instant_ms)
        if len(self._near) >= MOST_CACHED:
            self._near.clear()
        self._near[instant_ms // HOUR_MS] = (*known, hour)
        return hour

    def _find(self, instant_ms: int) -> Hour:
        if not EARLIEST_MS <= instant_ms <= LATEST_MS:
            raise WordError(f"{instant_ms} is no instant in the years 1 to 9999")
        at = instant_ms // 1000  # clocks are only ever changed on a whole second
        offset = self._offset(at)
        begins = at + offset - (at + offset) % 3600 - offset
        first = self._edge(at, begins, offset)
        last = self._edge(at, begins + 3599, offset)
        local = _EPOCH + timedelta(seconds=at + offset)
        return Hour(first * 1000, (last + 1) * 1000, day_number(local), local.hour, offset)

    def _edge(self, inside: int, outside: int, offset: int) -> int:
        """The last second from `inside` towards `outside` up to which the offset holds."""
        if self._offset(outside) == offset:
            return outside
        while abs(outside - inside) > 1:
            middle = (inside + outside) // 2
            if self._offset(middle) == offset:
                inside = middle
            else:
                outside = middle
        return inside

    def _offset(self, at: int) -> int:
        shift = datetime.fromtimestamp(at, self.zone).utcoffset()
        return 0 if shift is None else shift.days * 86_400 + shift.seconds

    def _find_day(self, day: int) -> tuple[int, int]:
        midnight = int(datetime.combine(date_of(day), datetime.min.time(), UTC).timestamp())
        offset = self._offset(midnight)
        around = range(midnight - FARTHEST_OFFSET_S, midnight + 86_400 + FARTHEST_OFFSET_S, 14_400)
        if all(self._offset(at) == offset for at in around):
            return (midnight - offset) * 1000, (midnight - offset + 86_400) * 1000
        span = list(self.hours_between(around.start * 1000, around.stop * 1000))
        hours = [hour for hour in span if hour.day == day]
        if hours:
            return hours[0].start, hours[-1].end
        skipped = next(hour.start for hour in span if hour.day > day)
        return skipped, skipped


def find_zone(name: str) -> ZoneInfo:
    """The zone of that name; raises ZoneError, with what was probably meant."""
    try:
        if _ZONE_NAME.fullmatch(name) is None or name.startswith(_NOT_FOR_STORES):
            raise ValueError(name)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:
        raise ZoneError(f"there is no time zone {name!r:.60}", hint=_meant(name)) from fault


def date_of(day: int) -> date:
    """The date that a day such as 20261122 stands for; raises WordError."""
    try:
        return date(day // 10_000, day // 100 % 100, day % 100)
    except ValueError as fault:
        raise WordError(f"{day} is no day: a day is written like 20261122") from fault


def day_number(day: date) -> int:
    """A date as a number, 20261122, which sorts as the dates do."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_after(day: int, days: int = 1) -> int:
    """The day so many days later (earlier, if negative)."""
    return day_number(date_of(day) + timedelta(days=days))


def weekday_of(day: int) -> int:
    """0 for Monday."""
    return date_of(day).weekday()


def monday_of(day: int) -> int:
    """The Monday of the week in which a day lies."""
    return day_after(day, -weekday_of(day))


def _meant(name: str) -> str:
    names = sorted(zoneinfo.available_timezones())
    by_city = {zone.rpartition("/")[2].lower(): zone for zone in names}
    asked = name[:60].strip().replace(" ", "_").lower()
    near = difflib.get_close_matches(asked, [zone.lower() for zone in names], n=1)
    city = difflib.get_close_matches(asked.rpartition("/")[2], by_city, n=1)
    exact = {zone.lower(): zone for zone in names}
    guess = exact[near[0]] if near else by_city[city[0]] if city else "Europe/Madrid"
    ask = "Did you mean" if near or city else "Give its IANA name, such as"
    return f"{ask} “{guess}”?" if near or city else f"{ask} “{guess}”."


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ZONE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+/-]{0,63}", re.ASCII)
_NOT_FOR_STORES = ("right/", "posix", "localtime", "Factory")
"""Leap-second zones, copies, the machine's own setting and a placeholder: none names a place."""
