"""What a button means on the pages around a visit, where it does not answer: a mark, or a key."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.effects import Page, Resting, Thanks
from kiosk.core.events import (
    ChangeTouched,
    DoneTouched,
    Event,
    FaceTouched,
    GlassTouched,
    InvitationTouched,
    ReadAloudTouched,
    ReasonTouched,
)
from kiosk.core.marks import Key, Mark, thanks_keys
from shared.moments import Moment
from shared.visits import Face, Input


class Hand:
    """One person at the buttons, on one page."""

    def __init__(self) -> None:
        self._mark = Mark()
        self._presses = 0

    def marked(self, page: Page) -> Page:
        """The page with the mark on it."""
        if not isinstance(page, Thanks):
            return page
        return replace(page, marked=self._mark.within(thanks_keys(page)))

    def press(self, page: Page, event: FaceTouched) -> Event:
        """What was meant: a face, the key under the mark, or, where the mark moved, no key."""
        if isinstance(page, Thanks):
            return self._go_through(page, event)
        if isinstance(page, Resting) and page.invited and event.face is Face.NEUTRAL:
            return InvitationTouched(event.at, Input.BUTTON)
        if isinstance(page, Resting) and event.face is not Face.NEUTRAL:
            return ReadAloudTouched(event.at)
        return event

    def is_playing(self, page: Thanks) -> bool:
        """Whether there were more presses than bring anybody to any key."""
        return self._presses > len(thanks_keys(page)) + 1

    def _go_through(self, page: Thanks, event: FaceTouched) -> Event:
        self._presses += 1
        key = self._mark.press(thanks_keys(page), event.face, page.language)
        return GlassTouched(event.at) if key is None else _touched(key, event.at)


def _touched(key: str | int | Key, at: Moment) -> Event:
    match key:
        case Key.CHANGE:
            return ChangeTouched(at)
        case Key.INVITATION:
            return InvitationTouched(at, Input.BUTTON)
        case Key.DONE:
            return DoneTouched(at)
        case _:
            return ReasonTouched(at, str(key))
