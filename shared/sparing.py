"""Says which of many equal lines are written, so that nobody fills a disk by repeating himself."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(slots=True)
class _Span:
    """What happened to one key since `began`."""

    began: int
    told: int = 0
    held_back: int = 0


class Sparing:
    """Lets `burst` lines of one key through in each span of `every_ms`, and counts the others.

    More than `most` keys share one: whoever invents a new key for every line gains nothing by it.
    """

    def __init__(self, *, burst: int, every_ms: int, most: int) -> None:
        self._burst, self._every_ms, self._most = burst, every_ms, most
        self._spans: dict[Hashable, _Span] = {}

    def tell(self, key: Hashable, now: int) -> int | None:
        """Whether to write a line: how many were held back before it; None holds it back too."""
        span = self._span(key, now)
        if span.told >= self._burst:
            span.held_back += 1
            return None
        held_back, span.held_back = span.held_back, 0
        span.told += 1
        return held_back

    def _span(self, key: Hashable, now: int) -> _Span:
        if key not in self._spans and len(self._spans) >= self._most:
            self._forget_the_quiet(now)
            key = key if len(self._spans) < self._most else None
        span = self._spans.setdefault(key, _Span(now))
        if self._is_over(span, now):
            span.began, span.told = now, 0
        return span

    def _forget_the_quiet(self, now: int) -> None:
        spans = self._spans.items()
        self._spans = {key: span for key, span in spans if not self._is_over(span, now)}

    def _is_over(self, span: _Span, now: int) -> bool:
        return not span.began <= now < span.began + self._every_ms  # also where a clock went back
