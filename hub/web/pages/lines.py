"""The queue's settings of a store: its lines, what its shoppers are told, and who hears of it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from starlette.datastructures import FormData

from hub.accounts import SignedIn
from hub.core.accounts import Note
from hub.core.hours import DAY_MS, find_zone
from hub.core.roles import Right
from hub.core.waiting.arranging import Arrangement, arranged, registers
from hub.core.waiting.facts import LineId
from hub.core.waiting.laying import (
    EMPTY,
    LONGEST_NAME,
    NUMBERS,
    ROUNDINGS,
    changes,
    empty_line,
    fields_of,
    keyed,
    laid_fields,
    read,
)
from hub.core.waiting.layout import MOST_LINES, Layout, Layouts
from hub.core.waiting.outcomes import Rightness
from hub.core.waiting.rehearsing import LEAST, Week, enough, rehearsed
from hub.web.auth import DesignStore, OwnForm, Session, having
from hub.web.designing import Form, text_of
from hub.web.faulting import told
from hub.web.parts import parts_of
from hub.web.shell import back_to, show, words_for
from shared.errors import EditedMeanwhile, LayoutRefused, Placed
from shared.places import StoreId

PATH = "/stores/{store_id}/queue/settings"
ACTION = "lines laid out"
"""In the audit log."""


WEEK_MS = 7 * DAY_MS


class Weeks(Protocol):
    """Where past days of lines are kept."""

    def week(self, store: StoreId, lines: Collection[LineId], since: int) -> Week:
        """What is kept of these lines since then; where it is too much, of its latest part."""


def lines_pages(layouts: Layouts, weeks: Weeks) -> APIRouter:
    """The addresses of this page."""
    pages = LinesPages(layouts, weeks)
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.DESIGN))])
    router.add_api_route(PATH, pages.look, methods=["GET"])
    router.add_api_route(PATH, pages.change, methods=["POST"])
    return router


@dataclass(frozen=True, slots=True)
class _Stand:
    """What is laid out, as the form shows it, and the serial by which it is known again."""

    layout: Layout
    serial: int

    @property
    def fields(self) -> dict[str, Any]:
        return fields_of(self.layout)


@dataclass(frozen=True, slots=True)
class Tried:
    """How right the terms that stand and those that were typed would have been, and since when."""

    since: datetime
    stands: Rightness
    typed: Rightness

    @property
    def enough(self) -> bool:
        """Whether both say anything."""
        return enough(self.stands) and enough(self.typed)


class LinesPages:
    """Shows the form, and keeps what was typed."""

    def __init__(self, layouts: Layouts, weeks: Weeks) -> None:
        self._layouts, self._weeks = layouts, weeks

    def look(
        self, request: Request, session: Session, store: DesignStore, done: str = ""
    ) -> Response:
        """The form, as things stand."""
        stand = self._stand(store)
        return self._page(request, session, store, stand.fields, seen=stand.serial, done=done)

    def change(
        self, request: Request, session: OwnForm, form: Form, store: DesignStore
    ) -> Response:
        """Keep what was typed; where lines were laid out, added or taken away, show it first."""
        seen, typed, act = _serial(text_of(form, "seen")), _typed(form), text_of(form, "do")
        rearranged = self._rearranged(request, session, store, typed, act)
        if rearranged is not None:
            return self._page(request, session, store, rearranged, seen=seen, moved=True)
        try:
            if act == "try":
                tried = self._tried(request, store, typed)
                return self._page(request, session, store, typed, seen=seen, tried=tried)
            return self._kept(request, session, store, typed, seen, anew=_anew(form))
        except EditedMeanwhile:
            stand = self._stand(store)
            return self._page(
                request, session, store, stand.fields, seen=stand.serial, done="moved", status=409
            )
        except LayoutRefused as refused:
            return self._page(
                request, session, store, typed, seen=seen, faults=refused.faults, status=400
            )

    def _stand(self, store: StoreId) -> _Stand:
        layout = self._layouts.layout(store)
        return _Stand(layout or EMPTY, layout.serial if layout else 0)

    def _kept(
        self,
        request: Request,
        session: SignedIn,
        store: StoreId,
        typed: Mapping[str, Any],
        seen: int,
        *,
        anew: bool,
    ) -> Response:
        """Raises LayoutRefused and EditedMeanwhile."""
        parts, stand = parts_of(request), self._stand(store)
        layout = read(typed, stand.layout, parts.places.points(store))
        new = secrets.token_hex(32)
        layout = keyed(layout, stand.layout.hook, new, anew=anew)
        key = new if layout.hook and layout.hook.key == new else ""
        changed = changes(stand.fields, fields_of(layout)) + (", key" if key else "")
        if changed or seen != stand.serial:
            note = Note(parts.now(), session.user.name, ACTION, store, changed.removeprefix(", "))
            self._layouts.lay_out(store, layout, note.at, note, seen)
        if not key:
            return back_to(f"/stores/{store}/queue/settings?done=kept")
        stand = self._stand(store)  # the key stands on this answer, and nowhere again
        return self._page(
            request, session, store, stand.fields, seen=stand.serial, done="kept", key=key
        )

    def _tried(self, request: Request, store: StoreId, typed: Mapping[str, Any]) -> Tried:
        """What was typed, on the last week's estimates; raises LayoutRefused."""
        parts, layout = parts_of(request), self._stand(store).layout
        other = read(typed, layout, parts.places.points(store))
        lines = [line.line_id for line in layout.lines]
        week = self._weeks.week(store, lines, parts.now() - WEEK_MS)
        here = next(one for one in parts.places.stores() if one.store_id == store)
        since = datetime.fromtimestamp(week.since / 1000, find_zone(here.zone))
        return Tried(since, rehearsed(week, layout.terms), rehearsed(week, other.terms))

    def _rearranged(
        self,
        request: Request,
        session: SignedIn,
        store: StoreId,
        typed: Mapping[str, Any],
        act: str,
    ) -> dict[str, Any] | None:
        """With other lines; None where that is not asked for."""
        lines, _ = typed["lines"], words_for(request, session).gettext
        if act in set(Arrangement):
            laid = arranged(Arrangement(act), parts_of(request).places.points(store))
            names = {False: _("Checkouts"), True: _("Self-checkout")}
            return {**typed, "lines": laid_fields(laid, names, lines)}
        if act == "add" and len(lines) < MOST_LINES:
            return {**typed, "lines": [*lines, empty_line()]}
        what, _dot, where = act.partition(".")
        if what == "remove" and where in map(str, range(len(lines))):
            return {**typed, "lines": [one for at, one in enumerate(lines) if str(at) != where]}
        return None

    def _page(
        self,
        request: Request,
        session: SignedIn,
        store: StoreId,
        fields: Mapping[str, Any],
        *,
        seen: int,
        faults: Sequence[Placed] = (),
        done: str = "",
        key: str = "",
        moved: bool = False,
        tried: Tried | None = None,
        status: int = 200,
    ) -> Response:
        context = {
            "it": fields,
            "points": registers(parts_of(request).places.points(store)),
            "numbers": NUMBERS,
            "roundings": ROUNDINGS,
            "longest": LONGEST_NAME,
            "most_lines": MOST_LINES,
            "faults": told(words_for(request, session), faults),
            "seen": seen,
            "done": done,
            "key": key,
            "moved": moved,
            "tried": tried,
            "least": LEAST,
        }
        return show(
            request,
            session,
            "lines/settings.html",
            context,
            here="queue",
            store=store,
            status=status,
        )


# ── the form ─────────────────────────────────────────────────────────────────────────────────────


def _typed(form: FormData) -> dict[str, Any]:
    """All that the form says, and nothing of it lost."""
    number = text_of(form, "line-count")
    lines = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else 0
    return {
        "lines": [_line(form, at) for at in range(min(lines, MOST_LINES + 1))],
        **{name: text_of(form, name) for name in NUMBERS},
        **{name: text_of(form, name) for name in ("rounding", "wording", "hook")},
    }


def _line(form: FormData, at: int) -> dict[str, Any]:
    here = f"lines.{at}"
    return {
        "id": text_of(form, f"{here}.id"),
        "name": " ".join(text_of(form, f"{here}.name").split()),
        "points": [one for one in form.getlist(f"{here}.points") if isinstance(one, str)],
        "served": text_of(form, f"{here}.served") == "yes",
        "lane": text_of(form, f"{here}.lane") == "yes",
    }


def _anew(form: FormData) -> bool:
    return text_of(form, "new-key") == "yes"


def _serial(text: str) -> int:
    """Which layout was looked at; raises 400 where the form does not say it."""
    if not (text.isdecimal() and text.isascii() and len(text) < 16):
        raise HTTPException(400)
    return int(text)
