"""Somebody who walks through the questionnaire, and what of it may and must lie at the hub."""

from __future__ import annotations

import json
from collections.abc import Iterable
from random import Random

from kiosk.core.effects import Page, Questioning, Resting, Thanks
from kiosk.core.events import (
    AnswerGiven,
    BackTouched,
    Event,
    InvitationTouched,
    LeaveTouched,
    NextTouched,
    StayTouched,
)
from shared.questionnaires import Answer
from shared.questions import Kind, Question
from shared.walking import single_values
from tests.simulation.clock import Reading
from tests.simulation.findings import Findings
from tests.simulation.kiosk import Machine
from tests.simulation.world import Violation, World


class Stroller:
    """One person; has dice of his own, so that what befalls the others stays the same."""

    def __init__(self, world: World, machine: Machine, number: int) -> None:
        self.world, self.machine = world, machine
        self.dice = Random(f"stroller {world.start} {number}")
        self.begun: Reading | None = None
        self.given: dict[str, list[Answer]] = {}
        self.thanked = False
        self._run: object = None
        self._walks = False

    def arrive(self) -> None:
        """Begin, where the glass invites."""
        page = self.machine.page
        alone = self.machine.stroller is None
        if alone and isinstance(page, Resting) and page.invited and self.machine.run is not None:
            self.machine.stroller, self._run = self, self.machine.run
            self.begun = self.machine.clock.reading()
            self.world.note(self.machine.name, "stroller begins")
            self.machine.post(InvitationTouched(self.machine.clock.now()))
            self._soon()

    def saw(self, page: Page) -> bool:
        """The glass changed; whether that page is for me."""
        if isinstance(page, Questioning):
            self._walks = True
            return True
        if self._walks and isinstance(page, Thanks):
            self.thanked = True
            self.world.note(self.machine.name, "stroller is thanked")
            return True
        if self._walks:
            self._go()
        return False

    def _go(self) -> None:
        if self.machine.stroller is self:
            self.machine.stroller = None

    def _soon(self) -> None:
        wait = self.dice.choice((200, 900, 4_000, 13_000, 21_000, 40_000))
        self.world.after(self.dice.randrange(100, wait + 1), self._move)

    def _move(self) -> None:
        page = self.machine.page
        if self.machine.run is not self._run or not isinstance(page, Questioning):
            self._go()
        if self.machine.stroller is not self:
            return
        assert isinstance(page, Questioning)
        self.machine.post(self._drawn(page.question))
        self._soon()

    def _drawn(self, question: Question) -> Event:
        now, mood = self.machine.clock.now(), self.dice.random()
        if mood < 0.4:
            answer = self._answer(question)
            if answer is not None:
                self.given.setdefault(question.id, []).append(answer)
            return AnswerGiven(now, question.id, answer)
        if mood < 0.85:
            return NextTouched(now)
        return self.dice.choice((BackTouched, LeaveTouched, StayTouched))(now)

    def _answer(self, question: Question) -> Answer | None:
        if self.dice.random() < 0.1:
            return None
        ids = [choice.id for choice in question.choices]
        if question.kind is Kind.TEXT:
            return "Bien"
        if question.kind is Kind.RANKING:
            return self.dice.sample(ids, len(ids))
        if question.kind is Kind.MANY:
            return ids[: self.dice.randint(1, len(ids))]
        return self.dice.choice(sorted(single_values(question), key=str))


def judge_walks(found: Findings, strollers: Iterable[Stroller]) -> int:
    """How many responses are stored; raises Violation where one is not as it was walked."""
    stored: dict[tuple[str, str, int], dict[str, object]] = {}
    for one in found.records:
        word = json.loads(one.body).get("response")
        if word is None:
            continue
        key = one.key[1], word["boot_id"], word["begun"]["boot"]
        if key in stored:
            raise Violation(f"one walk is stored twice: {key}")
        stored[key] = word
    number = len(stored)
    for stroller in strollers:
        _judge(found, stroller, stored)
    if stored:
        raise Violation(f"stored, and nobody walked: {list(stored)}")
    return number


def _judge(
    found: Findings, stroller: Stroller, stored: dict[tuple[str, str, int], dict[str, object]]
) -> None:
    begun, machine = stroller.begun, stroller.machine
    if begun is None:
        return
    word = stored.pop((machine.name, begun.boot_id, begun.boot), None)
    if word is None:
        if stroller.thanked:
            _excuse(found, stroller, begun)
        return
    answers = word["answers"]
    assert isinstance(answers, dict)
    untrue = {name: one for name, one in answers.items() if one not in stroller.given.get(name, [])}
    if untrue or not answers:
        raise Violation(f"{untrue or 'nothing'} is stored of a walk at {machine.name}")
    if stroller.thanked and not word["complete"]:
        raise Violation(f"a walk at {machine.name} was thanked for, and a part of it is stored")


def _excuse(found: Findings, stroller: Stroller, begun: Reading) -> None:
    """Thanked and not stored: only quota, quarantine or a damaged card explains it."""
    place = stroller.machine.place
    for log in stroller.machine.logs:
        refused = found.refused.get((place.store, place.kiosk, log.epoch), set())
        if log.set_aside is not None and begun.true <= log.set_aside:
            return
        for seq in log.dropped | refused:
            word = json.loads(log.sealed[seq]).get("response")
            if word is not None and word["begun"]["boot"] == begun.boot:
                return
    raise Violation(f"a walk at {stroller.machine.name} was thanked for, and is not stored")
