"""What the pages around a visit offer besides: the wait, a deed, the questionnaire, a change.

Laws of this page
1. A notice is shown with its age while kiosk/core/noticeboard.py believes it.
2. From the resting page the questionnaire is begun at most once in WALK_REST_MS: children who
   play with it leave less than two responses a minute, and a shopper hardly waits.
3. An answer can be changed for so long after it was kept; a reason or a language adds nothing.
4. Nothing here knows of any face.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kiosk.core.clock import TrueTime
from kiosk.core.effects import Page, Resting, Thanks
from kiosk.core.hours import is_asked
from kiosk.core.noticeboard import Noticeboard
from shared.links import MINUTE_MS, NONCE_BYTES, Link, link
from shared.moments import Moment
from shared.notices import KioskSettings, Notice
from shared.places import KioskId, PointId

WALK_REST_MS: Final = 30_000

LINK_MS: Final = 120_000
"""A link is for one use: whoever comes two minutes after somebody else finds another one."""

Draw = Callable[[int], bytes]
"""So many bytes that nobody can foresee."""


class Offers:
    """Decorates the session's pages, and says when the page of the moment would change."""

    def __init__(self, time: TrueTime, kiosk_id: KioskId, point_id: PointId, draw: Draw) -> None:
        self._time = time
        self._kiosk_id = kiosk_id
        self._point_id = point_id
        self._draw = draw
        self._board = Noticeboard(time)
        self._walks_from = 0  # boot time from which the resting page invites again
        self._changes_until = 0
        self._link: str | None = None
        self._link_until = 0

    def noticed(self, notice: Notice | None, at: Moment) -> None:
        """The hub told the wait, or took back what it had told."""
        self._board.came(notice, at)

    def answered(self, settings: KioskSettings, at: Moment) -> None:
        """An answer was kept just now."""
        self._changes_until = at.boot + settings.change_seconds * 1_000

    def walked(self, at: Moment) -> None:
        """Somebody came to the end of a walk."""
        self._walks_from = at.boot + WALK_REST_MS

    def left(self) -> None:
        """Somebody stood here: the next one finds another link."""
        self._link_until = 0

    def is_changeable(self, at: Moment) -> bool:
        """Whether the answer may still be changed."""
        return at.boot < self._changes_until

    def dressed(self, page: Page, settings: KioskSettings, at: Moment) -> Page:
        """The page with all that is offered now."""
        if isinstance(page, Resting):
            notice = self._board.shown(at)
            return replace(
                page,
                notice=notice,
                age_seconds=0 if notice is None else self._board.age(at),
                deed=settings.deed,
                invited=self._invites(settings, at) and at.boot >= self._walks_from,
                link=self._linked(settings, at),
            )
        if isinstance(page, Thanks):
            alone = settings.always_on and at.boot < self._walks_from
            invited = self._invites(settings, at) and not alone
            return replace(page, changeable=self.is_changeable(at), invited=invited)
        return page

    def changes_at(self, page: Page, at: Moment) -> int | None:
        """The boot time at which that page, as it is dressed now, must be looked at again."""
        due: list[int] = []
        if isinstance(page, Resting):
            due.append(self._walks_from)
            due += [] if page.link is None else [self._link_until]
            due += [] if page.notice is None else [self._board.changes_at(at)]
        elif isinstance(page, Thanks):
            due.append(self._changes_until)
        return min((boot for boot in due if boot > at.boot), default=None)

    def _invites(self, settings: KioskSettings, at: Moment) -> bool:
        return is_asked(settings.questionnaire, self._time.at(at), settings.keeping.zone)

    def _linked(self, settings: KioskSettings, at: Moment) -> str | None:
        true, asked = self._time.at(at), settings.questionnaire
        if settings.phone is None or asked is None or true is None:
            return None
        if not self._invites(settings, at):
            return None
        if at.boot >= self._link_until:
            minute, nonce = true // MINUTE_MS, self._draw(NONCE_BYTES)
            made = Link(self._kiosk_id, self._point_id, asked.id, asked.version, minute, nonce)
            self._link, self._link_until = link(settings.phone, made), at.boot + LINK_MS
        return self._link
