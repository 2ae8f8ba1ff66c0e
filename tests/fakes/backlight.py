"""A backlight that remembers how bright it is."""

from __future__ import annotations


class FakeBacklight:
    """Port `Backlight`, with 255 steps; `broken` makes it fail."""

    def __init__(self) -> None:
        self.percent = 100
        self.broken = False

    @property
    def level(self) -> int:
        """The same in steps."""
        share = min(max(self.percent, 0), 100)
        return max(round(255 * share / 100), 1) if share else 0

    def dim(self, percent: int) -> None:
        if self.broken:
            raise RuntimeError("the light is gone")
        self.percent = percent
