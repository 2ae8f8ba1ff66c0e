"""Rectangles, and how to cut them up; pure arithmetic, y grows upwards as in Kivy.

A box knows which way its lines run, and hands it down to its parts: where they run from right to
left (`rtl`), “left” is where a line begins, the right-hand side. So a page is laid out once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its lower left corner and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float
    rtl: bool = False

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """The y of the upper edge."""
        return self.y + self.height

    @property
    def center(self) -> tuple[float, float]:
        """The point in the middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def pos(self) -> tuple[float, float]:
        """The lower left corner."""
        return self.x, self.y

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return self.width, self.height

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside."""
        return self.x <= x < self.right and self.y <= y < self.top

    def inset(self, across: float, down: float | None = None) -> Box:
        """Smaller by `across` at the left and right, by `down` at the top and bottom."""
        down = across if down is None else down
        width, height = max(0.0, self.width - 2 * across), max(0.0, self.height - 2 * down)
        return replace(self, x=self.x + across, y=self.y + down, width=width, height=height)

    def top_cut(self, height: float) -> tuple[Box, Box]:
        """The strip of that height at the top, and what is left below it."""
        height = min(height, self.height)
        strip = replace(self, y=self.top - height, height=height)
        return strip, replace(self, height=self.height - height)

    def bottom_cut(self, height: float) -> tuple[Box, Box]:
        """The strip of that height at the bottom, and what is left above it."""
        height = min(height, self.height)
        rest = replace(self, y=self.y + height, height=self.height - height)
        return replace(self, height=height), rest

    def left_cut(self, width: float) -> tuple[Box, Box]:
        """The strip of that width where lines begin, and what is left beside it."""
        return self._right_hand(width) if self.rtl else self._left_hand(width)

    def right_cut(self, width: float) -> tuple[Box, Box]:
        """The strip of that width where lines end, and what is left beside it."""
        return self._left_hand(width) if self.rtl else self._right_hand(width)

    def _left_hand(self, width: float) -> tuple[Box, Box]:
        width = min(width, self.width)
        rest = replace(self, x=self.x + width, width=self.width - width)
        return replace(self, width=width), rest

    def _right_hand(self, width: float) -> tuple[Box, Box]:
        width = min(width, self.width)
        strip = replace(self, x=self.right - width, width=width)
        return strip, replace(self, width=self.width - width)

    def middle(self, width: float, height: float) -> Box:
        """A box of that size (at most this one's) in the middle of this one."""
        width, height = min(width, self.width), min(height, self.height)
        x, y = self.center
        return replace(self, x=x - width / 2, y=y - height / 2, width=width, height=height)

    def grid(self, columns: int, rows: int, gap: float) -> list[Box]:
        """Equal cells in reading order, with a gap between them."""
        width = (self.width - gap * (columns - 1)) / columns
        height = (self.height - gap * (rows - 1)) / rows
        across = range(columns - 1, -1, -1) if self.rtl else range(columns)
        return [
            Box(x, self.top - height - r * (height + gap), width, height, self.rtl)
            for r in range(rows)
            for x in (self.x + c * (width + gap) for c in across)
        ]

    def as_read_from_left(self) -> Box:
        """The same for what has its order on every glass, as the faces and digits have."""
        return replace(self, rtl=False)
