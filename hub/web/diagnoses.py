"""POST /api/v1/diagnoses: a kiosk sends the diagnostic file that it was asked for.

Without postponed annotations: FastAPI reads them when the endpoint is made.
"""

from typing import Annotated, Final, Protocol

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.web.api import PREFIX
from hub.web.auth import address_of
from hub.web.joining import Pem, told
from hub.web.problems import ProblemRoute, described
from shared.commands import LONGEST_DIAGNOSIS

HERE: Final = "/diagnoses"


class DiagnosisIn(BaseModel):
    """A diagnostic file, and a proof by the key of the kiosk that sends it."""

    model_config = ConfigDict(strict=True)
    certificate: Annotated[Pem, Field(description="the kiosk's (PEM)")]
    command: Annotated[str, Field(pattern="^[0-9a-f]{16}$", description="which asked for it")]
    document: Annotated[
        str, Field(max_length=LONGEST_DIAGNOSIS, description="an object of JSON, as a text")
    ]
    proof: Annotated[
        str,
        Field(
            max_length=200,
            description="base64 of the key's ECDSA-SHA256 over `semblante-diagnosis/1`, a line "
            "feed, `command`, a line feed, and `document` as it is sent",
        ),
    ]


class Taking(Protocol):
    """Who takes the files."""

    def take(
        self, certificate: str, command: str, document: str, proof: str, address: str
    ) -> object:
        """Keep one; raises JoinRefused."""


def diagnoses_router(taking: Taking) -> APIRouter:
    """The endpoint; who sends proves by key who it is, and has no session."""

    def diagnosis(request: Request, sent: DiagnosisIn) -> Response:
        """Take the file that a command asked for; three of a kiosk are kept for 30 days."""
        address = address_of(request)

        def take() -> Response:
            taking.take(sent.certificate, sent.command, sent.document, sent.proof, address)
            return Response(status_code=204)

        return told(take)

    router = APIRouter(prefix=PREFIX, tags=["identity"], route_class=ProblemRoute)
    router.add_api_route(
        HERE,
        diagnosis,
        methods=["POST"],
        status_code=204,
        response_class=Response,
        responses=described(400, 403, 404, 413, 422, 429, 503),
    )
    return router
