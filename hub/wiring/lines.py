"""The queue's settings: what serves their pages."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import Engine

from hub.adapters.layouts import SqlLayouts
from hub.adapters.rehearsals import SqlRehearsals
from hub.web.pages.lines import lines_pages


def line_pages(engine: Engine) -> APIRouter:
    """The pages on which stores lay out their lines."""
    return lines_pages(SqlLayouts(engine), SqlRehearsals(engine))
