"""The page Today, and the same page as it moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from hub.core.fleet import FleetView
from hub.core.hours import date_of, day_after, find_zone
from hub.core.ports import Store
from hub.core.queue_views import NowView
from hub.core.roles import Right
from hub.core.views import HourBar, KioskAway, TodayView
from hub.web.auth import AnswersStore, Session, having
from hub.web.charts import day_chart, scale_of
from hub.web.days import iso, read_day
from hub.web.live import Subject
from hub.web.parts import Parts, parts_of
from hub.web.queue_words import QueueWords
from hub.web.queueing import alerts_now, queue_now, version_of
from hub.web.shell import show
from hub.web.streams import stream_of
from shared.notices import Presence
from shared.places import PointId, StoreId
from shared.programme import default_programme

PARTS = ("head", "index", "answers", "hours", "registers", "needs", "reasons")
"""The cards of the page, each a template of its own in templates/today/; and the queue's, where
lines are laid out."""


def routes() -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.ANSWERS))])
    router.add_api_route("/stores/{store_id}/today", today_page, methods=["GET"])
    router.add_api_route("/stores/{store_id}/today/live", today_stream, methods=["GET"])
    return router


def today_page(request: Request, session: Session, store: AnswersStore, day: str = "") -> Response:
    """Today, or an earlier day."""
    parts = parts_of(request)
    now = parts.now()
    present = parts.reports.day(store, now)
    wanted = present if not day else read_day(day)
    if wanted >= present and day:
        return RedirectResponse(f"/stores/{store}/today", 303)
    language = session.user.language
    version = TodaySource(parts).version(store) if wanted == present else ""
    view, context = _drawn(parts, store, language, None if wanted == present else wanted)
    return show(
        request,
        session,
        "today.html",
        {
            "parts": PARTS,
            "version": version,
            "earlier": iso(day_after(view.day, -1)),
            "later": None if view.live else iso(day_after(view.day, 1)),
            "present": iso(present),
            **context,
        },
        here="today",
        store=store,
    )


def today_stream(
    request: Request, session: Session, store: AnswersStore, version: str = ""
) -> Response:
    """The page of today, as it moves."""
    return stream_of(request, session, Subject("today", store), Right.ANSWERS, version)


class TodaySource:
    """Today as a live page: it moves with the published step, or when a kiosk comes or goes."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def version(self, store: StoreId) -> str:
        """The step, the queue, and who is away."""
        step = self._parts.reports.step(store, self._parts.now())
        away = ",".join(sorted(each.kiosk_id for each in away_of(self._parts, store)))
        return f"{step.day}.{step.serial}.{version_of(self._parts, store)}.{away}"

    def draw(self, store: StoreId, language: str) -> Mapping[str, str]:
        """All cards."""
        _, context = _drawn(self._parts, store, language, None)
        render = self._parts.renderer.render
        shown = [*PARTS, *(["queue"] if context["queue"] else [])]
        return {f"part-{name}": render(language, f"today/{name}.html", **context) for name in shown}


def away_of(parts: Parts, store: StoreId) -> list[KioskAway]:
    """The kiosks of a store that are not connected."""
    return [_away(view) for view in parts.fleet.views([store]) if _is_away(view)]


def _is_away(view: FleetView) -> bool:
    return view.presence is Presence.OFFLINE


def _away(view: FleetView) -> KioskAway:
    return KioskAway(view.kiosk_id, view.point_id, view.last_seen, view.unsent or 0)


def _drawn(
    parts: Parts, store: StoreId, language: str, day: int | None
) -> tuple[TodayView, dict[str, object]]:
    away = away_of(parts, store) if day is None else []
    view = parts.reports.today(store, parts.now(), day, away)
    zone = find_zone(view.store.zone)
    queue = queue_now(parts, store) if day is None else None
    words = QueueWords(parts.renderer.words[language])
    return view, {
        "view": view,
        "date": date_of(view.day),
        "local": lambda ms: datetime.fromtimestamp(ms / 1000, zone),
        "chart": day_chart(view.bars),
        "labels": hour_labels(view.bars),
        "scale": scale_of(view.registers, view.index),
        "reason_text": reason_texts(parts, view.store, language),
        "names": {row.point.point_id: row.point.name for row in view.registers},
        "now": parts.now(),
        "queue": queue,
        "alerts": alerts_now(parts, queue) if queue else [],
        "waits": waits_at(queue, words) if queue else {},
        "say": words,
    }


def waits_at(queue: NowView, say: QueueWords) -> dict[PointId, str]:
    """What is told at each register that has a line to itself, where there are several lines."""
    if not queue.watched or len(queue.lines) < 2:
        return {}
    alone = [line for line in queue.lines if len(line.registers) == 1]
    return {line.registers[0]: say.at_register(line) for line in alone}


def hour_labels(bars: Sequence[HourBar]) -> dict[int, str]:
    """What is written under each hour; one that comes twice tells its offset (“2 +01:00”)."""
    times = Counter(bar.hour_of_day for bar in bars)
    return {
        bar.start: f"{bar.hour_of_day}" + (_offset(bar) if times[bar.hour_of_day] > 1 else "")
        for bar in bars
    }


def _offset(bar: HourBar) -> str:
    sign, minutes = "−" if bar.offset_seconds < 0 else "+", abs(bar.offset_seconds) // 60
    return f" {sign}{minutes // 60:02d}:{minutes % 60:02d}"


def reason_texts(parts: Parts, store: Store, language: str) -> dict[str, str]:
    """The words of each reason as the kiosks show them; ours, of one that was taken away."""
    programme = parts.programmes.programme(store.store_id)
    reasons = (*default_programme(1).reasons, *(programme.reasons if programme else ()))
    return {
        reason.id: reason.text.get(language) or next(iter(reason.text.values()), reason.id)
        for reason in reasons
    }
