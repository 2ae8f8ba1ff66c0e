"""What the two hands that draw letters have in common; pure arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

from kiosk.screen.boxes import Box

Align = Literal["left", "center", "right"]
"""Of lines in a box; in one whose lines run from right to left, “left” is where they begin."""

_BALANCING = 6  # halvings: lines end within a sixtieth of the box of where they could


class Paragraph(Protocol):
    """A text in lines of a given width; measured often, drawn once."""

    def fits(self, box: Box) -> bool:
        """Whether no line is too many, and no word is wider than the box and torn in two."""

    def drawn(self) -> Any:
        """Its texture, in lines of about equal length: no last one of a single word."""


def even_width(height: Callable[[int], float], widest_word: int, wide: int) -> int:
    """The narrowest width at which the text is no higher than at `wide`."""
    least, narrow = height(wide), widest_word
    for _ in range(_BALANCING):
        between = (narrow + wide) // 2
        if height(between) <= least:
            wide = between
        else:
            narrow = between
    return wide
