"""`semblante-kiosk draw`: questions and pages as the kiosk would show them, in pictures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.adapters.clock import SystemClock
from kiosk.adapters.logs import configure_logs
from kiosk.core.effects import Page, Questioning, Resting
from kiosk.core.pages import State, page
from shared.errors import SettingsError
from shared.notices import KioskSettings
from shared.questions import Questionnaire
from shared.wire import decode

if TYPE_CHECKING:
    from kiosk.screen.stage import Stage

Size = tuple[int, int]

SMALLEST, LARGEST = 320, 4096
"""Pixels of a side: smaller glass does not exist, larger pictures no graphics driver makes."""


def draw(arguments: Sequence[str]) -> Iterator[Path]:
    """Write one picture for each question, or page; tells each as soon as it is there."""
    chosen = _parser().parse_args(arguments)
    configure_logs("console", "critical")  # what is told is the pictures' names
    settings = _settings(chosen.settings)
    drawn: list[tuple[str, Page]]
    if chosen.pages:
        drawn = list(around_a_sale(settings, chosen.language or settings.languages[0]))
    else:
        questionnaire = _questionnaire(settings, chosen.settings)
        language = chosen.language or next(iter(questionnaire.languages), "en")
        drawn = [
            (f"{one.number}-{one.question.id}", one)
            for one in pages_of(questionnaire, language)
            if chosen.question in {None, one.question.id}
        ]
    yield from write(drawn, chosen.size, chosen.into, night=chosen.night)


def around_a_sale(settings: KioskSettings, language: str) -> Iterator[tuple[str, Page]]:
    """What a shopper sees who is asked about a sale: the page at rest, the question, and thanks."""
    resting = page(State.RESTING, settings, language, None)
    assert isinstance(resting, Resting)  # noqa: S101 - for the types
    invited = settings.questionnaire is not None
    yield "1-resting", replace(resting, deed=settings.deed, invited=invited)
    yield "2-asking", page(State.ASKING, settings, language, None)
    yield "3-thanks", page(State.THANKING, settings, language, None)


def pages_of(questionnaire: Questionnaire, language: str) -> Iterator[Questioning]:
    """Every question, unanswered, in its order: where it is shown and how dealt does not matter."""
    questions = questionnaire.questions
    for number, one in enumerate(questions, 1):
        yield Questioning(language, one, one.choices, None, number, len(questions))


def write(
    pages: Sequence[tuple[str, Page]], size: Size, into: Path, *, night: bool
) -> Iterator[Path]:
    """Draw the pages on glass of that size, each into the file of its name.

    Raises SettingsError where the folder cannot be.
    """
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise SettingsError(str(into), [f"is no folder to write to: {fault.strerror}"]) from fault
    stage = _stage(size)
    stage.dress(night, calm=True)
    for name, drawn in pages:
        stage.show(drawn)
        file = into / f"{name}.png"
        _save(stage, file)
        yield file


def _stage(size: Size) -> Stage:
    from kiosk.screen.app import KioskScreen  # noqa: PLC0415 Kivy opens a window

    return KioskScreen(SystemClock(), size=size, driver="offscreen").open()


def _save(stage: Stage, file: Path) -> None:
    from PIL import Image  # noqa: PLC0415 no kiosk draws pictures in its daily work

    texture = stage.export_as_image().texture
    picture = Image.frombytes("RGBA", texture.size, texture.pixels).convert("RGB")
    picture.save(file, optimize=True)


def _settings(file: str) -> KioskSettings:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as fault:
        raise SettingsError(file, [f"cannot be read: {fault.strerror}"]) from fault
    return decode(KioskSettings, data)


def _questionnaire(settings: KioskSettings, file: str) -> Questionnaire:
    if settings.questionnaire is None:
        raise SettingsError(file, ["there is no questionnaire in these settings"])
    return settings.questionnaire


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "semblante-kiosk draw", description="Draw every question as the kiosk shows it."
    )
    parser.add_argument(
        "--settings", required=True, help="a message of settings as the hub sends it, or - (stdin)"
    )
    parser.add_argument("--language", help="one of the questionnaire's (the first if not given)")
    parser.add_argument("--size", type=_size, default=(800, 480), help="of the glass: 800x480")
    parser.add_argument("--into", type=Path, required=True, help="the folder for the pictures")
    parser.add_argument("--question", help="this one alone, by its id")
    parser.add_argument(
        "--pages", action="store_true", help="the pages around a sale, in the place of questions"
    )
    parser.add_argument("--night", action="store_true", help="as it looks by night")
    return parser


def _size(text: str) -> Size:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r:.20} is no size like 800x480")
    sides = int(width[:5]), int(height[:5])
    if min(sides) < SMALLEST or max(sides) > LARGEST:
        raise argparse.ArgumentTypeError(f"a side has {SMALLEST} to {LARGEST} pixels")
    return sides
