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
5. *Rest is rest.* No waking is asked for while resting, but once after a touch.
6. *Nobody is thrown out.* The question after a sale tells before it goes, and stays for whoever
   touches it beside the faces; the next sale ends it all the same.
7. Time is data: nothing here asks what time it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from kiosk.core import visiting
from kiosk.core.effects import (
    Asking,
    Effect,
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
    GlassTouched,
    HubTimeHeard,
    KeepFailed,
    Kept,
    LanguageTouched,
    NotNowTouched,
    ReadAloudTouched,
    ReasonTouched,
    SaleSeen,
    SettingsCame,
    ShopperEvent,
    Woke,
)
from kiosk.core.lockout import LOCKOUT, Lockout
from kiosk.core.open_visit import OpenVisit
from kiosk.core.pages import State, page
from kiosk.core.patience import Patience
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
        self.is_attended, self.shopper = False, 0  # gave a sign of being there; a number for each
        self._open = OpenVisit()
        self._lingering: Visit | None = None  # the one before, see law 3
        self._since = 0  # boot time at which the page with the faces was shown
        self.patience = Patience()
        self._lockout = Lockout()
        self._last_sale: str | None = None

    def start(self, open_visit: Visit | None, at: Moment) -> list[Effect]:
        """Begin to work: seal what a restart left open, and rest."""
        rest = self._rest(at)
        return rest if open_visit is None else [Seal(visiting.interrupt(open_visit)), *rest]

    def handle(self, event: ShopperEvent) -> list[Effect]:
        """What is to be done about this event, in order."""
        parted = self._part(event)
        if isinstance(event, Woke) and not self.patience.is_over(event.at):
            return [*parted, *self._warn(event.at)]
        step: Step = self.TABLE[type(event)][self.state]
        return parted + step(self, event)

    def give_way(self, at: Moment, code: str) -> list[Effect]:
        """Somebody else takes the glass: what is open is sealed, blocked if nobody answered."""
        visit = self._open.last
        return self._rest(at) if visit is None else self._end(visiting.block(visit, code), at)

    @property
    def is_idle(self) -> bool:
        """Whether nobody is being asked; the page that stands for ever asks nobody by itself."""
        return self.state in (State.RESTING, State.ASKING) and self._open.stands is None

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
            self._forget_shopper()
        visit = self._open.close()
        if visit is None:
            return []
        if visiting.is_answered(visit):
            return [Seal(visit)]
        self._lingering = visit
        return []

    def _ask(self, sale: Sale) -> list[Effect]:
        self._open.ask(replace(self._asked(sale.at), sale=sale.id, sale_at=sale.at))
        shown, wake = self._show_faces(sale.at), self._wake(sale.at)
        lingers = self._lingering is not None
        return [*shown, Wake(sale.at.boot + visiting.LINGER_MS) if lingers else wake]

    def _part(self, event: ShopperEvent) -> list[Effect]:
        visit, self._lingering = self._lingering, None
        return [] if visit is None else [Seal(visiting.part_with(visit, event, self._since))]

    # Asking

    def _face(self, touch: FaceTouched) -> list[Effect]:
        if touch.began.boot < self._since:
            return []
        visit = self._open.stands
        if visit is None and self._lockout.holds(touch):
            return self._lock_out(touch)
        visit = visit or self._asked(touch.began)
        answered = visiting.answer(visit, touch, self.language)
        self._open.ask(visit)
        self.state = State.KEEPING
        return [self._open.wish(answered), self._wake(touch.at)]

    def _lock_out(self, touch: FaceTouched) -> list[Effect]:
        first = self._lockout.is_first()
        return [Seal(visiting.block(self._asked(touch.began), LOCKOUT))] if first else []

    def _skip(self, event: NotNowTouched) -> list[Effect]:
        visit = self._open.stands
        return [] if visit is None else self._end(visiting.skip(visit), event.at)

    def _warn(self, at: Moment) -> list[Effect]:
        told = [Show(self._page)] if self.patience.warns(at) else []
        return [*told, self.patience.wake]

    def _touch(self, event: GlassTouched) -> list[Effect]:
        self.is_attended = True
        return self._stay(event) if self.patience.is_warning else []

    # Keeping

    def _kept(self, event: Kept) -> list[Effect]:
        if not self._open.is_told(event):
            return []
        self._open.kept()
        self.state = State.THANKING
        return self._thank(event)

    def _lost(self, event: KeepFailed) -> list[Effect]:
        return self._apologise(event) if self._open.is_told(event) else []

    def _apologise(self, event: KeepFailed | Woke) -> list[Effect]:
        visit = self._open.stands
        self._open.close()
        self.state = State.SORRY
        told: list[Effect] = [Show(self._page), Light(False), self._wake(event.at)]
        return told if visit is None else [Seal(visiting.block(visit, visiting.NOT_KEPT)), *told]

    # Thanking

    def _thank(self, event: Kept | KeepFailed | GlassTouched) -> list[Effect]:
        return [Show(self._page), Light(False), self._wake(event.at)]

    def _reason(self, event: ReasonTouched) -> list[Effect]:
        known = any(reason.id == event.reason for reason in self.settings.reasons)
        visit = self._open.stands
        if self._open.is_on_its_way or visit is None or not known:
            return []
        return [self._open.wish(visiting.give_reason(visit, event.reason)), self._wake(event.at)]

    def _stand(self, event: KeepFailed) -> list[Effect]:
        if not self._open.is_told(event):
            return []
        self._open.refused()
        return self._thank(event)

    def _change(self, event: ChangeTouched) -> list[Effect]:
        if self._open.is_on_its_way:
            return []
        self.is_attended = True
        return [*self._show_faces(event.at), self._wake(event.at)]

    # In every state

    def _speak(self, event: LanguageTouched) -> list[Effect]:
        if event.language not in self.settings.languages:
            return []
        self.language = event.language
        if self.state is State.KEEPING:  # the next page will speak it
            return []
        visit = self._open.stands
        if self.state is State.ASKING and visit and not visiting.is_answered(visit):
            self._open.ask(replace(visit, language=event.language))
        return self._stay(event)

    def _stay(self, event: LanguageTouched | ReadAloudTouched | GlassTouched) -> list[Effect]:
        self.is_attended = True
        wake = self.patience.stay(event.at, self.state, self.settings)
        return [Show(self._page), wake]

    def _settle(self, event: SettingsCame) -> list[Effect]:
        self._coming = event.settings
        return self._rest(event.at) if self.is_idle else []

    def _ignore(self, _event: ShopperEvent) -> list[Effect]:
        return []

    # Ends and rest

    def _finish(self, event: DoneTouched | Woke) -> list[Effect]:
        visit = self._open.last
        return self._rest(event.at) if visit is None else self._end(visit, event.at)

    def _end(self, visit: Visit, at: Moment) -> list[Effect]:
        self._lockout.begin(at, self.settings)
        return [Seal(visit), *self._rest(at)]

    def _rest(self, at: Moment) -> list[Effect]:
        self.settings, self._coming = self._coming or self.settings, None
        self._open.close()
        self._forget_shopper()
        self.patience = Patience()
        if self.settings.always_on:
            effects = self._show_faces(at)
        else:
            self.state = State.RESTING
            effects = [Show(self._page), Light(False)]
        return [*effects, Wake(None)]

    # What the others are made of

    def _asked(self, at: Moment) -> Visit:
        return visiting.ask(self.settings, self.point_id, self.boot_id, self.language, at)

    def _forget_shopper(self) -> None:
        self.language, self.is_attended = self.settings.languages[0], False
        self.shopper += 1

    def _show_faces(self, at: Moment) -> list[Effect]:
        self.state = State.ASKING
        self._since = at.boot
        self.patience = Patience()
        return [Show(self._page), Light(True)]

    @property
    def _page(self) -> Page:
        shown = page(self.state, self.settings, self.language, self._open.reason)
        if isinstance(shown, Asking) and self.patience.is_warning:
            return replace(shown, leaving=True, may_stay=self.patience.may_stay)
        return shown

    def _wake(self, at: Moment) -> Effect:
        return self.patience.begin(at, self.state, self.settings)

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
        KeepFailed:      (_ignore, _ignore,  _lost,      _stand,   _ignore),
        GlassTouched:    (_ignore, _touch,   _ignore,    _thank,   _ignore),
        ReadAloudTouched:(_stay,   _stay,    _ignore,    _thank,   _ignore),
        Woke:            (_finish, _finish,  _apologise, _finish,  _finish),
        SettingsCame:    (_settle, _settle,  _settle,    _settle,  _settle),
        HubTimeHeard:    (_ignore, _ignore,  _ignore,    _ignore,  _ignore),
    }  # fmt: skip
