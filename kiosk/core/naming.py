"""The glass says who this kiosk is: somebody looks for it among others in the store.

The nameplate lies over a page that may stand for hours and over no other: never over a question
that somebody is being asked. It goes with its time, with the next sale, or with a touch, which does
nothing else. While the glass is taken it waits, for as long as somebody would look for it.
"""

from __future__ import annotations

from typing import Final, Protocol

from kiosk.core.effects import (
    Asking,
    Asleep,
    Closed,
    Dim,
    Effect,
    Nameplate,
    Page,
    Resting,
    Show,
    Wake,
)
from kiosk.core.events import (
    Event,
    FaceTouched,
    GlassTouched,
    IdentifyAsked,
    SettingsCame,
    is_untouched,
)
from shared.moments import Moment
from shared.questionnaires import Response
from shared.visits import Visit

SHOWN_MS: Final = 60_000
"""A store is crossed in it."""

WAITS_MS: Final = 120_000
"""A visit is over by then; whoever ordered it has asked somebody else."""

BRIGHT: Final = 100


class Machine(Protocol):
    """Whose glass it is otherwise."""

    def start(
        self, open_visit: Visit | None, at: Moment, walked: Response | None = None, /
    ) -> list[Effect]:
        """Begin to work."""

    def handle(self, event: Event, /) -> list[Effect]:
        """What is to be done about this event, in order."""


class Named:
    """A machine over which the nameplate can be laid; it is touched by one thread only."""

    def __init__(self, machine: Machine, plate: Nameplate) -> None:
        self._machine, self._plate = machine, plate
        self._page: Page | None = None  # what the machine has on the glass, or would have
        self._wake: int | None = None
        self._dim: int | None = None
        self._asked: int | None = None  # boot time until which it may still be shown
        self._ends: int | None = None  # boot time until which it is shown

    def start(
        self, open_visit: Visit | None, at: Moment, walked: Response | None = None, /
    ) -> list[Effect]:
        """Begin to work: the machine alone."""
        effects = self._machine.start(open_visit, at, walked)
        self._note(effects)
        return effects

    def handle(self, event: Event, /) -> list[Effect]:
        """What is to be done about this event, in order."""
        if isinstance(event, SettingsCame):
            self._learn(event)
        was_up, self._ends = self._ends is not None, self._lasts(event)
        if isinstance(event, IdentifyAsked):
            self._asked = event.at.boot + WAITS_MS
            effects: list[Effect] = []
        elif was_up and isinstance(event, GlassTouched | FaceTouched):
            effects = []  # it only put the plate away
        else:
            effects = self._machine.handle(event)
            self._note(effects)
        return self._laid(effects, event.at, was_up=was_up)

    def _learn(self, event: SettingsCame) -> None:
        told = event.settings
        names = told.languages[0], self._plate.kiosk, told.point_name, told.store_name
        self._plate = Nameplate(*names)

    def _lasts(self, event: Event) -> int | None:
        over = self._ends is None or event.at.boot >= self._ends
        touched = not is_untouched(event) and not isinstance(event, IdentifyAsked)
        return None if over or touched else self._ends

    def _laid(self, effects: list[Effect], at: Moment, *, was_up: bool) -> list[Effect]:
        """The machine's effects, with the plate over its page or away from it."""
        if not self._may_lie():
            self._ends = None
        elif self._asked is not None:
            self._ends = at.boot + SHOWN_MS if at.boot < self._asked else self._ends
            self._asked = None
        is_up = self._ends is not None
        own = [one for one in effects if not isinstance(one, Wake)]
        if is_up:
            own = [one for one in own if not isinstance(one, Show | Dim)]
            own += [] if was_up else [Show(self._plate), Dim(BRIGHT)]
        elif was_up:
            own = [one for one in own if not isinstance(one, Show | Dim)]
            own += [] if self._page is None else [Show(self._page)]
            own += [] if self._dim is None else [Dim(self._dim)]
        return [*own, Wake(self._deadline())]

    def _may_lie(self) -> bool:
        page = self._page
        stands = isinstance(page, Asking) and page.always_on and page.loudness is None
        return stands or isinstance(page, Resting | Asleep | Closed)

    def _deadline(self) -> int | None:
        due = [boot for boot in (self._wake, self._ends) if boot is not None]
        return min(due, default=None)

    def _note(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Show(page):
                    self._page = page
                case Wake(boot):
                    self._wake = boot
                case Dim(percent):
                    self._dim = percent
