"""The questionnaire on a shopper's own phone: GET and POST /q/TOKEN, without signing in or scripts.

A walk is bound to the browser that began it by a cookie that ends with the window, and that comes
with the first page: whoever touches “Begin” twice sends it twice. A step answers the question whose
form was sent, and leads to the next one by GET, so that going back and loading anew do no harm.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from hub.responses import Ending, Opened, Refusal, Responses
from hub.web.auth import LONGEST_SECRET, address_of, cookie_name, give_cookie
from hub.web.phoning import PHONES, PhonePages, chosen
from shared.questionnaires import LONGEST_TEXT, Answer
from shared.questions import Kind, Question
from shared.texts import in_language
from shared.walking import Place, order, place, place_before, shown

STATUSES: Final = {
    Refusal.FORGED: 404,
    Refusal.EXPIRED: 410,
    Refusal.GONE: 410,
    Refusal.BUSY: 429,
    Refusal.USED: 200,
    Refusal.TAKEN: 409,
}

COOKIE: Final = "walk"

Token = Annotated[str, Path(max_length=300)]
Word = Annotated[str, Form(max_length=64)]
Given = Annotated[list[str], Form(max_length=60)]


def phone_router(responses: Responses, pages: PhonePages) -> APIRouter:
    """The addresses of these pages."""
    phone = PhoneSite(responses, pages)
    router = APIRouter(include_in_schema=False)
    router.add_api_route(PHONES + "{token}", phone.show, methods=["GET"])
    router.add_api_route(PHONES + "{token}", phone.step, methods=["POST"])
    return router


class PhoneSite:
    """Shows where somebody stands, and takes the steps."""

    def __init__(self, responses: Responses, pages: PhonePages) -> None:
        self._responses, self._pages = responses, pages

    def show(self, request: Request, token: Token, at: str = "", language: str = "") -> Response:
        """The first page, or the question that somebody has come to."""
        opened = self._open(request, token)
        if isinstance(opened, Refusal):
            return self._refused(request, opened)
        if opened.walk is None:
            return self._start(request, opened, language)
        here = _standing(opened, at)
        return self._question(request, opened, here, opened.walk.answers.get(here.question.id))

    def step(
        self,
        request: Request,
        token: Token,
        action: Word = "next",
        language: Word = "",
        question: Word = "",
        answer: Given = [],  # noqa: B006 - FastAPI makes a new one for each request
    ) -> Response:
        """Begin, go on, go back or leave."""
        opened = self._open(request, token)
        if isinstance(opened, Refusal):
            return self._refused(request, opened)
        if opened.walk is None:
            return self._begin(request, opened, language)
        here = _standing(opened, question)
        if here.question.id != question:  # begun twice, or asked no longer: it answers nothing
            left = action == "leave"
            return self._end(request, opened, complete=False) if left else _to(request)
        return self._walk(request, opened, here, action, answer)

    # ── steps ────────────────────────────────────────────────────────────────────────────────

    def _open(self, request: Request, token: str) -> Opened | Refusal:
        return self._responses.open(token, _secret(request), address_of(request))

    def _begin(self, request: Request, opened: Opened, language: str) -> Response:
        tongue = chosen(opened.questionnaire, language, _accepts(request))
        if not (secret := _secret(request)):
            return self._without_cookie(request, tongue)
        walk = self._responses.begin(opened, tongue, secret)
        return self._refused(request, walk) if isinstance(walk, Refusal) else _to(request)

    def _without_cookie(self, request: Request, language: str) -> Response:
        """Nothing begins that could not go on: the link stays good."""
        answer = self._page(language, "refused.html", 400, why="cookie")
        give_cookie(request, answer, _new_secret(), COOKIE)
        return answer

    def _walk(
        self, request: Request, opened: Opened, here: Place, action: str, answer: Sequence[str]
    ) -> Response:
        given = read_answer(here.question, answer)
        moved = self._responses.answer(opened, here.question.id, given)
        if action == "leave":
            return self._end(request, moved or opened, complete=False)
        if action == "back":
            before = place_before(opened.questionnaire, _answers(opened), here.question.id)
            return _to(request, (before or here).question.id)
        if moved is None or (given is None and any(one.strip() for one in answer)):
            typed = typed_of(here.question, answer)
            return self._question(
                request, opened, here, typed, fault=fault_of(here.question, answer)
            )
        return self._onward(request, moved, here)

    def _onward(self, request: Request, opened: Opened, here: Place) -> Response:
        after = place(opened.questionnaire, _answers(opened), here.question.id)
        missing = self._responses.missing(opened) if after is None else None
        if after is not None or missing is not None:
            return _to(request, missing or (after or here).question.id)
        return self._end(request, opened, complete=True)

    def _end(self, request: Request, opened: Opened, *, complete: bool) -> Response:
        ended = self._responses.finish(opened, complete=complete)
        if ended is Ending.USED:
            return self._refused(request, Refusal.USED)
        thanks = opened.questionnaire.thanks if complete else {}
        kept = ended is not Ending.EMPTY
        return self._page(_language(opened), "done.html", thanks=thanks, kept=kept)

    # ── pages ────────────────────────────────────────────────────────────────────────────────

    def _start(self, request: Request, opened: Opened, language: str) -> Response:
        asked = opened.questionnaire
        tongue = chosen(asked, language, _accepts(request))
        page = self._page(
            tongue,
            "start.html",
            title=in_language(asked.title, tongue),
            count=len(asked.questions),
            languages=asked.languages,
            path=request.url.path,
        )
        if not _secret(request):
            give_cookie(request, page, _new_secret(), COOKIE)
        return page

    def _question(
        self,
        request: Request,
        opened: Opened,
        here: Place,
        given: Answer | None,
        fault: str = "",
    ) -> Response:
        language, question = _language(opened), here.question
        after = place(opened.questionnaire, _answers(opened), question.id)
        return self._page(
            language,
            "question.html",
            422 if fault else 200,
            title=in_language(opened.questionnaire.title, language),
            place=here,
            choices=order(question, opened.link.nonce.hex()),
            given=given,
            fault=fault and self._pages.say(language, fault),
            last=after is None,
            longest=LONGEST_TEXT,
            path=request.url.path,
        )

    def _refused(self, request: Request, why: Refusal) -> Response:
        language = chosen(None, "", _accepts(request))
        return self._page(language, "refused.html", STATUSES[why], why=why.value)

    def _page(
        self, language: str, template: str, status: int = 200, **context: object
    ) -> HTMLResponse:
        return HTMLResponse(self._pages.render(language, template, **context), status)


# ── what was sent ────────────────────────────────────────────────────────────────────────────────


def read_answer(question: Question, given: Sequence[str]) -> Answer | None:
    """What a form says; None where nothing was said, or nothing that can be read."""
    said = [text for text in given if text.strip()]
    return _READERS[question.kind](said) if said else None


def _one(said: Sequence[str]) -> Answer | None:
    return said[0] if len(said) == 1 else None


def _number(said: Sequence[str]) -> Answer | None:
    text = said[0]
    return (
        int(text)
        if len(said) == 1 and len(text) <= 2 and text.isascii() and text.isdecimal()
        else None
    )


def _text(said: Sequence[str]) -> Answer | None:
    """What somebody wrote, without what no keyboard writes; lines end as everywhere."""
    text = "\n".join(said).replace("\r\n", "\n").strip()
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) not in _UNSEEN)


def _ranked(said: Sequence[str]) -> Answer | None:
    """Choices by the place that each was given; None where a place is missing or given twice."""
    pairs = [text.rpartition(":") for text in said]
    places = {number: choice for choice, _, number in pairs}
    ordered = [places.get(str(number)) for number in range(1, len(said) + 1)]
    return [one for one in ordered if one] if all(ordered) else None


_UNSEEN: Final = frozenset({"Cc", "Cs"})

_READERS: Final[dict[Kind, Callable[[Sequence[str]], Answer | None]]] = {
    Kind.FACES: _one,
    Kind.SCALE: _number,
    Kind.STARS: _number,
    Kind.ONE: _one,
    Kind.MANY: list,
    Kind.TEXT: _text,
    Kind.RANKING: _ranked,
}


def typed_of(question: Question, given: Sequence[str]) -> Answer | None:
    """What is shown again beside a fault: only what somebody wrote."""
    return "\n".join(given)[: 2 * LONGEST_TEXT] if question.kind is Kind.TEXT else None


def fault_of(question: Question, given: Sequence[str]) -> str:
    """What is said of a form that answers nothing."""
    if not any(text.strip() for text in given):
        return "Please answer this question."
    if question.kind is Kind.TEXT:
        return "This text is too long."
    if question.kind is Kind.RANKING:
        return "Please give each one a place, and each place once."
    return "Please choose one of the answers below."


# ── where somebody stands ────────────────────────────────────────────────────────────────────────


def _standing(opened: Opened, at: str) -> Place:
    """At that question; where it is not asked, at the first one without an answer."""
    asked = shown(opened.questionnaire, _answers(opened))
    names = [question.id for question in asked]
    if at not in names:
        at = next((name for name in names if name not in _answers(opened)), names[-1])
    number = names.index(at)
    return Place(asked[number], number + 1, len(asked))


def _answers(opened: Opened) -> dict[str, Answer]:
    return {} if opened.walk is None else opened.walk.answers


def _language(opened: Opened) -> str:
    return "en" if opened.walk is None else opened.walk.language


def _secret(request: Request) -> str:
    """What the phone's cookie holds; '' where it has none."""
    return request.cookies.get(cookie_name(request, COOKIE), "")[:LONGEST_SECRET]


def _new_secret() -> str:
    return secrets.token_urlsafe(24)


def _accepts(request: Request) -> str:
    return request.headers.get("accept-language", "")


def _to(request: Request, question: str = "") -> RedirectResponse:
    return RedirectResponse(request.url.path + (f"?at={question}" if question else ""), 303)
