"""What a line that comes and goes every second costs: bytes for each record, beside a calm one."""

from __future__ import annotations

import tempfile
import threading
import time
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from tests.drills.rig import Plan, Rig, running_rig
from tests.drills.seats import Manner

DRAIN_S = 120.0


@dataclass(frozen=True)
class Cost:
    """What passed on the line of one kiosk, both ways, until it owed nothing."""

    bytes: int
    records: int
    connections: int

    @property
    def each(self) -> float:
        """Bytes for each record."""
        return self.bytes / self.records


def measure(seconds: float, pace: float, *, flaps: bool) -> Cost:
    """One kiosk, so many shoppers in a second; raises AssertionError where it does not drain."""
    manner = Manner(pace=pace, receipt_timeout=10, longest_wait=10)
    with (
        tempfile.TemporaryDirectory(prefix="semblante-flapping-") as folder,
        running_rig(Plan(Path(folder), kiosks=1, manner=manner)) as rig,
    ):
        _go(rig, seconds, flaps=flaps)
        assert rig.drain(DRAIN_S), "it does not drain"
        counted = rig.proxy.links[rig.seats[0].name].counted
        return Cost(counted["bytes"], rig.held(), counted["connections"])


def _go(rig: Rig, seconds: float, *, flaps: bool) -> None:
    until, name = time.monotonic() + seconds, rig.seats[0].name
    for turn in count():
        if time.monotonic() >= until:
            break
        if flaps:
            rig.proxy.change(name, lambda now, shut=turn % 2 == 1: replace(now, shut=shut))  # type: ignore[misc]
        threading.Event().wait(1)  # a second up, a second down
    rig.proxy.clear()


def page(seconds: float, pace: float) -> str:
    """Both, side by side."""
    calm, flapping = (measure(seconds, pace, flaps=flaps) for flaps in (False, True))
    return (
        f"calm: {calm.each:,.0f} bytes a record ({calm.records:,} records, "
        f"{calm.connections} connections)\n"
        f"a second up, a second down: {flapping.each:,.0f} bytes a record "
        f"({flapping.records:,} records, {flapping.connections} connections)\n"
        f"{flapping.each / calm.each:.2f} of the calm line"
    )
