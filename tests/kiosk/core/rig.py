"""A glass with all its turns, a disk and a timer, as the loop and the writer have them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from kiosk.core.effects import (
    Dim,
    Dress,
    Effect,
    KeepOpen,
    KeepResponse,
    KeepSale,
    Light,
    NoteWalk,
    Page,
    Seal,
    Show,
    Wake,
)
from kiosk.core.events import (
    AnswerGiven,
    Event,
    FaceTouched,
    InvitationTouched,
    KeepFailed,
    Kept,
    NextTouched,
    NoticeCame,
    Woke,
)
from kiosk.core.panel import Panel
from kiosk.core.sayings import Say
from kiosk.core.session import Session
from kiosk.core.turns import Turns
from shared.moments import Moment
from shared.notices import KioskSettings, Notice
from shared.questionnaires import Answer, Response
from shared.sales import Sale, SaleSource
from shared.visits import Face, Input, Visit
from tests.kiosk.samples import BOOT_ID, KIOSK, POINT, sale_seen

P = TypeVar("P", bound=Page)
E = TypeVar("E", bound=Effect)

T0 = 10_000
"""Boot time at which every kiosk here starts."""


@dataclass
class Rig:
    """Everything that one kiosk's core asks for is done at once, unless `works` is False."""

    settings: KioskSettings
    panel: Panel | None = None
    wall: int = 1_760_000_000_000
    synced: bool = True
    works: bool = True
    walked: Response | None = None
    open_visit: Visit | None = None
    boot: int = T0
    wake: int | None = None
    effects: list[Effect] = field(default_factory=list)
    records: list[Visit | Sale | Response] = field(default_factory=list)
    noted: Response | None = None
    lit: bool = False
    night: bool | None = None
    percent: int | None = None

    def __post_init__(self) -> None:
        session = Session(self.settings, POINT, BOOT_ID)
        self.turns = Turns(session, KIOSK, self._draw, self.panel, speaks=True)
        self._drawn = 0
        self._answers: list[Event] = []
        self.carry_out(self.turns.start(self.open_visit, self.now(), self.walked))

    def _draw(self, number: int) -> bytes:
        self._drawn += 1
        return bytes([self._drawn % 256]) * number

    # Time

    def now(self) -> Moment:
        return self.at(self.boot)

    def at(self, boot: int) -> Moment:
        return Moment(self.wall + boot, boot, self.synced)

    def wait(self, ms: int) -> None:
        """Let time go by, and wake when it was asked for."""
        until = self.boot + ms
        while self.wake is not None and self.wake <= until:
            self.boot, self.wake = max(self.boot, self.wake), None
            self.sees(Woke(self.now()))
        self.boot = until

    # Events

    def sees(self, event: Event) -> list[Effect]:
        done = self.turns.handle(event)
        self.carry_out(done)
        return done

    def sale(self) -> list[Effect]:
        return self.sees(sale_seen(self.boot) if self.synced else self._unsure_sale())

    def _unsure_sale(self) -> Event:
        seen = sale_seen(self.boot)
        return type(seen)(self.now(), seen.id, SaleSource.RECEIPT)

    def face(self, face: Face = Face.HAPPY, by: Input = Input.TOUCH) -> list[Effect]:
        return self.sees(FaceTouched(self.now(), face, by, self.now()))

    def press(self, *faces: Face) -> list[Effect]:
        """The buttons, one after the other."""
        done: list[Effect] = []
        for face in faces:
            done = self.face(face, Input.BUTTON)
        return done

    def invited(self) -> list[Effect]:
        return self.sees(InvitationTouched(self.now()))

    def answers(self, question: str, answer: Answer | None) -> list[Effect]:
        return self.sees(AnswerGiven(self.now(), question, answer))

    def goes_on(self) -> list[Effect]:
        return self.sees(NextTouched(self.now()))

    def notice(self, minutes: int = 5, fresh: int = 120, age: int = 0) -> Notice:
        told = Notice(self.now().wall - age * 1_000, minutes, fresh)
        self.sees(NoticeCame(self.now(), told))
        return told

    # Effects

    def carry_out(self, effects: list[Effect]) -> None:
        self.effects += effects
        for effect in effects:
            self._do(effect)
        while self._answers:
            self.sees(self._answers.pop(0))

    def _do(self, effect: Effect) -> None:
        match effect:
            case KeepOpen(ticket):
                self._answer(ticket)
            case KeepResponse(response, ticket):
                self._keep(response, ticket)
            case Seal(visit):
                self.records.append(visit)
            case KeepSale(sale):
                self.records.append(sale)
            case NoteWalk(response):
                self.noted = response
            case Wake(boot):
                self.wake = boot
            case Light(on):
                self.lit = on
            case Dress(night):
                self.night = night
            case Dim(percent):
                self.percent = percent

    def _keep(self, response: Response, ticket: int | None) -> None:
        if self.works:
            self.records.append(response)
            self.noted = None
        if ticket is not None:
            self._answer(ticket)

    def _answer(self, ticket: int) -> None:
        now = self.now()
        answer = Kept(now, ticket) if self.works else KeepFailed(now, ticket, "disk full")
        self._answers.append(answer)

    # What there is to see

    def all(self, kind: type[E]) -> list[E]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def page(self) -> Page:
        return self.all(Show)[-1].page

    def page_of(self, kind: type[P]) -> P:
        """The page that is shown, which must be of that kind."""
        page = self.page
        assert isinstance(page, kind), page
        return page

    @property
    def said(self) -> list[Say]:
        return self.all(Say)

    @property
    def visits(self) -> list[Visit]:
        return [one for one in self.records if isinstance(one, Visit)]

    @property
    def responses(self) -> list[Response]:
        return [one for one in self.records if isinstance(one, Response)]

    @property
    def sales(self) -> list[Sale]:
        return [one for one in self.records if isinstance(one, Sale)]
