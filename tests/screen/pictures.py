"""Reference pictures of every page; `python -m tests.screen.pictures` makes them again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.core.effects import Page
from tests.screen.rig import Rig
from tests.screen.samples import LANGUAGES, SIZES, pages

FOLDER = Path(__file__).parent / "pictures"
SHOWN = FOLDER.parents[2] / "docs" / "pictures"

IN_THE_README = {
    "resting": "kiosk-resting",
    "asking": "kiosk-asking",
    "thanks-chosen": "kiosk-thanks",
}


def every() -> Iterator[tuple[str, Page, tuple[int, int]]]:
    """Name, page and size of each picture."""
    for language in LANGUAGES:
        for size in SIZES:
            for name, page in pages(language).items():
                yield f"{name}-{language}-{size[0]}x{size[1]}", page, size


def make() -> None:
    """Write all pictures, those of the documents too."""
    FOLDER.mkdir(exist_ok=True)
    rig = Rig()
    for name, page, size in every():
        rig.show(page, size)
        rig.hold_ring()
        rig.picture().quantize(128).save(FOLDER / f"{name}.png", optimize=True)
    for name, shown in IN_THE_README.items():
        rig.show(pages("es")[name], (1280, 720))
        rig.hold_ring()
        rig.picture().save(SHOWN / f"{shown}.png", optimize=True)


if __name__ == "__main__":
    make()
