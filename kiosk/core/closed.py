"""Whose turn the glass is where nothing can be kept: nobody's, but a cloth's and a technician's.

No shopper is asked, so nothing is said, lit or sealed for one. What the page needs most is
somebody who mends it: the gestures are those of every page that may stand for hours.
"""

from __future__ import annotations

from kiosk.core.cleaning import Wiping
from kiosk.core.effects import Closed, Effect, Wake
from kiosk.core.events import CleaningAsked, Event, LeaveTouched, PanelAsked, Woke
from kiosk.core.hosting import Host
from kiosk.core.panel import Guise, Panel
from kiosk.core.seen import Glass, Seen
from shared.moments import Moment
from shared.questionnaires import Response
from shared.visits import Visit


class ClosedTurns:
    """The outermost machine of a kiosk that is out of order; it is touched by one thread only."""

    def __init__(self, language: str, panel: Panel | None = None) -> None:
        self._language = language
        self._panel = panel
        self._closed = Seen(Closed(language))
        self._host = Host()
        self._glass = Glass()

    def start(
        self, _open_visit: Visit | None, at: Moment, _walked: Response | None = None
    ) -> list[Effect]:
        """Say that it is out of order; whatever was open lies where nobody can read it."""
        return self._show(at)

    def handle(self, event: Event) -> list[Effect]:
        """What is to be done about this event, in order."""
        return [*self._do(event), *self._show(event.at)]

    def _do(self, event: Event) -> list[Effect]:
        match event:
            case CleaningAsked():
                return self._clean(event)
            case PanelAsked():
                return self._inspect(event)
            case Woke() if not self._host.is_due(event.at):
                return []
        return self._host.tell(event)

    def _clean(self, event: CleaningAsked) -> list[Effect]:
        if isinstance(self._host.guest, Wiping):
            return []
        left = self._host.tell(LeaveTouched(event.at))
        wiping = Wiping(self._language, event.at)
        return [*left, *self._host.welcome(wiping, wiping.begin(event.at))]

    def _inspect(self, event: PanelAsked) -> list[Effect]:
        if self._panel is None or self._host.guest is not None:
            return []
        return self._host.welcome(self._panel, self._panel.begin(event, Guise(self._language)))

    def _show(self, at: Moment) -> list[Effect]:
        seen = self._closed if self._host.guest is None else self._host.seen
        shown = self._glass.told(seen.page, lit=seen.lit, anew=seen.anew, boot=at.boot)
        seen.anew = False
        return [*shown, Wake(self._host.deadline)]
