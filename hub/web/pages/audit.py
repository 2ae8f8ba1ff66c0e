"""The audit log, for administrators: who did what, and whether it is whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from hub.core.roles import Right
from hub.web.auth import Session, having
from hub.web.parts import parts_of
from hub.web.shell import show, words_for
from hub.web.wording import Words

ON_A_PAGE = 100
"""Two screens of a desk, and a quick page."""

EntryNumber = Annotated[int | None, Query(ge=1, lt=2**31)]
"""As the database counts them."""


def routes() -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.AUDIT))])
    router.add_api_route("/audit", audit_page, methods=["GET"])
    return router


def audit_page(
    request: Request, session: Session, before: EntryNumber = None, check: bool = False
) -> Response:
    """The latest entries, or those before one; with `check` the whole log is walked."""
    accounts = parts_of(request).accounts
    entries = accounts.audit(ON_A_PAGE, before)
    return show(
        request,
        session,
        "audit.html",
        {
            "actions": actions(words_for(request, session)),
            "entries": [(e, datetime.fromtimestamp(e.note.at / 1000, UTC)) for e in entries],
            "older": entries[-1].entry if len(entries) == ON_A_PAGE else None,
            "checked": check,
            "broken": accounts.verify_audit() if check else None,
        },
        here="audit",
    )


def actions(words: Words) -> dict[str, str]:
    """What the log says in English, in the reader's language; anything else is shown as it is."""
    _ = words.gettext
    return _of_kiosks(words) | {
        "backup made": _("backup made"),
        "backup restored": _("backup restored"),
        "count typed": _("count typed"),
        "figures exported": _("figures exported"),
        "lines laid out": _("lines laid out"),
        "display address made": _("display address made"),
        "password changed": _("password changed"),
        "password set": _("password set"),
        "point added": _("point added"),
        "programme changed": _("programme changed"),
        "questionnaire changed": _("questionnaire changed"),
        "questionnaire draft dropped": _("questionnaire draft dropped"),
        "questionnaire made": _("questionnaire made"),
        "questionnaire sent": _("questionnaire sent"),
        "questionnaire taken back": _("questionnaire taken back"),
        "questionnaire version begun": _("questionnaire version begun"),
        "results exported": _("results exported"),
        "sensor added": _("sensor added"),
        "sensor removed": _("sensor removed"),
        "sign-in refused": _("sign-in refused"),
        "signed in": _("signed in"),
        "signed out": _("signed out"),
        "store added": _("store added"),
        "suspects counted": _("suspects counted"),
        "suspects left out": _("suspects left out"),
        "tallies rebuilt": _("tallies rebuilt"),
        "user added": _("user added"),
        "user changed": _("user changed"),
        "waits joined": _("waits joined"),
    }


def _of_kiosks(words: Words) -> dict[str, str]:
    _ = words.gettext
    return {
        "authority made": _("authority made"),
        "authority's root rotated": _("authority's root rotated"),
        "certificate revoked": _("certificate revoked"),
        "diagnostic file taken": _("diagnostic file taken"),
        "join code made": _("join code made"),
        "join code withdrawn": _("join code withdrawn"),
        "kiosk enrolled": _("kiosk enrolled"),
        "kiosk joined": _("kiosk joined"),
        "kiosk let in again": _("kiosk let in again"),
        "kiosk retired": _("kiosk retired"),
        "kiosks told": _("kiosks told"),
        "rollout begun": _("rollout begun"),
        "rollout ended": _("rollout ended"),
        "rollout for chosen stores": _("rollout for chosen stores"),
        "rollout halted": _("rollout halted"),
        "rollout resumed": _("rollout resumed"),
        "rollout taken back": _("rollout taken back"),
        "signing key rotated": _("signing key rotated"),
    }
