"""Reference pictures of questions; `python -m tests.screen.question_pictures` makes them again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from kiosk.core.effects import Questioning
from tests.screen.pictures import SHOWN, Picture
from tests.screen.questions import (
    BETTER,
    CAME,
    EVERY,
    FRIEND,
    MOOD,
    MORE,
    ORDER,
    TIDY,
    answered,
    asked,
    last_of_many,
    warned,
)
from tests.screen.rig import Rig

FOLDER = Path(__file__).parent / "question_pictures"

_COLOURS = 32  # a page has few, and their smooth edges; more would only make the files larger

WHOLE = (("es", (800, 480)), ("ar", (800, 480)), ("pt", (480, 800)), ("en", (1024, 600)))
"""Every kind of question so: each language, each shape of glass, and where there is least room."""

SOME: dict[str, tuple[Questioning, tuple[int, int]]] = {
    "scale": (answered(FRIEND, "en"), (1280, 720)),
    "many": (answered(BETTER, "pt"), (1280, 720)),
    "text": (answered(MORE, "es"), (1280, 720)),
    "stars": (answered(TIDY, "ar"), (1280, 800)),
    "text-empty": (asked(MORE, "pt"), (1280, 800)),
    "ranking-upright": (answered(ORDER, "es"), (720, 1280)),
    "text-upright": (answered(MORE, "ar"), (720, 1280)),
    "faces-upright": (answered(MOOD, "ar"), (480, 800)),
    "text-narrow": (answered(MORE, "ar"), (480, 800)),
    "last-of-many": (last_of_many(CAME, "en"), (800, 480)),
    "unanswered": (asked(ORDER, "es"), (800, 480)),
    "warned": (warned(FRIEND, "en"), (800, 480)),
    "warned-arabic": (warned(TIDY, "ar"), (480, 800)),
}

IN_THE_MANUAL = {
    "kiosk-scale": Picture("", answered(FRIEND, "es"), (1280, 720)),
    "kiosk-choices": Picture("", answered(BETTER, "ar"), (1280, 720)),
    "kiosk-keyboard": Picture("", answered(MORE, "en"), (1280, 720)),
}


def every() -> Iterator[Picture]:
    """A set that covers kinds, languages, sizes, states and both looks."""
    for language, size in WHOLE:
        for one in EVERY:
            yield Picture(f"{one.id}-{language}-{size[0]}x{size[1]}", answered(one, language), size)
    for name, (page, size) in SOME.items():
        yield Picture(f"{name}-{page.language}-{size[0]}x{size[1]}", page, size)
    for one in EVERY:
        yield Picture(f"{one.id}-es-800x480-night", answered(one), (800, 480), night=True)


def make() -> None:
    """Write all of them, those of the manual too."""
    FOLDER.mkdir(exist_ok=True)
    rig = Rig()
    for picture in every():
        seen = picture.taken(rig).quantize(_COLOURS, dither=Image.Dither.NONE)
        seen.save(FOLDER / f"{picture.name}.png", optimize=True)
    for name, picture in IN_THE_MANUAL.items():
        picture.taken(rig).quantize(128).save(SHOWN / f"{name}.png", optimize=True)


if __name__ == "__main__":
    make()
