"""The panel on every glass, in every language: nothing cut or too small, and each key heard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from PIL import Image

from kiosk.core.events import CleaningAsked, PanelTouched
from kiosk.core.panel_pages import Identifying, Key, PanelTrial
from kiosk.core.report import Saying, Sign
from kiosk.core.trials import COLOURS, NEXT, NO, TARGETS, YES, Kind
from kiosk.screen.boxes import Box
from kiosk.screen.theme import Theme
from kiosk.screen.words import sentences
from kiosk.screen.words.technician import UNSAID, every_saying, tell
from tests.screen.likeness import difference
from tests.screen.panel_samples import FOLDER, LANGUAGES, SIZES, every, pages
from tests.screen.rig import Rig

pytestmark = pytest.mark.screen

PICTURES = list(every())


def letterings(rig: Rig) -> Iterator[Any]:
    """Every text on the sheet, in its rows and on its keys."""
    sheet: Any = rig.stage.sheet
    owners = [sheet, *sheet.keys, *getattr(sheet, "rows", [])]
    for owner in owners:
        for value in vars(owner).values():
            texts = value if isinstance(value, list) else [value]
            yield from (one for one in texts if type(one).__name__ == "Lettering" and one.text)


def inside(inner: Box, outer: Box) -> bool:
    return (
        inner.x >= outer.x - 1
        and inner.y >= outer.y - 1
        and inner.right <= outer.right + 1
        and inner.top <= outer.top + 1
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_text_is_cut_and_every_key_is_large_enough(
    rig: Rig, size: tuple[int, int], language: str
) -> None:
    glass, least = Box(0, 0, *size), Theme(*size).target - 1
    for name, page in pages(language).items():
        rig.show(page, size)
        for text in letterings(rig):
            assert text.whole, f"{name}: {text.text}"
            assert inside(text.ink, text.box), f"{name}: {text.text}"
            assert text.size >= 0.6 * text.wished, f"{name}: {text.text}"
        assert rig.stage.sheet is not None
        targets = [key.target for key in rig.stage.sheet.keys]
        assert targets, name
        for target in targets:
            assert min(target.size) >= least, name
            assert inside(target, glass), name
        for one, other in combinations(targets, 2):
            across = min(one.right, other.right) - max(one.x, other.x)
            down = min(one.top, other.top) - max(one.y, other.y)
            assert not (across > 0.01 and down > 0.01), name


@pytest.mark.parametrize(("name", "page", "size"), PICTURES, ids=[name for name, *_ in PICTURES])
def test_the_page_looks_as_it_was_approved(
    rig: Rig, name: str, page: Any, size: tuple[int, int]
) -> None:
    rig.show(page, size)
    found = difference(rig.picture(), Image.open(FOLDER / f"{name}.png").convert("RGB"))
    assert found.small, f"{found}; if it is meant: python -m tests.screen.panel_samples"


def test_no_picture_is_left_of_a_page_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == {name for name, *_ in PICTURES}


def touched(rig: Rig, key: Any) -> list[str]:
    rig.tap(key.target)
    return [event.key for event in rig.take_events() if isinstance(event, PanelTouched)]


def sheet(rig: Rig, name: str) -> Any:
    rig.show(pages("en")[name])
    return rig.stage.sheet


def test_the_pad_tells_its_keys_in_the_order_of_a_telephone(rig: Rig) -> None:
    pad = sheet(rig, "pin")
    told = [key for tile in pad.pad for key in touched(rig, tile)]
    assert told == [*"123456789", Key.RUB_OUT, "0", Key.OK]
    assert touched(rig, pad.close) == [Key.CLOSE]


def test_what_was_typed_is_not_on_the_pad(rig: Rig) -> None:
    pad = sheet(rig, "pin")
    texts = " ".join(text.text for text in (pad.title, pad.hint))
    assert not re.search(r"\d{3,}", texts.replace("k-012-03", ""))


def test_the_lines_lead_on(rig: Rig) -> None:
    lines = sheet(rig, "lines")
    keys = (lines.touch, lines.sound, lines.more, lines.close)
    assert [touched(rig, key) for key in keys] == [["touch"], ["sound"], ["more"], ["close"]]


def test_a_test_of_what_is_not_there_has_no_key(rig: Rig) -> None:
    assert not sheet(rig, "unwell").sound.opacity
    tools = sheet(rig, "failed")
    assert [kind for kind, tile in tools.kinds.items() if tile.opacity] == [
        Kind.TOUCH, Kind.SCREEN,
    ]  # fmt: skip


def test_every_tool_is_told_and_wiping_is_asked_for_as_by_anybody(rig: Rig) -> None:
    tools = sheet(rig, "tools")
    for kind, tile in tools.kinds.items():
        assert touched(rig, tile) == [kind]
    for key in (Key.IDENTIFY, Key.EXPORT, Key.RESTART):
        assert touched(rig, tools.tools[key]) == [key]
    rig.tap(tools.tools[Key.CLEANING].target)
    (asked,) = rig.take_events()
    assert isinstance(asked, CleaningAsked)
    assert touched(rig, tools.back) == [Key.LINES]


def test_the_nine_targets_reach_into_the_corners(rig: Rig) -> None:
    trial = sheet(rig, "trial-touch")
    assert [key for tile in trial.targets for key in touched(rig, tile)] == list(TARGETS)
    corners = {(tile.x, tile.y) for tile in trial.targets}
    side = trial.targets[0].width
    assert {(0, 0), (0, 480 - side), (800 - side, 0), (800 - side, 480 - side)} <= corners
    assert touched(rig, trial.stop) == [NO]


def test_what_a_person_judges_has_yes_and_no(rig: Rig) -> None:
    sound = sheet(rig, "trial-sound")
    keys = (sound.yes, sound.no, sound.again)
    assert [touched(rig, key) for key in keys] == [[YES], [NO], [Key.AGAIN]]
    assert not sheet(rig, "trial-till").yes.opacity
    assert not sheet(rig, "trial-screen").again.opacity


def test_each_colour_fills_the_glass_and_a_touch_anywhere_goes_on(rig: Rig) -> None:
    seen = set()
    for step in range(COLOURS):
        rig.show(PanelTrial("en", Kind.SCREEN, step=step))
        colours = rig.picture().getcolors()
        assert colours is not None
        assert len(colours) == 1, "not a pixel of anything else"
        seen.add(colours[0][1])
        assert touched(rig, rig.stage.sheet.whole) == [NEXT]  # type: ignore[union-attr]
    assert len(seen) == COLOURS


def test_the_kiosk_that_is_looked_for_blinks(rig: Rig) -> None:
    rig.show(Identifying("en", "k-012-03", True))
    bright = rig.picture()
    rig.show(Identifying("en", "k-012-03", False))
    assert difference(bright, rig.picture()).mean > 100


def test_signs_are_told_apart_without_colour(rig: Rig) -> None:
    rows = sheet(rig, "unwell").rows
    picture = rig.picture().convert("L").point(lambda shade: 255 * (shade > 235))
    shapes = {}
    for row in rows:
        (x, y), radius = row.dot._body._placed
        part = picture.crop(
            (int(x - radius), int(480 - y - radius), int(x + radius), int(480 - y + radius))
        )
        shapes[row.dot.sign] = part.tobytes()
    assert set(shapes) == set(Sign)
    assert len(set(shapes.values())) == len(Sign)


def test_every_sentence_of_the_core_is_in_the_catalogues_and_keeps_its_places() -> None:
    said = {saying.value for saying in Saying} - UNSAID
    assert said == set(every_saying(lambda sentence: sentence))
    for language in LANGUAGES:
        say = sentences(language)
        for sentence in said:
            places = sorted(re.findall(r"{\w+}", sentence))
            assert sorted(re.findall(r"{\w+}", say(sentence))) == places, (language, sentence)


def test_lines_are_told_as_in_the_design() -> None:
    page: Any = pages("es")["lines"]
    say = sentences("es")
    told = [tell(one, "es", say, zone=page.zone, now=page.at) for one in page.lines]
    assert told[:6] == [
        "conectado · 38 ms",
        "0",
        "12:41:07",
        "sincronizado · +0,02 s",
        "ESC/POS · último ticket hace 41 s",
        "5 · 6 · 13 — pulsa para probar",
    ]
    assert told[8] == "54 °C · sin limitación"


def test_an_instant_of_another_day_is_told_with_its_day_and_an_unknown_zone_is_utc() -> None:
    page: Any = pages("en")["unwell"]
    say = sentences("en")
    (hub, *_) = page.lines
    assert re.fullmatch(
        r"not connected since 20\d\d-\d\d-\d\d \d\d:\d\d",
        tell(hub, "en", say, zone="Nowhere/At all", now=page.at + 2 * 86_400_000),
    )
