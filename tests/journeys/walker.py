"""A real kiosk before which somebody walks through its questionnaire, by touch or by the buttons.

The test puts an order into a folder (`1.touch`, `2.buttons` …); when the walk is over, what was
answered lies beside it (`1.walked`). `link` is the address on the glass, for a phone.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from uuid6 import uuid7

from kiosk.adapters.logs import configure_logs
from kiosk.core.discretion import told
from kiosk.core.effects import Asking, Page, Questioning, Resting, Thanks
from kiosk.core.events import FaceTouched, SaleSeen
from kiosk.core.marks import question_keys
from kiosk.settings import Settings, load_settings
from kiosk.wiring import whole
from kiosk.wiring.front import EarlyGlass
from kiosk.wiring.whole import Kiosk
from shared.questionnaires import Answer
from shared.questions import Kind
from shared.sales import SaleSource
from shared.visits import Face, Input
from tests.demo.hands import WindowHand
from tests.drills.clock import DrillClock, booted

PATIENCE_S = 40.0
LOOKS_EVERY_S = 0.02
THIRD = 2
"""What walkers choose where there is a choice: the key with this number, from 0."""

BETWEEN_S = 0.2
"""From one touch or press to the next: a quick finger, and half of what would be a palm."""


class WalkedKiosk(Kiosk):
    """All parts of a kiosk with a real window, and a walker who takes orders."""

    def __init__(
        self,
        settings: Settings,
        stack: ExitStack,
        greeting: EarlyGlass | None = None,
        *,
        orders: Path,
    ) -> None:
        super().__init__(settings, stack, greeting)
        self._errands = orders
        self._hand = WindowHand(lambda: getattr(self.screen, "_stage", None))
        self._given: dict[str, Answer] = {}

    def start(self) -> None:
        """Start the parts, then the walker."""
        super().start()
        threading.Thread(target=self._take_orders, name="walker", daemon=True).start()

    def _take_orders(self) -> None:
        number = 1
        self._await(lambda page: isinstance(page, Resting) and page.invited)  # the settings came
        while True:
            page = self._page()
            if isinstance(page, Resting) and page.link:
                (self._errands / "link").write_text(page.link)
            for manner, walk in (("touch", self._answer_by_touch), ("buttons", self._press)):
                if (self._errands / f"{number}.{manner}").exists():
                    answers = self._walk(manner, walk)
                    done = self._errands / f"{number}.walked"
                    done.with_suffix(".new").write_text(json.dumps(answers))
                    done.with_suffix(".new").rename(done)
                    number += 1
            time.sleep(LOOKS_EVERY_S)  # the test is another process

    def _walk(self, manner: str, answer: Callable[[Questioning], None]) -> dict[str, Answer]:
        """Pay, touch a face, accept the invitation, answer everything."""
        self._given = {}
        now = self._clock.now()
        self._post(SaleSeen(now, uuid7().hex, SaleSource.MANUAL))
        self._await(lambda page: isinstance(page, Asking))
        time.sleep(1)  # nobody reads faster: the answer would be set aside as haste
        if manner == "touch":
            self._hand.touch_face(Face.HAPPY)
        else:
            self._button(Face.HAPPY)
        self._await(lambda page: isinstance(page, Thanks) and page.invited)
        time.sleep(BETWEEN_S)
        self._touch(lambda stage: stage.thanks.invitation)
        self._await(lambda page: isinstance(page, Questioning))
        seen = ""
        while True:
            page = self._await(
                lambda page, seen=seen: (
                    not isinstance(page, Questioning)  # type: ignore[misc]
                    or page.question.id != seen
                )
            )
            if not isinstance(page, Questioning):
                break
            seen = page.question.id
            answer(page)
        self._await(lambda page: isinstance(page, Resting))
        return self._given

    # By touch

    def _answer_by_touch(self, page: Questioning) -> None:
        name, kind = page.question.id, page.question.kind
        if kind is Kind.TEXT:
            for letter in "pan":
                self._touch(partial(_letter, letter=letter))
            self._given[name] = "Pan"  # a sentence begins with a capital by itself
        elif kind is Kind.RANKING:
            for number in reversed(range(len(page.choices))):
                self._touch(partial(_answering, number=number))
            self._given[name] = [choice.id for choice in reversed(page.choices)]
        else:
            self._touch(partial(_answering, number=THIRD))
            self._given[name] = _third(page)
        seen = told(page.question, self._given[name])
        self._await(lambda now: isinstance(now, Questioning) and now.answer == seen)
        self._touch(lambda stage: stage.sheet.next)

    def _touch(self, find: Callable[[Any], Any]) -> None:
        time.sleep(BETWEEN_S)
        self._hand._touch(find)

    # By the three buttons

    def _press(self, page: Questioning) -> None:
        name, kind = page.question.id, page.question.kind
        if kind is Kind.FACES:  # here a button is what its face says, and goes on
            self._button(Face.HAPPY)
            self._given[name] = "happy"
            return
        if kind is Kind.RANKING:
            for number in range(len(page.choices)):
                self._choose(number)
            self._given[name] = [choice.id for choice in page.choices]
        elif kind is not Kind.TEXT:  # nobody writes with three buttons
            self._choose(THIRD)
            self._given[name] = _third(page)
        self._choose(len(question_keys(page)) - 1)

    def _choose(self, key: int) -> None:
        """Go on from key to key until the mark stands there, and press the middle one."""
        while True:
            page = self._page()
            if isinstance(page, Questioning) and page.marked == key:
                break
            self._button(Face.HAPPY)
            self._await(lambda now, page=page: now is not page)  # type: ignore[misc]
        self._button(Face.NEUTRAL)
        self._await(lambda now: now is not page)

    def _button(self, face: Face) -> None:
        time.sleep(BETWEEN_S)
        at = self._clock.now()
        self._post(FaceTouched(at, face, Input.BUTTON, at))

    # What is on the glass

    def _page(self) -> Page | None:
        stage = getattr(self.screen, "_stage", None)
        return None if stage is None else stage.page

    def _await(self, wanted: Callable[[Page], bool]) -> Page:
        end = time.monotonic() + PATIENCE_S
        while True:
            page = self._page()
            if page is not None and wanted(page):
                return page
            assert time.monotonic() < end, f"still on the glass: {page}"
            time.sleep(LOOKS_EVERY_S)  # Kivy's thread shows it


def _answering(stage: Any, number: int) -> Any:
    return stage.sheet.answering()[number]


def _letter(stage: Any, letter: str) -> Any:
    keys = {key.word.text.lower(): key for key in stage.sheet.keyboard.board_keys}
    return keys[letter]


def _third(page: Questioning) -> Answer:
    kind = page.question.kind
    if kind is Kind.FACES:
        return "happy"
    if kind in (Kind.SCALE, Kind.STARS):
        return THIRD if kind is Kind.SCALE else THIRD + 1
    third = page.choices[THIRD].id
    return [third] if kind is Kind.MANY else third


def main() -> None:
    """Run it until it is told to end."""
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.walker", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--orders", type=Path, required=True)
    options = parser.parse_args()
    settings = load_settings(options.config)
    configure_logs(settings.log.format, settings.log.level)
    clock = options.orders / "clock"
    booted(synced=True).write(clock)  # as on a kiosk that has a net: this machine may have none
    with (
        patch("kiosk.wiring.whole.SystemClock", partial(DrillClock, clock)),
        patch("kiosk.wiring.whole.Kiosk", partial(WalkedKiosk, orders=options.orders)),
    ):
        whole.run(settings)


if __name__ == "__main__":
    main()
