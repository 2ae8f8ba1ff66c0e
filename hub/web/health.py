"""For machines that watch the hub: /healthz and /metrics, without sign-in and without secrets."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from hub.core.health import Health

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def health_router(health: Callable[[], Health], metrics: Callable[[], bytes]) -> APIRouter:
    """Both endpoints; `health` may ask the database, so it runs in a thread."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    def healthz() -> JSONResponse:
        found = health()
        body = {
            "well": found.well,
            "roles": list(found.roles),
            "version": found.version,
            "database": found.database,
            "broker": found.broker,
            "standing_by": found.standing_by,
            "lag_seconds": round(found.lag_seconds, 3),
            "waiting": found.waiting,
            "threads": dict(found.threads),
        }
        return JSONResponse(body, 200 if found.well else 503, {"cache-control": "no-store"})

    @router.get("/metrics")
    def metrics_text() -> Response:
        return Response(metrics(), media_type=PROMETHEUS)

    return router
