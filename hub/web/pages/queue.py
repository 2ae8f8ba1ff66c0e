"""The page Queue: the wait now, over the day, how right it was, and what is wrong with its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.core.hours import Hours, day_after
from hub.core.queue_views import Known
from hub.core.roles import Right
from hub.core.waiting.crowd import MOST_WAITING
from hub.core.waiting.facts import LineId
from hub.web.auth import AnswersStore, DesignStore, OwnForm, Session, having
from hub.web.days import iso, read_day
from hub.web.live import Subject
from hub.web.pages.queue_panels import panels
from hub.web.parts import Parts, parts_of
from hub.web.queueing import context_of, known_of, past_of, present_of, version_of
from hub.web.shell import back_to, show
from hub.web.streams import stream_of
from shared.errors import TellingsFull
from shared.places import StoreId

PRESENT, PAST = ("now", "alerts", "doubts"), ("date", "day", "rights")
PARTS: Final = (*PRESENT, *PAST)
"""The parts of the page that move, each a template of its own in templates/queue/."""

PAST_MS: Final = 60_000
"""The day and four weeks are drawn anew once a minute: they are most of the work, and stretches of
five minutes are all that they show."""

Short = Annotated[str, Form(max_length=64)]


def routes() -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.ANSWERS))])
    router.add_api_route("/stores/{store_id}/queue", queue_page, methods=["GET"])
    router.add_api_route("/stores/{store_id}/queue/live", queue_stream, methods=["GET"])
    router.add_api_route("/stores/{store_id}/queue/count", type_count, methods=["POST"])
    return router


def queue_page(
    request: Request, session: Session, store: AnswersStore, day: str = "", done: str = ""
) -> Response:
    """Now and today, or an earlier day alone."""
    parts = parts_of(request)
    version = QueueSource(parts).version(store)  # first: the page may be newer, never older
    known, may_design = known_of(parts, store), session.user.viewer.may(Right.DESIGN)
    if known is None:
        context: dict[str, object] = {"may_design": may_design}
        return show(request, session, "queue/none.html", context, here="queue", store=store)
    present = Hours(known.store.zone).hour_of(parts.now()).day
    wanted = read_day(day) if day else present
    if day and wanted >= present:
        return RedirectResponse(f"/stores/{store}/queue", 303)
    live = wanted == present
    context = {
        "version": version if live else "",
        "earlier": iso(day_after(wanted, -1)),
        "later": None if live else iso(day_after(wanted, 1)),
        "present": iso(present),
        "may_design": may_design,
        "most": MOST_WAITING,
        "done": done,
        **context_of(parts, known, session.user.language, wanted),
        **panels(parts, known, wanted, session.user.language),
    }
    return show(request, session, "queue/page.html", context, here="queue", store=store)


def queue_stream(
    request: Request, session: Session, store: AnswersStore, version: str = ""
) -> Response:
    """The page of today, as it moves."""
    return stream_of(request, session, Subject("queue", store), Right.ANSWERS, version)


def type_count(
    request: Request, session: OwnForm, store: DesignStore, line: Short = "", number: Short = ""
) -> Response:
    """So many people wait in a line now, as somebody counted who stands there."""
    parts = parts_of(request)
    known = known_of(parts, store)
    if known is None or line not in known.lines or not _is_count(number):
        raise HTTPException(400)
    try:
        parts.typing.typed(store, LineId(line), int(number), session.user.name)
    except TellingsFull:
        return back_to(f"/stores/{store}/queue?done=full")
    parts.live.notify(store)
    return back_to(f"/stores/{store}/queue?done=typed")


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= MOST_WAITING


class QueueSource:
    """The queue as a live page: it moves with whatever is told, doubted or alerted."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._past: dict[tuple[StoreId, str], tuple[int, dict[str, str]]] = {}

    def version(self, store: StoreId) -> str:
        """What is newest, and whether it still is."""
        return version_of(self._parts, store)

    def draw(self, store: StoreId, language: str) -> Mapping[str, str]:
        """All that moves."""
        known = known_of(self._parts, store)
        if known is None:
            return {}
        drawn = self._drawn(language, PRESENT, present_of(self._parts, known, language))
        return {**drawn, **self._past_of(known, language)}

    def _past_of(self, known: Known, language: str) -> dict[str, str]:
        """As it was drawn within this minute."""
        now, key = self._parts.now(), (known.store.store_id, language)
        minute, drawn = self._past.get(key, (None, {}))
        if minute != now // PAST_MS:
            today = Hours(known.store.zone).hour_of(now).day
            drawn = self._drawn(language, PAST, past_of(self._parts, known, language, today))
            this = [each for each in self._past.items() if each[1][0] == now // PAST_MS]
            self._past = {**dict(this), key: (now // PAST_MS, drawn)}
        return drawn

    def _drawn(
        self, language: str, names: Sequence[str], context: Mapping[str, Any]
    ) -> dict[str, str]:
        render = self._parts.renderer.render
        return {f"part-{name}": render(language, f"queue/{name}.html", **context) for name in names}
