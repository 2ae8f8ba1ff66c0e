"""The store display: what shows it, and what the command for its address uses."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import Engine

from hub.adapters.displays import SqlDisplays
from hub.displays import Displays
from hub.web.assets import Assets
from hub.web.displaying import DisplayPages
from hub.web.pages.display import display_router
from hub.wiring.opening import now_ms


def displays_of(engine: Engine) -> Displays:
    """The displays in this database."""
    return Displays(SqlDisplays(engine), now_ms)


def display_pages(engine: Engine, assets: Assets) -> APIRouter:
    """Their pages."""
    return display_router(displays_of(engine), DisplayPages(assets))
