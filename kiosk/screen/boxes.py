"""Rectangles, and how to cut them up; pure arithmetic, y grows upwards as in Kivy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its lower left corner and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float

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
        return Box(self.x + across, self.y + down, width, height)

    def top_cut(self, height: float) -> tuple[Box, Box]:
        """The strip of that height at the top, and what is left below it."""
        height = min(height, self.height)
        strip = Box(self.x, self.top - height, self.width, height)
        return strip, Box(self.x, self.y, self.width, self.height - height)

    def bottom_cut(self, height: float) -> tuple[Box, Box]:
        """The strip of that height at the bottom, and what is left above it."""
        height = min(height, self.height)
        strip = Box(self.x, self.y, self.width, height)
        return strip, Box(self.x, self.y + height, self.width, self.height - height)

    def left_cut(self, width: float) -> tuple[Box, Box]:
        """The strip of that width at the left, and what is left beside it."""
        width = min(width, self.width)
        strip = Box(self.x, self.y, width, self.height)
        return strip, Box(self.x + width, self.y, self.width - width, self.height)

    def right_cut(self, width: float) -> tuple[Box, Box]:
        """The strip of that width at the right, and what is left beside it."""
        width = min(width, self.width)
        strip = Box(self.right - width, self.y, width, self.height)
        return strip, Box(self.x, self.y, self.width - width, self.height)

    def middle(self, width: float, height: float) -> Box:
        """A box of that size (at most this one's) in the middle of this one."""
        width, height = min(width, self.width), min(height, self.height)
        x, y = self.center
        return Box(x - width / 2, y - height / 2, width, height)

    def grid(self, columns: int, rows: int, gap: float) -> list[Box]:
        """Equal cells in reading order, with a gap between them."""
        width = (self.width - gap * (columns - 1)) / columns
        height = (self.height - gap * (rows - 1)) / rows
        return [
            Box(self.x + c * (width + gap), self.top - height - r * (height + gap), width, height)
            for r in range(rows)
            for c in range(columns)
        ]
