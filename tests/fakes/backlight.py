"""A backlight that remembers how bright it is."""

from __future__ import annotations


class FakeBacklight:
    """Port `Backlight`; `broken` makes it fail."""

    def __init__(self) -> None:
        self.percent = 100
        self.broken = False

    def dim(self, percent: int) -> None:
        if self.broken:
            raise RuntimeError("the light is gone")
        self.percent = percent
