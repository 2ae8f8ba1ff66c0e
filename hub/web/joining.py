"""GET /api/v1/authority, POST /api/v1/join and /renew: how a device becomes a kiosk and stays it.

Without postponed annotations: FastAPI reads them when the endpoints are made.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Final, Protocol

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.web.api import PREFIX
from hub.web.auth import address_of
from hub.web.problems import ProblemRoute, described, problem
from shared.errors import DeviceError, JoinRefused
from shared.joining import Joined
from shared.wire import encode

PEM_TYPE: Final = "application/x-pem-file"

BUSY_SECONDS: Final = 60

_STATUSES: Final = {"typo": 422, "csr": 422, "proof": 422, "diagnosis": 422, "busy": 429}
"""All other refusals are 403: whoever asks again hears the same, until somebody does something."""

Name = Annotated[str | None, Field(max_length=64)]
Pem = Annotated[str, Field(max_length=8_192)]


class JoinIn(BaseModel):
    """A join code, and a signing request for the device's own key."""

    model_config = ConfigDict(strict=True)
    code: Annotated[str, Field(max_length=100, description="as it was given; case does not matter")]
    csr: Annotated[Pem, Field(description="PEM, P-256; only its key is taken")]
    store: Annotated[Name, Field(description="as the device's settings say, to be compared")] = None
    point: Name = None
    kiosk: Name = None


class RenewIn(BaseModel):
    """A certificate, a signing request for the next key, and a proof by the old one."""

    model_config = ConfigDict(strict=True)
    certificate: Annotated[Pem, Field(description="the old one (PEM); it may have ended")]
    csr: Annotated[Pem, Field(description="PEM, P-256; only its key is taken")]
    proof: Annotated[
        str,
        Field(
            max_length=200,
            description="base64 of the old key's ECDSA-SHA256 over `semblante-renew/1`, a line "
            "feed, and `csr` as it is sent",
        ),
    ]


class SigningKeyOut(BaseModel):
    """A key by which the hub signs what it says."""

    id: str
    public: str


class JoinedOut(BaseModel):
    """Who the device is now, and by what it proves that."""

    store_id: str
    point_id: str
    kiosk_id: str
    certificate: str
    authority: str
    signing_keys: list[SigningKeyOut]
    broker_host: str
    broker_port: int
    store_name: str
    point_name: str
    languages: list[str]


class Admission(Protocol):
    """Who lets devices in."""

    def join(
        self, text: str, request: str, address: str, said: tuple[str | None, str | None, str | None]
    ) -> Joined:
        """Let whoever has this code be its kiosk, once; raises JoinRefused."""

    def renew(self, certificate: str, request: str, proof: str, address: str) -> Joined:
        """Another certificate for whoever proves the key of one; raises JoinRefused."""

    def trusted(self) -> str:
        """All roots that count (PEM), the newest first; raises DeviceError."""


def joining_router(admission: Admission) -> APIRouter:
    """The endpoints; who asks proves by code or key who it is, and has no session."""

    def authority() -> Response:
        """The authority's certificates (PEM), the newest first; compare the fingerprint."""
        return told(lambda: Response(admission.trusted(), media_type=PEM_TYPE))

    def join(request: Request, wish: JoinIn) -> Response:
        """Let a device be the kiosk that its code was made for, once."""
        said = wish.store, wish.point, wish.kiosk
        address = address_of(request)
        return told(lambda: _joined(admission.join(wish.code, wish.csr, address, said)))

    def renew(request: Request, wish: RenewIn) -> Response:
        """Give a kiosk its next certificate, also where the old one has ended."""
        address = address_of(request)
        return told(
            lambda: _joined(admission.renew(wish.certificate, wish.csr, wish.proof, address))
        )

    router = APIRouter(prefix=PREFIX, tags=["identity"], route_class=ProblemRoute)
    faults = described(400, 403, 404, 422, 429, 503)
    router.add_api_route(
        "/authority",
        authority,
        methods=["GET"],
        response_class=Response,
        responses={**faults, 200: {"content": {PEM_TYPE: {}}}},
    )
    for endpoint in (join, renew):
        path = f"/{endpoint.__name__}"
        answers = {**faults, 200: {"model": JoinedOut}}
        router.add_api_route(path, endpoint, methods=["POST"], responses=answers)
    return router


def _joined(joined: Joined) -> Response:
    return Response(encode(joined), media_type="application/json")


def told(answer: Callable[[], Response]) -> Response:
    """The answer, or a problem with two more members: `code` for programs, `hint` for people."""
    try:
        return answer()
    except JoinRefused as fault:
        status = _STATUSES.get(fault.code, 403)
        return _refusal(status, fault)
    except DeviceError as fault:
        return _refusal(404, fault)


def _refusal(status: int, fault: JoinRefused | DeviceError) -> Response:
    answer = problem(status, str(fault), code=fault.code, hint=fault.hint)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers["retry-after"] = str(BUSY_SECONDS)
    return answer
