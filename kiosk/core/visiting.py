"""The steps that a visit can take, from asked to sealed; the session decides which one."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.events import FaceTouched, ShopperEvent
from shared.moments import Moment
from shared.notices import KioskSettings
from shared.places import PointId
from shared.visits import Outcome, Visit

LINGER_MS = 1_000
"""A slow finger lifts within a second."""

NEXT_SALE = "next_sale"
"""Nobody answered before the next shopper had paid."""

RESTART = "restart"
"""The kiosk stopped while the visit was open; its answer was on disk, and stands."""

NOT_KEPT = "not_kept"
"""A face was touched, but the answer could not be put on disk; the shopper was told so."""

MOST_CHANGES = 1_000
"""What a visit may hold; somebody who plays longer than this is counted no further."""


def ask(
    settings: KioskSettings, point_id: PointId, boot_id: str, language: str, at: Moment
) -> Visit:
    """A visit that was just asked: it has timed out, if nothing else happens."""
    return Visit(
        point_id=point_id,
        boot_id=boot_id,
        asked=at,
        outcome=Outcome.TIMED_OUT,
        language=language,
        question_version=settings.question_version,
        reasons_version=settings.reasons_version,
    )


def answer(visit: Visit, touch: FaceTouched, language: str) -> Visit:
    """The visit with this face as its answer; a reason given before stands."""
    changed = visit.face not in (None, touch.face)
    return replace(
        visit,
        outcome=Outcome.ANSWERED,
        face=touch.face,
        input=touch.input,
        answered=touch.at,
        language=language,
        changes=min(visit.changes + changed, MOST_CHANGES),
    )


def give_reason(visit: Visit, reason: str) -> Visit:
    """The visit with this reason; the same one again takes it back."""
    return replace(visit, reason=None if visit.reason == reason else reason)


def skip(visit: Visit) -> Visit:
    """“Not now”: an answer given before stands, else the visit was skipped."""
    if is_answered(visit):
        return visit
    return replace(visit, outcome=Outcome.SKIPPED)


def block(visit: Visit, code: str) -> Visit:
    """Blocked with this code: an answer given before stands all the same."""
    if is_answered(visit):
        return visit
    return replace(visit, outcome=Outcome.BLOCKED, code=code)


def part_with(visit: Visit, event: ShopperEvent, sale: int) -> Visit:
    """What an unanswered visit came to when a sale at boot time `sale` ended it, then `event`.

    A touch that began on its page, and ends now, still answers it.
    """
    if (
        isinstance(event, FaceTouched)
        and visit.asked.boot <= event.began.boot < sale
        and event.at.boot <= sale + LINGER_MS
    ):
        return answer(visit, event, visit.language)
    return replace(visit, code=NEXT_SALE)


def interrupt(visit: Visit) -> Visit:
    """The visit that was found open at the start."""
    return replace(visit, code=RESTART)


def is_answered(visit: Visit) -> bool:
    """Whether a face stands in it."""
    return visit.outcome is Outcome.ANSWERED
