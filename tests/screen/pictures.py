"""Reference pictures of every page; `python -m tests.screen.pictures` makes them again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from kiosk.core.effects import Page
from tests.screen.rig import Rig
from tests.screen.samples import LANGUAGES, SIZES, pages

FOLDER = Path(__file__).parent / "pictures"
SHOWN = FOLDER.parents[2] / "docs" / "pictures"

SMALL = ((800, 480), (480, 800))
"""The narrowest promised glass of either kind, where a text is cut first."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One reference picture."""

    name: str
    page: Page
    size: tuple[int, int]
    night: bool = False

    def taken(self, rig: Rig) -> Image.Image:
        """What the glass shows now."""
        rig.show(self.page, self.size, night=self.night)
        rig.hold_ring()
        return rig.picture()


def every() -> Iterator[Picture]:
    """Each page in each size, in each language where it is narrowest, and by night."""
    for language in LANGUAGES:
        for name, page in pages(language).items():
            for size in SIZES if language == "es" else SMALL:
                yield Picture(f"{name}-{language}-{size[0]}x{size[1]}", page, size)
    for name, page in pages("es").items():
        yield Picture(f"{name}-es-800x480-night", page, SMALL[0], night=True)


IN_THE_MANUAL = {
    "kiosk-resting": ("resting-wait", "es", (1280, 720), False),
    "kiosk-asking": ("asking", "es", (1280, 720), False),
    "kiosk-thanks": ("thanks-chosen", "es", (1280, 720), False),
    "kiosk-arabic": ("resting-wait", "ar", (1280, 720), False),
    "kiosk-night": ("asking", "en", (1280, 720), True),
    "kiosk-upright": ("asking", "pt", (480, 800), False),
}


def make() -> None:
    """Write all pictures, those of the documents too."""
    FOLDER.mkdir(exist_ok=True)
    rig = Rig()
    for picture in every():
        seen = picture.taken(rig).quantize(128, dither=Image.Dither.NONE)
        seen.save(FOLDER / f"{picture.name}.png", optimize=True)
    for name, (page, language, size, night) in IN_THE_MANUAL.items():
        shown = Picture(name, pages(language)[page], size, night).taken(rig)
        shown.save(SHOWN / f"{name}.png", optimize=True)


if __name__ == "__main__":
    make()
