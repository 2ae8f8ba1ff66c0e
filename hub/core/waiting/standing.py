"""What stands in a store for a while: its alerts, and which of its registers are open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.core.waiting.alarming import Alert, Kind, Limits, State, looked
from hub.core.waiting.arrivals import rate_of
from hub.core.waiting.book import AlertKey, AlertRow, OpeningRow, Rows
from hub.core.waiting.choosing import Because
from hub.core.waiting.facts import LineId
from hub.core.waiting.floor import Floor
from hub.core.waiting.noticing import Telling, Withdrawn
from hub.core.waiting.queue import Queue, chances, typical
from hub.core.waiting.services import Services
from shared.places import PointId, StoreId

OPEN, CLOSED = 0.6, 0.4
"""The chance above which a register counts as open, and below which as closed: between them it
stays what it was, so that one sale late is not a closing."""

SETTLING_MS: Final = 5 * 60_000
"""Whoever begins knows of no register that it is open: until then none of them is called closed."""

_QUIET: Final = frozenset({Withdrawn.STALE, Withdrawn.CLOSED})


class Standing:
    """The alerts and the registers of one store."""

    def __init__(
        self, store: StoreId, at: int, alerts: Mapping[AlertKey, AlertRow] | None = None
    ) -> None:
        """`alerts` stood when this began."""
        self._store, self._begun = store, at
        self._open: dict[PointId, bool] = {}
        self._alerts = {
            (key.line_id, key.kind): Alert(key.kind, key.since, None, row.registers)
            for key, row in (alerts or {}).items()
        }

    @property
    def alerts(self) -> dict[AlertKey, AlertRow]:
        """Those that stand."""
        return {
            AlertKey(self._store, line, kind, alert.since): AlertRow(alert.registers)
            for (line, kind), alert in self._alerts.items()
            if alert.since is not None
        }

    def look(
        self,
        floor: Floor,
        tellings: Mapping[LineId, Telling],
        limits: Limits,
        now: int,
        rows: Rows,
    ) -> None:
        """See what changed."""
        for line in {line for line, _ in self._alerts} - tellings.keys():
            self._clear_line(line, now, rows)
        for line, telling in tellings.items():
            queue = floor.queues[line]
            open_ = chances(queue, floor.services)
            self._see_registers(queue, open_, now, rows)
            state = state_of(queue, telling, floor.services, open_)
            if state is not None:
                for kind in Kind:
                    self._see_alert(line, kind, state, limits, rows)

    def clear(self, now: int, rows: Rows) -> None:
        """Nobody looks at this store any more: what stands is over."""
        for line in {line for line, _ in self._alerts}:
            self._clear_line(line, now, rows)

    def _see_registers(self, queue: Queue, open_: tuple[float, ...], now: int, rows: Rows) -> None:
        for register, chance in zip(queue.registers, open_, strict=True):
            point, before = register.point_id, self._open.get(register.point_id)
            if CLOSED <= chance <= OPEN or before == (chance > OPEN):
                continue
            if before is None and chance < CLOSED and now - self._begun < SETTLING_MS:
                continue
            self._open[point] = chance > OPEN
            rows.openings.append(OpeningRow(self._store, point, now, chance > OPEN))

    def _see_alert(
        self, line: LineId, kind: Kind, state: State, limits: Limits, rows: Rows
    ) -> None:
        before = self._alerts.get((line, kind), Alert(kind))
        after, raised = looked(before, state, limits)
        self._alerts[line, kind] = after
        if raised and after.since is not None:
            key = AlertKey(self._store, line, kind, after.since)
            rows.alerts[key] = AlertRow(after.registers)
        elif raised is False and before.since is not None:
            key = AlertKey(self._store, line, kind, before.since)
            rows.alerts[key] = AlertRow(before.registers, state.at)

    def _clear_line(self, line: LineId, now: int, rows: Rows) -> None:
        for kind in Kind:
            alert = self._alerts.pop((line, kind), Alert(kind))
            if alert.since is not None:
                key = AlertKey(self._store, line, kind, alert.since)
                rows.alerts[key] = AlertRow(alert.registers, now)


def state_of(
    queue: Queue, telling: Telling, services: Services, open_: tuple[float, ...]
) -> State | None:
    """What is seen of a line; None where that is too vague to raise or to clear anything.

    Of a line that is closed, or of which nothing is heard, nothing is waited for.
    """
    if telling.withdrawn in _QUIET:
        return State(telling.at, 0.0, 0.0, 0.0, 0.0, 0.0)
    if telling.withdrawn is Withdrawn.WIDE and telling.choice.because is not Because.AGREES:
        return None
    hour = services.hour(queue.at)
    served = sum(
        chance / services.of(one.point_id, hour).mean
        for one, chance in zip(queue.registers, open_, strict=True)
    )
    wait, waiting = telling.choice.estimate.mean, queue.crowd.moments()[0]
    one = 1 / typical(queue, services).mean
    return State(telling.at, wait, waiting, rate_of(queue.arrivals), served, one)
