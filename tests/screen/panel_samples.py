"""The panel's pages as a technician would see them; `python -m tests.screen.panel_samples` draws
their reference pictures again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kiosk.core.effects import Technical
from kiosk.core.panel_pages import (
    Identifying,
    Key,
    PanelLines,
    PanelTools,
    PanelTrial,
    PinPad,
)
from kiosk.core.reach import Reach
from kiosk.core.readings import Readings, Room, Warmth
from kiosk.core.report import lines_of
from kiosk.core.trials import COLOURS, Kind, Verdict
from shared.moments import Moment
from tests.screen.likeness import difference
from tests.screen.rig import Rig

FOLDER = Path(__file__).parent / "panel_pictures"
SHOWN = Path(__file__).parents[2] / "docs" / "pictures"

LANGUAGES = ("es", "en", "pt", "ar")
SIZES = ((800, 480), (1024, 600), (1280, 720), (1280, 800), (720, 1280), (480, 800))
"""The sizes that are promised."""

KIOSK, ZONE = "k-012-03", "Europe/Madrid"
NOW = Moment(1_760_006_467_000, 10_000_000, synced=True)  # 12:41:07 in Madrid


def ago(ms: int) -> Moment:
    return Moment(NOW.wall - ms, NOW.boot - ms, synced=True)


WELL = Readings(
    at=NOW,
    version="1.4.0",
    reach=Reach(True, ago(9_000_000), ago(0), round_trip_ms=38, offset_ms=20),
    owed=0,
    till="receipt",
    last_sale=NOW.boot - 41_000,
    pins=(5, 6, 13),
    warmth=Warmth(54.2, throttled=False, undervolted=False),
    room=Room(21_480, 74),
    screen="kmsdrm, 800×480",
    sentences=24,
    settings_serial=7,
)
UNWELL = replace(
    WELL,
    at=replace(NOW, synced=False),
    reach=Reach(joined=False, since=ago(1_000_000)),
    owed=1_203,
    warmth=Warmth(81.0, throttled=True, undervolted=False),
    room=Room(12, 1),
    sentences=0,
    settings_serial=0,
    alarms=("settings", "storage", "till", "voice"),
)
FILE = "/var/lib/semblante/diagnostics/k-012-03-20251009T104107Z.json"
VERDICTS = ((Kind.TOUCH, Verdict.PASSED), (Kind.SOUND, Verdict.FAILED))


def pages(language: str) -> dict[str, Technical]:
    """Every page, by its name."""
    kinds, at = tuple(Kind), NOW.wall
    lines, unwell = lines_of(WELL), lines_of(UNWELL)
    trials = {
        kind: PanelTrial(language, kind, frozenset({"t0", "t4", "happy"}), 0, (5, 6, 13), 42)
        for kind in Kind
    }
    return {
        "pin": PinPad(language, KIOSK, 3),
        "wrong-pin": PinPad(language, KIOSK, 0, True, 8),
        "waiting": PanelLines(language, KIOSK, ZONE, (), at, kinds),
        "lines": PanelLines(language, KIOSK, ZONE, lines, at, kinds),
        "unwell": PanelLines(language, KIOSK, ZONE, unwell, at, (Kind.TOUCH,)),
        "tools": PanelTools(language, KIOSK, kinds, VERDICTS, Key.RESTART, FILE),
        "failed": PanelTools(language, KIOSK, (Kind.TOUCH, Kind.SCREEN), (), None, None, FILE),
        "identify": Identifying(language, KIOSK, True),
        **{f"trial-{kind.value}": page for kind, page in trials.items() if kind != Kind.SCREEN},
        "trial-screen": replace(trials[Kind.SCREEN], step=COLOURS),
    }


COMPARED = ("pin", "lines", "unwell", "tools", "trial-touch", "trial-buttons")


def every() -> Iterator[tuple[str, Technical, tuple[int, int]]]:
    """Name, page and size of each picture: all sizes in one language, all languages in one size."""
    for name in COMPARED:
        for size in SIZES:
            yield f"{name}-es-{size[0]}x{size[1]}", pages("es")[name], size
        for language in LANGUAGES[1:]:
            yield f"{name}-{language}-800x480", pages(language)[name], (800, 480)


def make() -> None:
    """Write all of them, and the two of the manual."""
    FOLDER.mkdir(exist_ok=True)
    rig = Rig()
    for name, page, size in every():
        rig.show(page, size)
        picture = rig.picture()
        small = picture.quantize(256)  # fewer colours than there are in some pages' small signs
        kept = small if difference(picture, small.convert("RGB")).far == 0 else picture
        kept.save(FOLDER / f"{name}.png", optimize=True)
    for name in ("lines", "tools"):
        rig.show(pages("es")[name], (1280, 720))
        rig.picture().save(SHOWN / f"kiosk-panel-{name}.png", optimize=True)


if __name__ == "__main__":
    make()
