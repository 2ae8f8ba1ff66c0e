"""Bundles of the kiosks' program, and the rollouts that bring them to kiosks."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy import Engine

from hub.adapters.bundles import BundleShelf
from hub.adapters.fleet import SqlFleet
from hub.adapters.rollouts import SqlRollouts
from hub.rollouts import Rollouts
from hub.settings import Settings
from hub.web.bundles import bundles_router
from hub.web.pages.rollouts import rollouts_pages
from hub.wiring.devices import orders_of
from hub.wiring.opening import now_ms, open_database

Work = Callable[[], object]


def shelf_of(settings: Settings) -> BundleShelf:
    """Where the bundles lie."""
    return BundleShelf(settings.bundles.folder, settings.bundles.keys)


def rollouts_of(settings: Settings, engine: Engine) -> Rollouts:
    """What begins rollouts, and carries them on."""
    book, fleet = SqlRollouts(engine), SqlFleet(engine)
    return Rollouts(book, fleet, shelf_of(settings), orders_of(engine), now_ms)


def rollouts_every_minute(settings: Settings, engine: Engine) -> dict[str, Work]:
    """Whoever comes next is ordered, or it halts."""
    return {"rollouts": rollouts_of(settings, engine).look}


def rolling_pages(settings: Settings, engine: Engine) -> list[APIRouter]:
    """The page, and what kiosks fetch."""
    return [rollouts_pages(rollouts_of(settings, engine)), bundles_router(shelf_of(settings))]


def office_rollouts(settings: Settings) -> Rollouts:
    """The same for commands."""
    return rollouts_of(settings, open_database(settings, pooled=False))
