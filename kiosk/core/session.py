"""One shopper after the other, as a table: event × state → what to do and the next state.

The laws that it keeps, each with a test of its own:

1. *Kept before thanked.* Thanks are shown only after `Kept` of the very ticket that asked for it.
2. *Counted once.* One asking is sealed at most once, and as the last state that was asked to be
   kept and did not fail. What could not be kept is told (`Sorry`) and sealed as blocked.
3. *A touch belongs to the page on which it began.* One that began before the page with the faces
   was shown does not count for it. Where a sale ends an unanswered asking while a finger may be
   down, the old visit is held for the next event, at most LINGER_MS: a touch that began before
   the sale answers it, anything else seals it as timed out with the code `next_sale`.
4. *Nobody is watched.* What is shown after a touch does not depend on the face.
5. *Rest is rest.* No waking is asked for while resting, but once after a language was touched.
6. Time is data: nothing here asks what time it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from kiosk.core.effects import (
    Effect,
    KeepOpen,
    KeepSale,
    Light,
    Page,
    Seal,
    Show,
    Wake,
)
from kiosk.core.events import (
    ChangeTouched,
    DoneTouched,
    FaceTouched,
    HubTimeHeard,
    KeepFailed,
    Kept,
    LanguageTouched,
    NotNowTouched,
    ReasonTouched,
    SaleSeen,
    SettingsCame,
    ShopperEvent,
    Woke,
)
from kiosk.core.pages import State, page, patience_ms
from kiosk.core.visiting import (
    LINGER_MS,
    LOCKOUT,
    NOT_KEPT,
    answer,
    ask,
    block,
    give_reason,
    interrupt,
    is_answered,
    part_with,
    skip,
)
from shared.moments import Moment
from shared.notices import KioskSettings
from shared.places import PointId
from shared.sales import Sale
from shared.visits import Visit

Step = Callable[[Any, Any], list[Effect]]


class Session:
    """Turns events into effects; it is touched by one thread only."""

    def __init__(self, settings: KioskSettings, point_id: PointId, boot_id: str) -> None:
        self.state = State.RESTING
        self.settings = settings
        self._coming: KioskSettings | None = None
        self.point_id = point_id
        self.boot_id = boot_id
        self.language = settings.languages[0]
        self._visit: Visit | None = None  # as it would be sealed now: as asked, or as last kept
        self._wish: Visit | None = None  # as it is on its way to the disk, under `_ticket`
        self._leaving: Visit | None = None  # the one before, see law 3
        self._ticket = 0
        self._since = 0  # boot time at which the page with the faces was shown
        self._deadline: int | None = None  # boot time at which this state ends by itself
        self._locked_until = 0
        self._lockout_told = False
        self._last_sale: str | None = None

    def start(self, open_visit: Visit | None, at: Moment) -> list[Effect]:
        """Begin to work: seal what a restart left open, and rest."""
        rest = self._rest(at)
        return rest if open_visit is None else [Seal(interrupt(open_visit)), *rest]

    def handle(self, event: ShopperEvent) -> list[Effect]:
        """What is to be done about this event, in order."""
        parted = self._part(event)
        if isinstance(event, Woke) and not self._is_due(event.at):
            return [*parted, Wake(self._deadline)]
        step: Step = self.TABLE[type(event)][self.state]
        return parted + step(self, event)

    def give_way(self, at: Moment, code: str) -> list[Effect]:
        """Somebody else takes the glass: what is open is sealed, blocked if nobody answered."""
        visit = self._current()
        return self._rest(at) if visit is None else self._end(block(visit, code), at)

    @property
    def is_idle(self) -> bool:
        """Whether nobody is being asked; the page that stands for ever asks nobody by itself."""
        return self.state in (State.RESTING, State.ASKING) and self._visit is None

    # Sales, and the visit before them

    def _sale(self, event: SaleSeen) -> list[Effect]:
        if event.id == self._last_sale:  # an adapter that tells twice does not sell twice
            return []
        self._last_sale = event.id
        sale = Sale(event.id, self.point_id, self.boot_id, event.at, event.source)
        if self.settings.always_on:
            return [KeepSale(sale)]
        return [KeepSale(sale), *self._make_way(), *self._ask(sale)]

    def _make_way(self) -> list[Effect]:
        if self.state is not State.RESTING:  # the next shopper is another person
            self.language = self.settings.languages[0]
        visit = self._current()
        self._visit = self._wish = None
        if visit is None:
            return []
        if is_answered(visit):
            return [Seal(visit)]
        self._leaving = visit
        return []

    def _ask(self, sale: Sale) -> list[Effect]:
        self._visit = replace(self._asked(sale.at), sale=sale.id, sale_at=sale.at)
        shown = self._show_faces(sale.at)
        wake = self._wake(sale.at)
        return [*shown, wake if self._leaving is None else Wake(sale.at.boot + LINGER_MS)]

    def _part(self, event: ShopperEvent) -> list[Effect]:
        visit, self._leaving = self._leaving, None
        return [] if visit is None else [Seal(part_with(visit, event, self._since))]

    # Asking

    def _face(self, touch: FaceTouched) -> list[Effect]:
        if touch.began.boot < self._since:
            return []
        if self._visit is None and touch.began.boot < self._locked_until:
            return self._lock_out(touch)
        visit = self._visit or self._asked(touch.began)
        kept = self._keep(answer(visit, touch, self.language))
        self._visit, self.state = visit, State.KEEPING
        return [kept, self._wake(touch.at)]

    def _lock_out(self, touch: FaceTouched) -> list[Effect]:
        if self._lockout_told:
            return []
        self._lockout_told = True
        return [Seal(block(self._asked(touch.began), LOCKOUT))]

    def _skip(self, event: NotNowTouched) -> list[Effect]:
        return [] if self._visit is None else self._end(skip(self._visit), event.at)

    # Keeping

    def _keep(self, visit: Visit) -> Effect:
        self._ticket += 1
        self._wish = visit
        return KeepOpen(self._ticket, visit)

    def _kept(self, event: Kept) -> list[Effect]:
        if not self._is_awaited(event):
            return []
        self._visit, self._wish = self._wish, None
        self.state = State.THANKING
        return self._thank(event.at)

    def _lost(self, event: KeepFailed) -> list[Effect]:
        return self._apologise(event) if self._is_awaited(event) else []

    def _apologise(self, event: KeepFailed | Woke) -> list[Effect]:
        visit, self._visit, self._wish = self._visit, None, None
        self.state = State.SORRY
        told: list[Effect] = [Show(self._page), Light(False)]
        told.append(self._wake(event.at))
        return told if visit is None else [Seal(block(visit, NOT_KEPT)), *told]

    def _is_awaited(self, event: Kept | KeepFailed) -> bool:
        return self._wish is not None and event.ticket == self._ticket

    # Thanking

    def _thank(self, at: Moment) -> list[Effect]:
        return [Show(self._page), Light(False), self._wake(at)]

    def _reason(self, event: ReasonTouched) -> list[Effect]:
        known = any(reason.id == event.reason for reason in self.settings.reasons)
        if self._wish is not None or self._visit is None or not known:
            return []
        kept = self._keep(give_reason(self._visit, event.reason))
        return [kept, self._wake(event.at)]

    def _stay(self, event: KeepFailed) -> list[Effect]:
        if not self._is_awaited(event):
            return []
        self._wish = None  # the answer as it was kept before stands, and so does the page
        return self._thank(event.at)

    def _change(self, event: ChangeTouched) -> list[Effect]:
        if self._wish is not None:
            return []
        return [*self._show_faces(event.at), self._wake(event.at)]

    # In every state

    def _speak(self, event: LanguageTouched) -> list[Effect]:
        if event.language not in self.settings.languages:
            return []
        self.language = event.language
        if self.state is State.KEEPING:  # the next page will speak it
            return []
        if self.state is State.ASKING and self._visit and not is_answered(self._visit):
            self._visit = replace(self._visit, language=event.language)
        return [Show(self._page), self._wake(event.at)]

    def _settle(self, event: SettingsCame) -> list[Effect]:
        self._coming = event.settings
        return self._rest(event.at) if self.is_idle else []

    def _ignore(self, _event: ShopperEvent) -> list[Effect]:
        return []

    # Ends and rest

    def _finish(self, event: DoneTouched | Woke) -> list[Effect]:
        visit = self._current()
        return self._rest(event.at) if visit is None else self._end(visit, event.at)

    def _end(self, visit: Visit, at: Moment) -> list[Effect]:
        self._locked_until = at.boot + 1_000 * self.settings.lockout_seconds
        self._lockout_told = False
        return [Seal(visit), *self._rest(at)]

    def _rest(self, at: Moment) -> list[Effect]:
        self.settings, self._coming = self._coming or self.settings, None
        self.language = self.settings.languages[0]
        self._visit = self._wish = None
        if self.settings.always_on:
            effects = self._show_faces(at)
        else:
            self.state = State.RESTING
            effects = [Show(self._page), Light(False)]
        self._deadline = None
        return [*effects, Wake(None)]

    # What the others are made of

    def _asked(self, at: Moment) -> Visit:
        return ask(self.settings, self.point_id, self.boot_id, self.language, at)

    def _current(self) -> Visit | None:
        return self._wish or self._visit

    def _show_faces(self, at: Moment) -> list[Effect]:
        self.state = State.ASKING
        self._since = at.boot
        return [Show(self._page), Light(True)]

    @property
    def _page(self) -> Page:
        chosen = None if self._visit is None else self._visit.reason
        return page(self.state, self.settings, self.language, chosen)

    def _wake(self, at: Moment) -> Effect:
        self._deadline = at.boot + patience_ms(self.state, self.settings)
        return Wake(self._deadline)

    def _is_due(self, at: Moment) -> bool:
        return self._deadline is not None and at.boot >= self._deadline

    TABLE: ClassVar[dict[type[ShopperEvent], tuple[Step, ...]]] = {
        # in the state    RESTING  ASKING    KEEPING     THANKING  SORRY
        SaleSeen:        (_sale,   _sale,    _sale,      _sale,    _sale),
        FaceTouched:     (_ignore, _face,    _ignore,    _ignore,  _ignore),
        ReasonTouched:   (_ignore, _ignore,  _ignore,    _reason,  _ignore),
        ChangeTouched:   (_ignore, _ignore,  _ignore,    _change,  _ignore),
        DoneTouched:     (_ignore, _ignore,  _ignore,    _finish,  _ignore),
        NotNowTouched:   (_ignore, _skip,    _ignore,    _ignore,  _ignore),
        LanguageTouched: (_speak,  _speak,   _speak,     _speak,   _speak),
        Kept:            (_ignore, _ignore,  _kept,      _kept,    _ignore),
        KeepFailed:      (_ignore, _ignore,  _lost,      _stay,    _ignore),
        Woke:            (_finish, _finish,  _apologise, _finish,  _finish),
        SettingsCame:    (_settle, _settle,  _settle,    _settle,  _settle),
        HubTimeHeard:    (_ignore, _ignore,  _ignore,    _ignore,  _ignore),
    }  # fmt: skip
