"""Sensors: what takes in by HTTP what they tell."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import Engine

from hub.adapters.sensors import SqlSensors
from hub.adapters.tellings import SqlTellings
from hub.core.measures import Meter
from hub.telling import SensorDoor, Telling
from hub.web.sensing import sensing_router
from hub.wiring.opening import now_ms


def sensing_pages(engine: Engine, meter: Meter) -> APIRouter:
    """Its endpoints."""
    telling = Telling(SqlTellings(engine), now_ms)
    return sensing_router(SensorDoor(SqlSensors(engine), telling, meter, now_ms))
