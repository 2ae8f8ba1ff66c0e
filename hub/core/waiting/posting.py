"""What stands on each kiosk of a store, and what it must be told now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from hub.core.waiting.facts import LineId
from hub.core.waiting.layout import Layout
from hub.core.waiting.noticing import Telling
from shared.notices import Notice
from shared.places import KioskId, PointId, StoreId

TOLD_EVERY_MS: Final = 15_000
"""A notice that stands is told again at the next look, which is within 20 s: two of three may be
lost before it is worthless."""


class Stand(NamedTuple):
    """Which kiosk stands at which point."""

    kiosk_id: KioskId
    point_id: PointId


@dataclass(frozen=True, slots=True)
class Plot:
    """A store as the queue knows it: its zone and layout, its kiosks, and how points are called."""

    store_id: StoreId
    zone: str
    layout: Layout
    stands: tuple[Stand, ...] = ()
    names: Mapping[PointId, str] = field(default_factory=dict)

    def called(self, line: LineId) -> str:
        """How shoppers know a line; a lane is known as its register."""
        if line in self.layout.names:
            return self.layout.names[line]
        registers = next((one.registers for one in self.layout.lines if one.line_id == line), ())
        return self.names.get(registers[0], line) if len(registers) == 1 else line


def notices_of(
    plot: Plot, tellings: Mapping[LineId, Telling], quickest: LineId | None
) -> dict[KioskId, Notice]:
    """The notice for each kiosk before whose register something is told.

    The quickest lane is named on the kiosks of the others: who stands there may step over.
    """
    found = {line: _notice(plot, telling) for line, telling in tellings.items()}
    named = found.get(quickest) if quickest is not None else None
    notices: dict[KioskId, Notice] = {}
    for kiosk, point in plot.stands:
        line = plot.layout.line_at(point)
        notice = None if line is None else found.get(line)
        if notice is None:
            continue
        steps_over = line != quickest and line in plot.layout.lanes
        if steps_over and named is not None and quickest is not None:
            notice = _naming(notice, plot.called(quickest), named.minutes)
        notices[kiosk] = notice
    return notices


def _notice(plot: Plot, telling: Telling) -> Notice | None:
    terms = plot.layout.terms
    if telling.minutes is None:
        return None
    return Notice(telling.at, telling.minutes, terms.fresh_seconds, wording=terms.wording)


def _naming(notice: Notice, name: str, minutes: int) -> Notice:
    return replace(notice, quickest=name, quickest_minutes=minutes)


class Posted:
    """What the kiosks of one store were told last; None: it was taken back."""

    def __init__(self) -> None:
        self._told: dict[KioskId, Notice | None] = {}
        self._again = False

    def again(self) -> None:
        """The broker may have lost what it kept: all is told once more."""
        self._again = True

    def due(self, wanted: Mapping[KioskId, Notice], now: int) -> dict[KioskId, Notice | None]:
        """What must be told now so that this is what stands; it counts as told."""
        due: dict[KioskId, Notice | None] = {
            kiosk: notice
            for kiosk, notice in wanted.items()
            if self._again or not _stands(self._told.get(kiosk), notice, now)
        }
        for kiosk in self._told.keys() - wanted.keys():
            if self._again or self._told[kiosk] is not None:
                due[kiosk] = None
        self._told |= due
        self._again = False
        return due

    def forget(self, kiosks: Iterable[KioskId]) -> None:
        """Nothing stands on these, and nobody has to be told so again."""
        for kiosk in kiosks:
            self._told.pop(kiosk, None)


def _stands(last: Notice | None, wanted: Notice, now: int) -> bool:
    """Whether the same was told, and not so long ago that it should be told again."""
    if last is None or replace(last, at=wanted.at) != wanted:
        return False
    return 0 <= now - last.at < min(TOLD_EVERY_MS, 1_000 * wanted.fresh_seconds // 4)
