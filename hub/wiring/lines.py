"""The queue's settings, and who is told of its alerts: what serves the one and sends the other."""

from __future__ import annotations

from ipaddress import ip_network

from fastapi import APIRouter
from sqlalchemy import Engine

from hub.adapters.alerts import SqlAlerts
from hub.adapters.layouts import SqlLayouts
from hub.adapters.messenger import Messenger
from hub.adapters.rehearsals import SqlRehearsals
from hub.adapters.webhooks import Webhooks
from hub.core.measures import Meter
from hub.settings import Settings
from hub.web.pages.lines import lines_pages
from hub.wiring.opening import now_ms


def line_pages(engine: Engine) -> APIRouter:
    """The pages on which stores lay out their lines."""
    return lines_pages(SqlLayouts(engine), SqlRehearsals(engine))


def messenger(settings: Settings, engine: Engine, meter: Meter | None = None) -> Messenger:
    """What tells other systems of alerts."""
    inside = [ip_network(network) for network in settings.alerts.networks]
    return Messenger(SqlAlerts(engine), Webhooks(inside, settings.alerts.ca_file), now_ms, meter)
