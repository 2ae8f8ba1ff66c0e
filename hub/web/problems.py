"""Faults as problem details (RFC 9457), for every endpoint of the API alike."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from hub.web.schemas import Problem
from shared.errors import ArchiveError, NoSuchStore, WordError

MEDIA_TYPE: Final = "application/problem+json"

LONGEST_DETAIL: Final = 500
"""Enough for the field and what is wrong with it; never the whole of what somebody sent."""


def problem(
    status: int, detail: str, *, code: str | None = None, hint: str | None = None
) -> Response:
    """The answer that tells of a fault; `code` and `hint` where programs tell causes apart."""
    title, told = HTTPStatus(status).phrase, detail[:LONGEST_DETAIL]
    body = Problem(title=title, status=status, detail=told, code=code, hint=hint)
    return JSONResponse(body.model_dump(exclude_none=True), status, media_type=MEDIA_TYPE)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The same for the OpenAPI document."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "model": Problem,
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def endpoints(prefix: str, *before: Callable[..., object]) -> APIRouter:
    """A router for programs that are signed in: faults are told as problems, and the document says
    so. `before` runs before each endpoint."""
    return APIRouter(
        prefix=prefix,
        tags=["api"],
        route_class=ProblemRoute,
        dependencies=[Depends(one) for one in before],
        responses=described(401, 403, 404, 422, 503),
    )


class ProblemRoute(APIRoute):
    """A route whose faults are told as problem details."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its faults caught."""
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as fault:
                return problem(422, "; ".join(_told(error) for error in fault.errors()))
            except WordError as fault:
                return problem(422, str(fault))
            except NoSuchStore:
                return problem(404, "there is no such store")
            except ArchiveError as fault:
                return problem(503, f"the database cannot answer now. {fault.hint}")
            except HTTPException as fault:
                answer = problem(fault.status_code, str(fault.detail))
                answer.headers.update(fault.headers or {})  # when to come again, say
                return answer

        return told


def _told(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"][1:])
    return f"{where}: {error['msg']}"
