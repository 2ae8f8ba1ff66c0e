"""Whoever has the glass for a while: welcomed, told what happens, and seen off when it has shut."""

from __future__ import annotations

from kiosk.core.effects import Asleep, Effect
from kiosk.core.events import Event
from kiosk.core.guests import Guest
from kiosk.core.seen import Seen
from shared.moments import Moment


class Host:
    """At most one guest; `seen` is what it has on the glass."""

    def __init__(self) -> None:
        self.guest: Guest | None = None
        self.seen = Seen(Asleep())

    @property
    def deadline(self) -> int | None:
        """The boot time at which the guest wants to be woken."""
        return None if self.guest is None else self.guest.deadline

    def welcome(self, guest: Guest, begun: list[Effect]) -> list[Effect]:
        """It has the glass from now on, and began so."""
        self.guest, self.seen = guest, Seen(Asleep())
        return self.seen.take(begun)

    def tell(self, event: Event) -> list[Effect]:
        """Something happened; where it has shut after that, there is no guest any more."""
        if self.guest is None:
            return []
        effects = self.seen.take(self.guest.handle(event))
        if not self.guest.is_open:
            self.guest = None
        return effects

    def is_due(self, at: Moment) -> bool:
        """Whether the guest's time has come."""
        return self.deadline is not None and at.boot >= self.deadline
