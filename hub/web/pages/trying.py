"""A questionnaire as shoppers get it on their phones, to be tried at the desk.

It is drawn by the very templates and walked through by the same rules, but there is no link, and
nothing is kept: what was answered travels in the address alone, and no form can be sent here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from hub.core.responses import taken
from hub.core.roles import Right
from hub.web.auth import AnswersViewer, having
from hub.web.designing import found_version
from hub.web.guard import FRAMED
from hub.web.pages.phone import fault_of, read_answer, typed_of
from hub.web.parts import parts_of
from hub.web.phoning import PhonePages, chosen
from shared.questionnaires import LONGEST_TEXT, Answer
from shared.questions import MOST_CHOICES, Kind, Question, Questionnaire
from shared.texts import Texts, in_language
from shared.walking import Place, accepts, order, shown

LONGEST_CARRIED: Final = 100
"""Characters of a text that go along: an address of fifty of them is still read."""

PREFIX: Final = "given."
"""What the fields begin with that carry earlier answers."""

Asked = Annotated[str, Query(max_length=64)]
Given = Annotated[list[str], Query(max_length=60)]


def routes() -> APIRouter:
    """The address of these pages."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.ANSWERS))])
    router.add_api_route("/questionnaires/{name}/phone", phone_page, methods=["GET"])
    return router


def phone_page(
    request: Request,
    viewer: AnswersViewer,
    name: str,
    version: int = 0,
    language: Asked = "",
    framed: bool = False,
    at: Asked = "",
    action: Asked = "",
    question: Asked = "",
    answer: Given = [],  # noqa: B006 - FastAPI makes a new one for each request
) -> Response:
    """The first page, the question `at`, or what follows an answer to one."""
    _, found = found_version(request, viewer, name, version)
    asked = found.questionnaire
    tongue = chosen(asked, language, request.headers.get("accept-language", ""))
    carried = [("version", str(asked.version)), *([("framed", "yes")] if framed else [])]
    given = dict(_carried(request, asked))
    trial = Trial(parts_of(request).phones, asked, tongue, request.url.path, given, tuple(carried))
    if question:
        text = trial.step(question, answer, action)
    else:
        text = trial.look(at) if at or action else trial.start()
    return HTMLResponse(text, headers=FRAMED)


@dataclass(frozen=True, slots=True)
class Trial:
    """Where somebody who tries it stands: all of it is in the address."""

    pages: PhonePages
    asked: Questionnaire
    language: str
    path: str
    given: Mapping[str, Answer]
    carried: tuple[tuple[str, str], ...]

    def start(self) -> str:
        """The page before the first question."""
        count, languages = len(self.asked.questions), self.asked.languages
        title = in_language(self.asked.title, self.language)
        return self._page("start.html", self.carried, title=title, count=count, languages=languages)

    def look(self, at: str) -> str:
        """That question, also where its conditions do not hold; else the first one."""
        here = self._place(at) or next(iter(self._places(self.given)), None)
        return self._end({}) if here is None else self._question(here, self.given)

    def step(self, question: str, said: list[str], action: str) -> str:
        """What follows the answer that was given to a question."""
        here = self._place(question)
        if here is None:
            return self.look("")
        given = self._with(here.question, said)
        if action == "leave":
            return self._end({})
        if action == "back":
            kept = self.given if given is None else given
            return self._question(self._beside(here, kept, later=False) or here, kept)
        if given is None:
            typed, fault = typed_of(here.question, said), fault_of(here.question, said)
            return self._question(here, {**self.given, question: typed or ""}, fault)
        after = self._beside(here, given, later=True)
        return self._end(self.asked.thanks) if after is None else self._question(after, given)

    def _with(self, question: Question, said: list[str]) -> Mapping[str, Answer] | None:
        """The answers with this one; None where it is refused, as it would be on the phone."""
        answer = read_answer(question, said)
        unread = answer is None and any(one.strip() for one in said)
        return None if unread else taken(question, self.given, answer)

    # ── places ───────────────────────────────────────────────────────────────────────────────

    def _places(self, given: Mapping[str, Answer]) -> list[Place]:
        asked = shown(self.asked, given)
        return [Place(one, number, len(asked)) for number, one in enumerate(asked, 1)]

    def _place(self, name: str) -> Place | None:
        """Among what is shown; what no answer has led to yet stands where it was written."""
        every = self.asked.questions
        written = [Place(one, number, len(every)) for number, one in enumerate(every, 1)]
        places = [*self._places(self.given), *written]
        return next((one for one in places if one.question.id == name), None)

    def _beside(self, here: Place, given: Mapping[str, Answer], *, later: bool) -> Place | None:
        names = [one.id for one in self.asked.questions]
        at = names.index(here.question.id)
        places = [(names.index(one.question.id), one) for one in self._places(given)]
        if later:
            return next((one for number, one in places if number > at), None)
        return next((one for number, one in reversed(places) if number < at), None)

    # ── pages ────────────────────────────────────────────────────────────────────────────────

    def _question(self, here: Place, given: Mapping[str, Answer], fault: str = "") -> str:
        others = {name: one for name, one in given.items() if name != here.question.id}
        return self._page(
            "question.html",
            (*self.carried, ("language", self.language), *_fields(self.asked, others)),
            title=in_language(self.asked.title, self.language),
            place=here,
            choices=order(here.question, self.asked.id),
            given=given.get(here.question.id),
            fault=fault and self.pages.say(self.language, fault),
            last=self._beside(here, given, later=True) is None,
            longest=LONGEST_TEXT,
        )

    def _end(self, thanks: Texts) -> str:
        return self._page("done.html", (), thanks=thanks, kept=False)

    def _page(self, template: str, hidden: tuple[tuple[str, str], ...], **context: object) -> str:
        context |= {"path": self.path, "method": "get", "hidden": list(hidden)}
        tried = ("framed", "yes") not in self.carried  # around a frame it is said beside it
        return self.pages.render(self.language, template, tried=tried, **context)


# ── earlier answers in the address ───────────────────────────────────────────────────────────────


def _carried(request: Request, asked: Questionnaire) -> Iterator[tuple[str, Answer]]:
    """What was answered before, as far as it can be; anything else is passed over."""
    for question in asked.questions:
        said = request.query_params.getlist(PREFIX + question.id)[:MOST_CHOICES]
        answer = read_answer(question, said)
        if answer is not None and accepts(question, answer):
            yield question.id, answer


def _fields(asked: Questionnaire, given: Mapping[str, Answer]) -> Iterator[tuple[str, str]]:
    """The answers as the form of their question would send them."""
    for question in asked.questions:
        for said in _said(question, given.get(question.id)):
            yield PREFIX + question.id, said


def _said(question: Question, answer: Answer | None) -> list[str]:
    if answer is None:
        return []
    if isinstance(answer, list):
        ranked = question.kind is Kind.RANKING
        return [f"{one}:{at}" if ranked else one for at, one in enumerate(answer, 1)]
    return [str(answer)[:LONGEST_CARRIED]]
