"""A bare Kivy program: three faces of `SmoothEllipse` and a `Label`, and nothing else.

What any kiosk made with Kivy costs at the least; ours is measured against it.
"""

from __future__ import annotations

import os

os.environ.update(
    KIVY_NO_ARGS="1",
    KIVY_NO_CONFIG="1",  # the same as everywhere, whatever a home folder holds
    KIVY_NO_FILELOG="1",
    KIVY_LOG_MODE="PYTHON",
    KIVY_HOME=os.devnull,
    SDL_VIDEODRIVER="offscreen",
)

from kivy.config import Config

Config.set("graphics", "width", "800")
Config.set("graphics", "height", "480")

from kivy.base import runTouchApp  # noqa: E402 the size comes first
from kivy.core.window import Window  # noqa: E402
from kivy.graphics import Color, Line, SmoothEllipse  # noqa: E402
from kivy.uix.label import Label  # noqa: E402

from tests.bench.first_flip import tell_first_flip  # noqa: E402


def main() -> None:
    """Show the faces until somebody ends us."""
    root = Label(text="How was it?", font_size=40, text_size=(800, 440), halign="center")
    root.valign = "top"
    with root.canvas:
        for x, colour, bend in ((140, "#D55E00", 60), (400, "#E69F00", 0), (660, "#009E73", -60)):
            Color(*(part / 255 for part in bytes.fromhex(colour[1:])))
            _face(x, 200, bend)
    tell_first_flip(Window)
    runTouchApp(root)


def _face(x: float, y: float, bend: float) -> None:
    SmoothEllipse(pos=(x - 110, y - 110), size=(220, 220))
    Color(0.09, 0.13, 0.17)
    for side in (-1, 1):
        SmoothEllipse(pos=(x + side * 38 - 12, y + 20), size=(24, 24))
    Line(bezier=(x - 50, y - 50, x, y - 50 + bend, x + 50, y - 50), width=6, cap="round")


if __name__ == "__main__":
    main()
