"""A lamp that remembers whether it is lit."""

from __future__ import annotations


class FakeLamp:
    """Port `Lamp`; `broken` makes it fail."""

    def __init__(self) -> None:
        self.is_lit = False
        self.broken = False

    def light(self, on: bool) -> None:
        if self.broken:
            raise RuntimeError("the lamp is gone")
        self.is_lit = on
