"""The shoppers' side: their session, and what is offered, marked and said around it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kiosk.core.clock import TrueTime
from kiosk.core.effects import (
    Asking,
    Effect,
    Page,
    Prompt,
    Resting,
    Say,
    Sorry,
    Thanks,
)
from kiosk.core.events import (
    ChangeTouched,
    Event,
    FaceTouched,
    InvitationTouched,
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

SPOKEN: Final[Mapping[type[Page], Prompt]] = MappingProxyType(
    {
        Resting: Prompt.RESTING,
        Asking: Prompt.ASKING,
        Thanks: Prompt.THANKS,
        Sorry: Prompt.SORRY,
    }
)


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
        before, page = self.session.state, self.seen.page
        effects = self._misuse.mark(event, self.session.handle(event))
        if (before, self.session.state) == (State.KEEPING, State.THANKING):
            self.offers.answered(self.session.settings, event.at)
        return [*self._after(before, effects), *self._warn(page)]

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
        if isinstance(page, Thanks) and self._hand.is_playing(page):
            self._misuse.mark(event, ())
        return meant

    def read_aloud(self) -> list[Effect]:
        """Say what the page asks."""
        prompt = SPOKEN.get(type(self.seen.page))
        return [] if prompt is None else self._say(prompt)

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

    def _warn(self, before: Page) -> list[Effect]:
        """That the page goes is said too where somebody is known to be there; else to nobody."""
        page = self.seen.page
        leaves = isinstance(page, Asking) and page.leaving and page.may_stay and page != before
        return self._say(Prompt.LEAVING) if leaves and self.session.is_attended else []

    def _say(self, prompt: Prompt) -> list[Effect]:
        volume = self.session.settings.keeping.volume
        return [Say(self.session.language, (prompt,), volume)] if volume else []

    def _after(self, before: State, effects: list[Effect]) -> list[Effect]:
        if self.session.state is not before:
            self._hand = Hand()
            self.offers.left()
        return self.seen.take(effects)
