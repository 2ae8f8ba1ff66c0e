"""Whose turn the glass is, as a table: the shoppers' session has it, unless somebody else does.

The laws that it keeps, each with a test of its own:
1. *No sale is lost.* It is kept whoever has the glass; where nobody can be asked, its visit is
   sealed as blocked, with a code that says who was there.
2. *One page at a time.* What the session shows meanwhile is remembered, and shown when it has the
   glass again; what was kept for it is never held back.
3. *A walk ends for a sale* unless somebody touched it within GOES_ON_MS: whoever walks away does
   not keep the next shopper from being asked, and whoever is busy is not thrown out.
4. *A sleeping glass wakes for a touch*, which does nothing else, and for a sale.
5. *Nobody is watched*: what is shown, lit and said does not depend on the face.
6. *Who listens is not hurried*: while a page is read it does not leave by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from kiosk.core.cleaning import Wiping
from kiosk.core.clock import TrueTime
from kiosk.core.effects import Asleep, Effect, KeepResponse, Page, Wake
from kiosk.core.events import (
    AnswerGiven,
    BackTouched,
    ChangeTouched,
    CleaningAsked,
    DoneTouched,
    Event,
    Exported,
    FaceTouched,
    GlassTouched,
    HubTimeHeard,
    IdentifyAsked,
    Inspected,
    InvitationTouched,
    KeepFailed,
    Kept,
    LanguageTouched,
    LeaveTouched,
    NextTouched,
    NoticeCame,
    NotNowTouched,
    PanelAsked,
    PanelTouched,
    ReadAloudTouched,
    ReasonTouched,
    SaleSeen,
    SettingsCame,
    ShopperEvent,
    StayTouched,
    Woke,
    is_untouched,
)
from kiosk.core.guests import BUSY, CLEANING, GOES_ON_MS, PANEL, Guest, Turn
from kiosk.core.hosting import Host
from kiosk.core.lighting import Lighting
from kiosk.core.listening import Audience, Listening
from kiosk.core.offers import Draw
from kiosk.core.pages import State
from kiosk.core.panel import Guise, Panel
from kiosk.core.seen import Glass
from kiosk.core.session import Session
from kiosk.core.shoppers import Shoppers
from kiosk.core.walk import Walk
from shared.moments import Moment
from shared.places import KioskId
from shared.questionnaires import Response
from shared.visits import Visit

Step = Callable[[Any, Any], list[Effect]]


class Turns:
    """The outermost machine; it is touched by one thread only."""

    def __init__(
        self,
        session: Session,
        kiosk_id: KioskId,
        draw: Draw,
        panel: Panel | None = None,
        *,
        speaks: bool = False,
    ) -> None:
        """`speaks`: there is a speaker."""
        self.session = session
        self.turn = Turn.SHOPPERS
        self._panel = panel
        self._time = TrueTime()
        self._shop = Shoppers(session, self._time, kiosk_id, draw)
        self._lighting = Lighting(self._time)
        self._glass = Glass()
        self._listening = Listening(speaks=speaks)
        self._host = Host()

    def start(
        self, open_visit: Visit | None, at: Moment, walked: Response | None = None
    ) -> list[Effect]:
        """Begin to work: keep what a restart left open, and rest."""
        self._time.observe(at)
        self._lighting.touched(at)
        part: list[Effect] = [KeepResponse(walked)] if walked and walked.answers else []
        part += self._listening.rehearse(self.session.settings)
        return [*self._shop.start(open_visit, at), *part, *self._show(at)]

    def handle(self, event: Event) -> list[Effect]:
        """What is to be done about this event, in order."""
        self._time.observe(event.at)
        step: Step = self.TABLE[type(event)][self.turn]
        effects = step(self, event)
        if not is_untouched(event):
            self._lighting.touched(event.at)
        return [*effects, *self._show(event.at)]

    # The shoppers

    def _tell(self, event: ShopperEvent) -> list[Effect]:
        return self._shop.tell(event)

    def _change(self, event: ChangeTouched) -> list[Effect]:
        return self._shop.change(event)

    def _face(self, event: FaceTouched) -> list[Effect]:
        meant = self._shop.meant(event)
        if meant is event:
            return self._shop.tell(event)
        step: Step = self.TABLE[type(meant)][self.turn]
        return step(self, meant)

    def _read(self, event: ReadAloudTouched) -> list[Effect]:
        self._listening.ask()
        return self._pass(event) if self._host.guest else self._shop.tell(event)

    # Others

    def _invite(self, event: InvitationTouched) -> list[Effect]:
        walker = self._shop.walker(event)
        if walker is None:
            return []
        walk = Walk(walker)
        left = self._shop.give_way(event.at, BUSY)
        return [*left, *self._welcome(Turn.WALK, walk, walk.begin())]

    def _clean(self, event: CleaningAsked) -> list[Effect]:
        if self.session.state in (State.KEEPING, State.THANKING):
            return []
        left = self._shop.give_way(event.at, CLEANING)
        wiping = Wiping(self.session.language, event.at)
        return [*left, *self._welcome(Turn.WIPING, wiping, wiping.begin(event.at))]

    def _clean_instead(self, event: CleaningAsked) -> list[Effect]:
        return [*self._pass(LeaveTouched(event.at)), *self._clean(event)]

    def _inspect(self, event: PanelAsked) -> list[Effect]:
        if self._panel is None or not self.session.is_idle:
            return []
        left, keeping = self._shop.give_way(event.at, PANEL), self.session.settings.keeping
        guise = Guise(self.session.language, keeping.zone, keeping.volume)
        begun = self._panel.begin(event, guise)
        return [*left, *self._welcome(Turn.PANEL, self._panel, begun)]

    def _welcome(self, turn: Turn, guest: Guest, begun: list[Effect]) -> list[Effect]:
        self.turn = turn
        return self._host.welcome(guest, begun)

    def _pass(self, event: Event) -> list[Effect]:
        effects = self._host.tell(event)
        return effects if self._host.guest else [*effects, *self._part(event.at)]

    def _part(self, at: Moment) -> list[Effect]:
        if self.turn is Turn.WALK:
            self._shop.offers.walked(at)
        self.turn = Turn.SHOPPERS
        return self._shop.give_way(at, BUSY)  # a touch that began before does not count for it

    # Sales while somebody else is there

    def _sale_in_walk(self, event: SaleSeen) -> list[Effect]:
        walk = self._host.guest
        assert isinstance(walk, Walk)  # noqa: S101 - for the types
        goes_on = walk.is_asking and event.at.boot - walk.touched_at <= GOES_ON_MS
        if goes_on or self.session.settings.always_on:  # where no sale is asked about, none ends it
            return self._shop.refuse(event, BUSY)
        ended = walk.end(event.at)
        self._host.guest = None
        return [*ended, *self._part(event.at), *self._shop.tell(event)]

    def _sale_in_wiping(self, event: SaleSeen) -> list[Effect]:
        return self._shop.refuse(event, CLEANING)

    def _sale_at_panel(self, event: SaleSeen) -> list[Effect]:
        told = self._pass(event)
        shut = self.turn is Turn.SHOPPERS
        return [*told, *(self._shop.tell(event) if shut else self._shop.refuse(event, PANEL))]

    # For all of them

    def _kept(self, event: Kept | KeepFailed) -> list[Effect]:
        if event.ticket >= 0:
            return self._shop.tell(event)
        return self._pass(event) if self.turn is Turn.WALK else []

    def _woke(self, event: Woke) -> list[Effect]:
        effects: list[Effect] = []
        due = self._shop.due(self._listening.heard_until)
        if due is not None and event.at.boot >= due:
            effects += self._shop.tell(event)
        if self._host.is_due(event.at):
            effects += self._pass(event)
        return effects

    def _settle(self, event: SettingsCame) -> list[Effect]:
        return [*self._shop.tell(event), *self._listening.rehearse(event.settings)]

    def _hear(self, event: HubTimeHeard) -> list[Effect]:
        self._time.heard(event.hub, event.at)
        return self._shop.tell(event)

    def _notice(self, event: NoticeCame) -> list[Effect]:
        self._shop.offers.noticed(event.notice, event.at)
        return []

    def _ignore(self, _event: Event) -> list[Effect]:
        return []

    # What is to be seen

    def _show(self, at: Moment) -> list[Effect]:
        settings, asleep = self.session.settings, self._falls_asleep(at)
        seen = self._host.seen if self._host.guest else self._shop.seen
        page = Asleep() if asleep else seen.page if self._host.guest else self._shop.page(at)
        said = self._say(page, at)
        page = self._listening.dressed(page)
        lit, anew = seen.lit and not asleep, seen.anew and not asleep
        self._shop.seen.anew = self._host.seen.anew = False
        return [
            *self._lighting.effects(settings, at, asleep=asleep),
            *self._glass.told(page, lit=lit, anew=anew, boot=at.boot),
            *said,
            Wake(self._deadline(page, at)),
        ]

    def _falls_asleep(self, at: Moment) -> bool:
        """Whether the glass sleeps; only where nobody has it."""
        if self._host.guest is None:
            rests = self.session.is_idle and self._lighting.may_sleep(self.session.settings, at)
            self.turn = Turn.ASLEEP if rests else Turn.SHOPPERS
        return self.turn is Turn.ASLEEP

    def _say(self, page: Page, at: Moment) -> list[Effect]:
        """What is said of the page; whoever is there learns how long that takes."""
        guest, session = self._host.guest, self.session
        at_rest = session.is_idle and guest is None
        there = Audience(at_rest, session.is_attended, session.shopper)
        said = self._listening.follow(page, session.settings, at, there)
        listener = guest if isinstance(guest, Walk) else self._shop
        listener.listened(self._listening.heard_until)
        return said

    def _deadline(self, page: Page, at: Moment) -> int | None:
        due = [
            self._shop.due(self._listening.heard_until),
            self._listening.ends_at,
            self._host.deadline,
            self._shop.offers.changes_at(page, at),
            self._lighting.changes_at(self.session.settings, at, idle=self.session.is_idle),
        ]
        return min((boot for boot in due if boot is not None), default=None)

    TABLE: ClassVar[dict[type[Event], tuple[Step, ...]]] = {
        # whose turn:       SHOPPERS   WALK           WIPING           ASLEEP    PANEL
        SaleSeen:          (_tell,     _sale_in_walk, _sale_in_wiping, _tell,    _sale_at_panel),
        FaceTouched:       (_face,     _pass,         _ignore,         _ignore,  _pass),
        ReasonTouched:     (_tell,     _ignore,       _ignore,         _ignore,  _ignore),
        ChangeTouched:     (_change,   _ignore,       _ignore,         _ignore,  _ignore),
        DoneTouched:       (_tell,     _pass,         _ignore,         _ignore,  _ignore),
        NotNowTouched:     (_tell,     _ignore,       _ignore,         _ignore,  _ignore),
        LanguageTouched:   (_tell,     _pass,         _ignore,         _ignore,  _ignore),
        InvitationTouched: (_invite,   _ignore,       _ignore,         _ignore,  _ignore),
        AnswerGiven:       (_ignore,   _pass,         _ignore,         _ignore,  _ignore),
        NextTouched:       (_ignore,   _pass,         _ignore,         _ignore,  _ignore),
        BackTouched:       (_ignore,   _pass,         _ignore,         _ignore,  _ignore),
        LeaveTouched:      (_ignore,   _pass,         _ignore,         _ignore,  _pass),
        StayTouched:       (_ignore,   _pass,         _ignore,         _ignore,  _ignore),
        GlassTouched:      (_tell,     _pass,         _ignore,         _ignore,  _ignore),
        ReadAloudTouched:  (_read,     _read,         _ignore,         _ignore,  _ignore),
        CleaningAsked:     (_clean,    _ignore,       _ignore,         _ignore,  _clean_instead),
        IdentifyAsked:     (_ignore,   _ignore,       _ignore,         _ignore,  _ignore),
        PanelAsked:        (_inspect,  _ignore,       _ignore,         _ignore,  _ignore),
        PanelTouched:      (_ignore,   _ignore,       _ignore,         _ignore,  _pass),
        Inspected:         (_ignore,   _ignore,       _ignore,         _ignore,  _pass),
        Exported:          (_ignore,   _ignore,       _ignore,         _ignore,  _pass),
        Kept:              (_kept,     _kept,         _kept,           _kept,    _kept),
        KeepFailed:        (_kept,     _kept,         _kept,           _kept,    _kept),
        Woke:              (_woke,     _woke,         _woke,           _woke,    _woke),
        SettingsCame:      (_settle,   _settle,       _settle,         _settle,  _settle),
        HubTimeHeard:      (_hear,     _hear,         _hear,           _hear,    _hear),
        NoticeCame:        (_notice,   _notice,       _notice,         _notice,  _notice),
    }  # fmt: skip
