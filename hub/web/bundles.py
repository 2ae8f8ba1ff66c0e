"""GET /api/v1/bundles/{version}: the kiosks' program; whole, or from where it broke off.

It is open: a bundle is signed and the same for everybody, holds no secret, and a kiosk whose
certificate has ended needs its update the most. Without postponed annotations: see joining.py.
"""

from pathlib import Path
from typing import Annotated, Protocol

from fastapi import APIRouter, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse

from hub.web.api import PREFIX
from hub.web.problems import ProblemRoute, described, problem

TAR = "application/x-tar"


class Files(Protocol):
    """Where bundles lie."""

    def file(self, version: str) -> Path | None:
        """The file of a version, where it is there."""


def bundles_router(files: Files) -> APIRouter:
    """The endpoint."""
    router = APIRouter(prefix=PREFIX, route_class=ProblemRoute, tags=["bundles"])

    def bundle(version: Annotated[str, InPath(max_length=40)]) -> Response:
        """One version of the kiosks' program, signed; `Range` is understood."""
        file = files.file(version)
        if file is None:
            return problem(404, "there is no bundle of this version")
        return FileResponse(file, media_type=TAR)

    router.add_api_route(
        "/bundles/{version}",
        bundle,
        methods=["GET"],
        response_class=FileResponse,
        responses={200: {"content": {TAR: {}}}, **described(404)},
    )
    return router
