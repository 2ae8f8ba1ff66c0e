"""What the display of a store shows: the wait before each line, or that it cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hub.core.accounts import Note
from hub.core.hours import Hours
from hub.core.ports import Point, Store
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.core.waiting.noticing import Terms, Withdrawn
from shared.notices import KioskSettings, Look, Wording
from shared.places import StoreId
from shared.programme import TRANSLATED, default_programme

KEPT_EVERY_MS: Final = 60_000
"""What a line tells is written down at every change, and so often where nothing changes."""

LATE_MS: Final = 10_000
"""It is judged every 5 s, and a busy hub may be some seconds late: twice that."""

AHEAD_MS: Final = 60_000
"""The clocks of two hub machines may differ; what is dated later than this is no notice of now."""


@dataclass(frozen=True, slots=True)
class Told:
    """The newest notice of a line, as it was kept."""

    at: int
    minutes: int | None
    withdrawn: str | None = None
    quickest: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """All that a store's display rests on, but for the notices; `key` stands in its address."""

    key: str
    store: Store
    layout: Layout | None
    programme: KioskSettings | None
    points: Sequence[Point] = ()

    @property
    def terms(self) -> Terms:
        """How this store tells its waits."""
        return Terms() if self.layout is None else self.layout.terms


@dataclass(frozen=True, slots=True)
class Row:
    """One line on the display: its minutes (0: less than one), else why there are none."""

    id: str
    name: str
    minutes: int | None
    why: str | None
    age_ms: int
    quickest: bool


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything that a display is told at once.

    A row stands until it is `stands_ms` old. A display that has not heard from the hub for
    `fresh_ms` shows none.
    """

    store: str
    zone: str
    now: int
    languages: tuple[str, ...]
    dark: bool
    calm: bool
    wording: Wording
    fresh_ms: int
    stands_ms: int
    rows: tuple[Row, ...]


class DisplayBook(Protocol):
    """What the hub's database knows of displays. Any method may raise ArchiveError."""

    def key(self, store: StoreId) -> str | None:
        """The key of a store's display; None where it has none yet."""

    def keep(self, store: StoreId, key: str, at: int, note: Note) -> None:
        """Let this be the key of a store's display, and the one before open nothing any more."""

    def setting(self, store: StoreId) -> Setting | None:
        """What a display rests on; None where there is no such store, or no key."""

    def told(self, store: StoreId, lines: Sequence[LineId], now: int) -> Mapping[LineId, Told]:
        """The newest notice of each line that may still say something at `now`."""


def screen(setting: Setting, told: Mapping[LineId, Told], now: int) -> Screen:
    """What the display shows at `now`."""
    programme = setting.programme or default_programme(1)
    spoken = tuple(one for one in programme.languages if one in TRANSLATED)
    terms, lines = setting.terms, () if setting.layout is None else setting.layout.lines
    return Screen(
        store=setting.store.name,
        zone=setting.store.zone,
        now=now,
        languages=spoken or ("en",),
        dark=is_dark(programme.keeping.look, setting.store, now),
        calm=programme.keeping.calm,
        wording=terms.wording,
        fresh_ms=terms.fresh_seconds * 1_000,
        stands_ms=stands_ms(terms),
        rows=tuple(_row(setting, line, told.get(line.line_id), now) for line in lines),
    )


def stands_ms(terms: Terms) -> int:
    """For how long a notice that was written down speaks of now."""
    return max(terms.fresh_seconds * 1_000, KEPT_EVERY_MS) + LATE_MS


def is_dark(look: Look, store: Store, now: int) -> bool:
    """Whether the display is dark: `auto` is so outside opening hours, which may pass midnight."""
    if look is not Look.AUTO:
        return look is Look.NIGHT
    hour, opens, closes = Hours(store.zone).hour_of(now).hour_of_day, store.opens, store.closes
    is_open = opens <= hour < closes if opens < closes else hour >= opens or hour < closes
    return not is_open


def name_of(line: Line, layout: Layout, points: Sequence[Point]) -> str:
    """What shoppers read: the line's own name, else the registers that it leads to."""
    if named := layout.names.get(line.line_id):
        return named
    serving = [point.name for point in points if point.point_id in line.registers]
    return " – ".join(serving if len(serving) < 2 else (serving[0], serving[-1]))


def _row(setting: Setting, line: Line, told: Told | None, now: int) -> Row:
    assert setting.layout is not None  # noqa: S101 - for the types: the line is of it
    name = name_of(line, setting.layout, setting.points)
    age = 0 if told is None else max(0, now - told.at)
    if told is None or age > stands_ms(setting.terms):
        return Row(line.line_id, name, None, Withdrawn.STALE, 0, quickest=False)
    named = told.quickest and told.minutes is not None
    return Row(line.line_id, name, told.minutes, told.withdrawn, age, quickest=named)
