"""A layout as the fields of a form: written out, and read with every fault told at its field.

What is typed may be no layout yet, and is not to be lost for that: so fields are plain texts, ticks
and lists. Nothing here changes what it is given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from hub.core.editing import named
from hub.core.ports import Point
from hub.core.waiting.alarming import Limits
from hub.core.waiting.arranging import Laid, registers
from hub.core.waiting.facts import MOST_REGISTERS, Line, LineId
from hub.core.waiting.layout import MOST_LINES, Hook, Layout
from hub.core.waiting.noticing import Terms
from hub.core.waiting.receivers import address_fault
from shared.errors import LayoutRefused
from shared.letters import undrawn
from shared.notices import Wording
from shared.places import PointId
from shared.soundness import Fault
from shared.texts import has_unseen, is_written

Fields = Mapping[str, Any]

LONGEST_NAME: Final = 40
"""What a kiosk shows in one row: “Caja rápida (hasta 10 artículos)” has 32."""

ROUNDINGS: Final = (1, 2, 5)

NUMBERS: Final[Mapping[str, range]] = {
    "usual_seconds": range(2, 1_801),
    "percentile": range(50, 96),
    "widest_minutes": range(1, 31),
    "widest_percent": range(10, 301),
    "silent_seconds": range(30, 1_801),
    "fresh_seconds": range(40, 601),  # kiosks are told anew every 20 s: one message may be lost
    "long_minutes": range(2, 61),
    "fine_minutes": range(1, 60),
    "raised_after": range(1_801),
    "cleared_after": range(3_601),
    "look_ahead": range(1, 121),
}
"""What each number of the form may be."""

EMPTY: Final = Layout(1, ())
"""What a store begins with: it tells no waits."""


def fields_of(layout: Layout) -> dict[str, Any]:
    """As a form shows it."""
    terms, limits = layout.terms, layout.limits
    numbers = {
        "usual_seconds": layout.usual_ms / 1_000,
        "percentile": 100 * terms.percentile,
        "widest_minutes": terms.widest_minutes,
        "widest_percent": 100 * terms.widest_share,
        "silent_seconds": terms.silent_seconds,
        "fresh_seconds": terms.fresh_seconds,
        "long_minutes": limits.long_minutes,
        "fine_minutes": limits.fine_minutes,
        "raised_after": limits.raised_after_ms / 1_000,
        "cleared_after": limits.cleared_after_ms / 1_000,
        "look_ahead": limits.look_ahead_minutes,
        "rounding": terms.rounding,
    }
    return {
        "lines": [_line_fields(layout, line) for line in layout.lines],
        **{name: str(round(number)) for name, number in numbers.items()},
        "wording": terms.wording.value,
        "hook": layout.hook.address if layout.hook else "",
    }


def _line_fields(layout: Layout, line: Line) -> dict[str, Any]:
    return {
        "id": line.line_id,
        "name": layout.names.get(line.line_id, line.line_id),
        "points": list(line.registers),
        "served": line.counts_served,
        "lane": line.line_id in layout.lanes,
    }


def empty_line() -> dict[str, Any]:
    """The fields of a line of which nothing is said yet."""
    return {"id": "", "name": "", "points": [], "served": False, "lane": False}


def laid_fields(
    laid: Iterable[Laid], names: Mapping[bool, str], before: Sequence[Fields]
) -> list[dict[str, Any]]:
    """The fields of these lines; whoever has no name is called as `names` says (True: alone).

    One with the very registers of a line that is there goes on as that line: what was learned of
    it is its own.
    """
    known = {frozenset(one["points"]): one for one in before}
    found = []
    for one in laid:
        was = known.get(frozenset(one.points), empty_line())
        name = was["name"] or one.name or names[one.alone]
        # a camera over a lane sees whoever is served there, too
        line = {"id": was["id"], "name": name, "points": list(one.points)}
        found.append({**line, "served": was["served"], "lane": one.lane})
    return found


def read(fields: Fields, before: Layout, points: Collection[Point]) -> Layout:
    """What was typed, upon what stands there; raises LayoutRefused with every fault.

    A receiver of alerts that is new has no key yet.
    """
    reader = _Reader(fields, registers(points))
    layout = reader.layout(before)
    if layout is None:
        raise LayoutRefused(reader.faults)
    return layout


def keyed(layout: Layout, before: Hook | None, key: str, *, anew: bool = False) -> Layout:
    """With this key for whoever is told of alerts, where a new one is due.

    Another receiver has another key: whoever held the old one forges nothing for the new one.
    """
    if layout.hook is None or (not anew and layout.hook == before):
        return layout
    return replace(layout, hook=Hook(layout.hook.address, key))


def changes(before: Fields, after: Fields) -> str:
    """What differs, for the audit log: with both values where they are short."""
    told = []
    for name, old in before.items():
        new = after[name]
        if old != new:
            told.append(f"{name} {old} → {new}" if isinstance(old, str) else name)
    return ", ".join(told)


class _Reader:
    """Reads as far as it can, and notes what it could not."""

    def __init__(self, fields: Fields, points: Sequence[Point]) -> None:
        self._fields = fields
        self._points = {point.point_id: point.name for point in points}
        self.faults: list[Fault] = []

    def layout(self, before: Layout) -> Layout | None:
        """All of it; None where there is a fault."""
        lines, names, lanes = self._lines([line.line_id for line in before.lines])
        terms, limits = self._terms(before.terms), self._limits()
        usual_ms, hook = 1_000 * self._number("usual_seconds"), self._hook(before.hook)
        if self.faults:
            return None
        return replace(
            before,
            lines=lines,
            names=names,
            lanes=lanes,
            usual_ms=usual_ms,
            terms=terms,
            limits=limits,
            hook=hook,
        )

    def _lines(
        self, before: Collection[LineId]
    ) -> tuple[tuple[Line, ...], dict[LineId, str], frozenset[LineId]]:
        lines: list[Line] = []
        names: dict[LineId, str] = {}
        lanes: set[LineId] = set()
        if len(self._fields["lines"]) > MOST_LINES:
            self._fault("lines", f"are {len(self._fields['lines'])}; at most {MOST_LINES}")
            return (), {}, frozenset()
        for at, one in enumerate(self._fields["lines"]):
            name = self._name(at, one["name"], names.values())
            stands = self._registers(at, one["points"], lines)
            line = LineId(one["id"])
            if line not in before or line in names:
                line = LineId(named(name, {*before, *names}, f"line-{at + 1}"))
            names[line] = name
            if stands:
                lines.append(Line(line, stands, one["served"]))
            if one["lane"]:
                lanes.add(line)
        return tuple(lines), names, frozenset(lanes)

    def _name(self, at: int, name: str, others: Collection[str]) -> str:
        place = f"lines.{at}.name"
        if not is_written(name):
            self._fault(place, "is not written")
        elif len(name) > LONGEST_NAME:
            self._fault(place, f"is {len(name)} characters long; at most {LONGEST_NAME}")
        elif has_unseen(name):
            self._fault(place, "holds characters that nobody can see")
        elif letter := undrawn(name):
            self._fault(place, f"holds “{letter}”, which no kiosk can draw")
        elif name in others:
            self._fault(place, f"“{name}” stands there 2 times")
        return name

    def _registers(
        self, at: int, typed: Sequence[str], lines: Sequence[Line]
    ) -> tuple[PointId, ...]:
        place, taken = f"lines.{at}.points", {one for line in lines for one in line.registers}
        if len(typed) > MOST_REGISTERS:
            self._fault(place, f"are {len(typed)}; at most {MOST_REGISTERS}")
            return ()
        for one in typed:
            if one not in self._points:
                self._fault(place, f"there is no register “{one:.40}”")
            elif one in taken:
                self._fault(place, f"“{self._points[PointId(one)]}” stands at another line already")
        found = tuple(one for one in self._points if one in typed and one not in taken)
        if not typed:
            self._fault(place, "needs a register")
        return found

    def _terms(self, before: Terms) -> Terms:
        rounding = self._fields["rounding"]
        if rounding not in map(str, ROUNDINGS):
            self._fault("rounding", f"{rounding:.40} is none of {', '.join(map(str, ROUNDINGS))}")
        wording = self._fields["wording"]
        if wording not in set(Wording):
            self._fault("wording", f"{wording:.40} is none of {', '.join(Wording)}")
        return replace(
            before,
            percentile=self._number("percentile") / 100,
            widest_minutes=float(self._number("widest_minutes")),
            widest_share=self._number("widest_percent") / 100,
            silent_seconds=self._number("silent_seconds"),
            fresh_seconds=self._number("fresh_seconds"),
            rounding=int(rounding) if rounding in map(str, ROUNDINGS) else 1,
            wording=Wording(wording) if wording in set(Wording) else Wording.ABOUT,
        )

    def _limits(self) -> Limits:
        long, fine = self._number("long_minutes"), self._number("fine_minutes")
        if 0 < long <= fine:
            self._fault("fine_minutes", "must be less than what is long")
        return Limits(
            long_minutes=float(long),
            fine_minutes=float(fine),
            raised_after_ms=1_000 * self._number("raised_after"),
            cleared_after_ms=1_000 * self._number("cleared_after"),
            look_ahead_minutes=float(self._number("look_ahead")),
        )

    def _hook(self, before: Hook | None) -> Hook | None:
        address = self._fields["hook"]
        if not address:
            return None
        if fault := address_fault(address):
            self._fault("hook", fault)
        return Hook(address, before.key if before else "")

    def _number(self, name: str) -> int:
        typed, offered = self._fields[name], NUMBERS[name]
        number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else -1
        if number not in offered:
            self._fault(name, f"is no number from {offered[0]} to {offered[-1]}")
        return number

    def _fault(self, place: str, reason: str) -> None:
        self.faults.append(Fault(place, reason))
