"""The shoppers' side: their session, and what is offered, marked and said around it."""

from __future__ import annotations

from kiosk.core.clock import TrueTime
from kiosk.core.effects import (
    Asking,
    Effect,
    Page,
    Resting,
    Sorry,
    Thanks,
)
from kiosk.core.events import (
    ChangeTouched,
    Event,
    FaceTouched,
    InvitationTouched,
    ReadAloudTouched,
    SaleSeen,
    ShopperEvent,
    Woke,
)
from kiosk.core.hand import Hand
from kiosk.core.misuse import Misuse
from kiosk.core.offers import Draw, Offers
from kiosk.core.pages import State
from kiosk.core.seen import Seen
from kiosk.core.session import Session
from kiosk.core.walker import Walker
from shared.moments import Moment
from shared.places import KioskId
from shared.visits import Input, Visit


class Shoppers:
    """Has the glass most of the time; `seen` is what it would have there."""

    def __init__(self, session: Session, time: TrueTime, kiosk_id: KioskId, draw: Draw) -> None:
        self.session = session
        self.offers = Offers(time, kiosk_id, session.point_id, draw)
        self.seen = Seen(Sorry(session.language))
        self._misuse = Misuse()
        self._hand = Hand()
        self._draw = draw
        self._walks = 0

    def start(self, open_visit: Visit | None, at: Moment) -> list[Effect]:
        """Seal what a restart left open, and rest."""
        return self.seen.take(self.session.start(open_visit, at))

    def tell(self, event: ShopperEvent) -> list[Effect]:
        """Something happened to the session."""
        before = self.session.state
        effects = self._misuse.mark(event, self.session.handle(event))
        if (before, self.session.state) == (State.KEEPING, State.THANKING):
            self.offers.answered(self.session.settings, event.at)
        return self._after(before, effects)

    def change(self, event: ChangeTouched) -> list[Effect]:
        """Another answer was asked for; too late it does nothing."""
        return self.tell(event) if self.offers.is_changeable(event.at) else []

    def refuse(self, event: SaleSeen, code: str) -> list[Effect]:
        """Keep a sale while somebody else has the glass; its visit is blocked with this code."""
        return [*self.tell(event), *self.give_way(event.at, code)]

    def give_way(self, at: Moment, code: str) -> list[Effect]:
        """Somebody else takes the glass: an open visit is sealed, blocked if nobody answered."""
        parted = self.tell(Woke(at))  # a visit that lingers is sealed first
        sealed = self._misuse.mark(Woke(at), self.session.give_way(at, code))
        return [*parted, *self._after(self.session.state, sealed)]

    def page(self, at: Moment) -> Page:
        """What is to be seen, with all that is offered now."""
        page = self.offers.dressed(self.seen.page, self.session.settings, at)
        return self._hand.marked(page)

    def meant(self, event: FaceTouched) -> Event:
        """What a touch or a button means on the page of the moment."""
        if event.input is not Input.BUTTON:
            return event
        page = self.page(event.at)
        meant = self._hand.press(page, event)
        is_playing = isinstance(page, Thanks) and self._hand.is_playing(page)
        if is_playing or isinstance(meant, ReadAloudTouched):
            self._misuse.mark(event, ())
        return meant

    def listened(self, until: int) -> None:
        """The question is read to somebody until then: who listens is not hurried."""
        asks = isinstance(self.seen.page, Asking | Resting)
        if asks and self.session.patience.listened(until):
            self.seen.wake = self.session.patience.wake.boot

    def due(self, heard_until: int) -> int | None:
        """When it is to be woken: thanks stay for as long as they are read to somebody."""
        wake = self.seen.wake
        if wake is None or not isinstance(self.seen.page, Thanks):
            return wake
        return max(wake, heard_until)

    def walker(self, event: InvitationTouched) -> Walker | None:
        """Whoever begins the questionnaire now; None where nobody was invited."""
        page, settings = self.page(event.at), self.session.settings
        invited = isinstance(page, Resting | Thanks) and page.invited
        if not invited or settings.questionnaire is None:
            return None
        self._walks -= 1
        return Walker(
            questionnaire=settings.questionnaire,
            settings=settings,
            point_id=self.session.point_id,
            boot_id=self.session.boot_id,
            language=self.session.language,
            input=event.input,
            seed=self._draw(16).hex(),
            ticket=self._walks,
            begun=event.at,
        )

    def _after(self, before: State, effects: list[Effect]) -> list[Effect]:
        if self.session.state is not before:
            self._hand = Hand()
            self.offers.left()
        return self.seen.take(effects)
