"""The visit of the moment: as it stands, and as somebody wishes it, on its way to the disk."""

from __future__ import annotations

from kiosk.core.effects import KeepOpen
from kiosk.core.events import KeepFailed, Kept
from shared.visits import Visit


class OpenVisit:
    """At most one; what is wished stands when it is kept, and not before."""

    def __init__(self) -> None:
        self.stands: Visit | None = None  # as it would be sealed now: as asked, or as last kept
        self._wish: Visit | None = None
        self._ticket = 0

    @property
    def last(self) -> Visit | None:
        """As it was wished last: that is what is sealed."""
        return self._wish or self.stands

    @property
    def reason(self) -> str | None:
        """The reason that stands in it."""
        return None if self.stands is None else self.stands.reason

    @property
    def is_on_its_way(self) -> bool:
        """Whether nobody knows yet if a wish was kept."""
        return self._wish is not None

    def wish(self, visit: Visit) -> KeepOpen:
        """It shall stand so."""
        self._ticket += 1
        self._wish = visit
        return KeepOpen(self._ticket, visit)

    def is_told(self, event: Kept | KeepFailed) -> bool:
        """Whether that is the word about the wish; an earlier one is about somebody else's."""
        return self._wish is not None and event.ticket == self._ticket

    def kept(self) -> None:
        """It stands as it was wished."""
        self.stands, self._wish = self._wish, None

    def refused(self) -> None:
        """It stands as before."""
        self._wish = None

    def ask(self, visit: Visit) -> None:
        """Another one."""
        self.stands, self._wish = visit, None

    def close(self) -> Visit | None:
        """None from now on; returns the last."""
        last, self.stands, self._wish = self.last, None, None
        return last
