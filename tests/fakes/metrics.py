"""A meter that remembers."""

from __future__ import annotations

from collections import defaultdict

from hub.core.measures import Measure


class FakeMetrics:
    """Counters by measure and label; gauges and histograms by measure."""

    def __init__(self) -> None:
        self.counted: dict[tuple[Measure, str], float] = defaultdict(float)
        self.gauges: dict[Measure, float] = {}
        self.observed: dict[Measure, list[float]] = defaultdict(list)

    def add(self, measure: Measure, by: float = 1, label: str = "") -> None:
        self.counted[measure, label] += by

    def set(self, measure: Measure, value: float) -> None:
        self.gauges[measure] = value

    def observe(self, measure: Measure, value: float) -> None:
        self.observed[measure].append(value)
