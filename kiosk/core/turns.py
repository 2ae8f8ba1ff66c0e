"""Whose turn the glass is: the shoppers' session has it, unless somebody else does for a while."""

from __future__ import annotations

from kiosk.core.effects import Effect
from kiosk.core.events import Event, ShopperEvent
from kiosk.core.misuse import Misuse
from kiosk.core.session import Session
from shared.moments import Moment
from shared.visits import Visit


class Turns:
    """The outermost machine; it is touched by one thread only."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._misuse = Misuse()

    def start(self, open_visit: Visit | None, at: Moment) -> list[Effect]:
        """Begin to work: seal what a restart left open, and rest."""
        return self.session.start(open_visit, at)

    def handle(self, event: Event) -> list[Effect]:
        """What is to be done about this event, in order."""
        effects = self.session.handle(event) if isinstance(event, ShopperEvent) else []
        return self._misuse.mark(event, effects)
