"""POST /api/v1/stores/…/counts, passings and tickets: what sensors tell by HTTP.

Without postponed annotations: FastAPI reads them when a dependency is made.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from hub.core.sensing import Sensor
from hub.telling import SensorDoor
from hub.web.api import NAME, PREFIX, StoreInPath
from hub.web.auth import address_of
from hub.web.problems import ProblemRoute, described
from shared.errors import SignInPaused, SignInRefused, TellingsFull
from shared.places import StoreId
from shared.sensing import LARGEST, LONGEST_TICKET, Count, Passing, Sensed, Step, Ticket, Way

MOST_AT_ONCE: Final = 100
"""Words in one request: what a gate sees in a minute."""

FULL_SECONDS: Final = 5
"""Until it is worth to come again: who listens takes some thousands a second."""

Line = Annotated[str, Field(pattern=NAME, description="a line of the store's layout")]
Number = Annotated[
    int, Field(ge=-LARGEST, le=LARGEST, description="people in the line; nonsense is shown as such")
]
At = Annotated[
    int,
    Field(
        ge=-LARGEST,
        le=LARGEST,
        description="the sensor's clock, ms since 1970 UTC; 0 or left out: when it is received",
    ),
]
TicketNumber = Annotated[str, Field(min_length=1, max_length=LONGEST_TICKET)]


class CountIn(BaseModel):
    """So many people stand in a line."""

    model_config = ConfigDict(strict=True)
    line: Line
    number: Number
    at: At = 0

    def word(self) -> Count:
        """As a word of the protocol."""
        return Count(self.line, self.number, self.at)


class PassingIn(BaseModel):
    """Somebody joined a line, or left it."""

    model_config = ConfigDict(strict=True)
    line: Line
    way: Literal["entered", "left"]
    at: At = 0

    def word(self) -> Passing:
        """As a word of the protocol."""
        return Passing(self.line, Way(self.way), self.at)


class TicketIn(BaseModel):
    """A ticket was drawn, or called."""

    model_config = ConfigDict(strict=True)
    line: Line
    ticket: TicketNumber
    step: Literal["drew", "called"]
    at: At = 0

    def word(self) -> Ticket:
        """As a word of the protocol."""
        return Ticket(self.line, self.ticket, Step(self.step), self.at)


class TakenOut(BaseModel):
    """How many words were taken: all of them."""

    taken: int


Many = Field(min_length=1, max_length=MOST_AT_ONCE)
Counts = CountIn | Annotated[list[CountIn], Many]
Passings = PassingIn | Annotated[list[PassingIn], Many]
Tickets = TicketIn | Annotated[list[TicketIn], Many]

_BEARER: Final = HTTPBearer(auto_error=False, description="the password of a sensor of this store")


def sensing_router(door: SensorDoor) -> APIRouter:
    """The endpoints; a sensor signs in with each request, and has no cookie."""

    def admitted(
        request: Request,
        store_id: StoreInPath,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    ) -> Sensor:
        password = bearer.credentials if bearer else ""
        try:
            return door.admit(StoreId(store_id), password, address_of(request))
        except SignInRefused as fault:
            raise HTTPException(401, str(fault), {"www-authenticate": "Bearer"}) from fault
        except SignInPaused as fault:
            raise _later("too many requests", fault.seconds) from fault

    who = Annotated[Sensor, Depends(admitted)]

    def counts(sensor: who, told: Counts) -> TakenOut:
        """Take how many people stand in a line: one count, or a list of them, oldest first."""
        return _taken(door, sensor, [one.word() for one in _each(told)])

    def passings(sensor: who, told: Passings) -> TakenOut:
        """Take who joined a line or left it: one passing, or a list of them, oldest first."""
        return _taken(door, sensor, [one.word() for one in _each(told)])

    def tickets(sensor: who, told: Tickets) -> TakenOut:
        """Take which ticket was drawn or called: one, or a list of them, oldest first."""
        return _taken(door, sensor, [one.word() for one in _each(told)])

    router = APIRouter(
        prefix=PREFIX,
        tags=["sensors"],
        route_class=ProblemRoute,
        responses=described(400, 401, 403, 404, 422, 429, 503),
    )
    for endpoint in (counts, passings, tickets):
        path = f"/stores/{{store_id}}/{endpoint.__name__}"
        router.add_api_route(path, endpoint, methods=["POST"], status_code=202)
    return router


def _taken(door: SensorDoor, sensor: Sensor, words: Sequence[Sensed]) -> TakenOut:
    try:
        door.tell(sensor, words)
    except TellingsFull as fault:
        raise _later(f"{fault}. {fault.hint}", FULL_SECONDS) from fault
    return TakenOut(taken=len(words))


def _each(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]


def _later(why: str, seconds: int) -> HTTPException:
    return HTTPException(429, why, {"retry-after": str(seconds)})
