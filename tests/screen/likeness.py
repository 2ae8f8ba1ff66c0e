"""Whether two pictures look the same to a person, though their bytes differ.

Graphics drivers smooth edges each in its own way, so pictures are compared in cells of 4×4 pixels:
a differently smoothed edge moves a cell by a few steps of 255, another word, colour, shape or place
moves many cells by tens.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageChops

CELL = 4

FAR = 24
"""Of 255: half of what ink that covers a fifth of a cell would change."""

MOST_MEAN = 0.5
"""Of 255, over the whole picture; two quite different software drivers are 0.07 apart."""

MOST_FAR = 4
"""Cells of the whole picture: the ink of less than a comma at the smallest size."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two pictures are apart."""

    mean: float
    far: int
    alike_in_size: bool = True

    @property
    def small(self) -> bool:
        """Whether nobody would see it."""
        return self.alike_in_size and self.mean <= MOST_MEAN and self.far <= MOST_FAR


def difference(one: Image.Image, other: Image.Image) -> Difference:
    """Compare two pictures."""
    if one.size != other.size:
        return Difference(255, one.width * one.height, alike_in_size=False)
    apart = ImageChops.difference(one.reduce(CELL), other.reduce(CELL))
    red, green, blue = apart.split()
    steps = ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()
    mean = sum(step * count for step, count in enumerate(steps)) / sum(steps)
    return Difference(mean, sum(steps[FAR:]))
