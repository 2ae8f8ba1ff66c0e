"""Shoppers of the demo who say more: what they answer to the longer questionnaire."""

from __future__ import annotations

import random
from dataclasses import dataclass

from shared.moments import Moment
from shared.places import PointId
from shared.questionnaires import Answer, Response
from shared.questions import CHOOSING, Kind, Question, Questionnaire
from shared.visits import Face, Input
from shared.walking import SCALE, STARS, order, place

SHARE = 0.06
"""Of those who touched a face: with a question of nobody's business it would be fewer."""

_LEAVES = 0.04
"""At each question somebody remembers that the bus is leaving."""

_WANTED = 0.4
"""How probable each of several choices is."""

_INPUTS, _INPUT_WEIGHTS = (Input.TOUCH, Input.BUTTON), (9, 1)

_TEXTS = {
    "es": (
        "Más cajas abiertas a mediodía",
        "La fruta del martes no estaba fresca",
        "Los carros no caben por el pasillo de las bebidas",
        "Marta estuvo muy amable, gracias",
        "No encontré el pan sin gluten",
        "Demasiado frío junto a los congelados",
        "Precios distintos en el estante y en la caja",
        "Todo bien, pero la espera fue larga",
        "Faltan bolsas en la frutería",
    ),
    "en": (
        "Could not find the oat milk",
        "The line was long and only two registers were open",
        "Nice staff, slow card reader",
    ),
}


@dataclass(frozen=True, slots=True)
class Talker:
    """Somebody at this register who touched this face, and goes on to the questionnaire."""

    point: PointId
    boot_id: str
    begun: Moment
    face: Face

    def answers(self, questionnaire: Questionnaire, rng: random.Random) -> Response:
        """The walk from the first question to the last, or to where the bus leaves."""
        language = rng.choices(("es", "en"), (5, 1))[0]
        given: dict[str, Answer] = {}
        took = 0
        here = place(questionnaire, given, None)
        while here is not None and rng.random() > _LEAVES:
            if here.question.required or rng.random() > 0.1:
                given[here.question.id] = self._answer(here.question, language, rng)
            took += rng.randint(2_500, 9_000)
            here = place(questionnaire, given, here.question.id)
        return Response(
            point_id=self.point,
            boot_id=self.boot_id,
            questionnaire=questionnaire.id,
            version=questionnaire.version,
            language=language,
            input=rng.choices(_INPUTS, _INPUT_WEIGHTS)[0],
            begun=self.begun,
            ended=Moment(self.begun.wall + took, self.begun.boot + took, synced=True),
            complete=here is None,
            answers=given,
        )

    def _answer(self, question: Question, language: str, rng: random.Random) -> Answer:
        """As the face was, so is the rest of it, more or less."""
        spirit = {Face.SAD: 0.35, Face.NEUTRAL: 0.65, Face.HAPPY: 0.9}[self.face]
        spirit = min(1.0, max(0.0, rng.gauss(spirit, 0.15)))
        if question.kind in CHOOSING:
            return _chosen(question, rng)
        match question.kind:
            case Kind.FACES:
                return self.face.value
            case Kind.TEXT:
                return rng.choice(_TEXTS[language])
            case _:
                steps = SCALE if question.kind is Kind.SCALE else STARS
                return steps[round(spirit * (len(steps) - 1))]


def _chosen(question: Question, rng: random.Random) -> Answer:
    """One, some or all of the choices, in the order in which this shopper saw them."""
    seen = [one.id for one in order(question, f"{rng.random()}")]
    if question.kind is Kind.ONE:
        return seen[0]
    if question.kind is Kind.RANKING:
        return seen
    return [one for one in seen if rng.random() < _WANTED] or seen[-1:]
