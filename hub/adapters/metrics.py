"""The hub's measures in Prometheus' own registry, and as the text that it collects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from hub.core.measures import EVERY, Kind, Measure

if TYPE_CHECKING:
    from collections.abc import Iterable

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""From one small commit on a fast disk to a database that is about to stop."""


class Metrics:
    """A meter that Prometheus reads."""

    def __init__(self, measures: Iterable[Measure] = EVERY) -> None:
        self.registry = CollectorRegistry()
        self._counters: dict[Measure, Counter] = {}
        self._gauges: dict[Measure, Gauge] = {}
        self._histograms: dict[Measure, Histogram] = {}
        for measure in measures:
            self._register(measure)

    def add(self, measure: Measure, by: float = 1, label: str = "") -> None:
        """Let a counter rise."""
        counter = self._counters[measure]
        (counter.labels(label) if measure.label else counter).inc(by)

    def set(self, measure: Measure, value: float) -> None:
        """Put a gauge where it is."""
        self._gauges[measure].set(value)

    def observe(self, measure: Measure, value: float) -> None:
        """Enter one value in a histogram."""
        self._histograms[measure].observe(value)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)

    def _register(self, measure: Measure) -> None:
        name, text = measure.name, measure.help
        labels = [measure.label] if measure.label else []
        if measure.kind is Kind.COUNTER:
            self._counters[measure] = Counter(name, text, labels, registry=self.registry)
        elif measure.kind is Kind.GAUGE:
            self._gauges[measure] = Gauge(name, text, labels, registry=self.registry)
        else:
            self._histograms[measure] = Histogram(
                name, text, labels, registry=self.registry, buckets=SECONDS
            )
