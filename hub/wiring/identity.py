"""Who becomes a kiosk: the authority in its folder, the book in the database, and the gate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter
from sqlalchemy import Engine

from hub.adapters.authority import CertificateAuthority
from hub.adapters.gate import Ended, Gate
from hub.adapters.identities import SqlIdentities
from hub.adapters.inspecting import Inspection
from hub.adapters.inspections import SqlInspections
from hub.adapters.mosquitto import BrokerFiles, Encrypted
from hub.adapters.visiting import Doorway, Visits
from hub.core.hours import DAY_MS
from hub.core.measures import Meter
from hub.identity import LATE_DAYS, Door, Identity
from hub.settings import Settings
from hub.web.joining import joining_router
from hub.wiring.opening import now_ms
from shared.errors import BrokerError, SemblanteError

log = structlog.get_logger(__name__)

Work = Callable[[], object]

NOWHERE: Final = Path("/nonexistent/authority")
"""Where a hub without authority looks for one, and finds none."""

_ANYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - listened on, and nobody's name

CODES_DAYS: Final = 30
"""How long codes are remembered after their end: for whoever asks who used one."""


class Nothing:
    """What has ended where there is no database yet."""

    def ended(self, at: int) -> Ended:
        """Nothing at all."""
        del at
        return Ended({}, set())


def identity_of(settings: Settings, engine: Engine, meter: Meter) -> Identity:
    """Lets devices join; where there is no authority, it says so when it is asked."""
    book, told = SqlIdentities(engine), _following(settings, engine)
    return Identity(book, authority_of(settings), door_of(settings), meter, now_ms, told)


def _following(settings: Settings, engine: Engine) -> Work:
    """Let the gate follow; a fault is told, and costs nobody the certificate that was just made."""
    gate = gate_of(settings, engine)

    def follow() -> None:
        try:
            gate.follow()
        except (SemblanteError, OSError) as fault:
            log.error("gate.not_kept", why=str(fault), hint="It is tried again each minute.")

    return follow


def authority_of(settings: Settings) -> CertificateAuthority:
    """The authority of these settings."""
    return CertificateAuthority(settings.authority.folder or NOWHERE)


def gate_of(settings: Settings, engine: Engine | None) -> Gate:
    """Whatever the broker and the web server need, as files; without a database nothing ended."""
    authority, files = authority_of(settings), BrokerFiles(settings.mosquitto.folder)
    visits, book = visits_of(settings), Nothing() if engine is None else SqlIdentities(engine)

    def unseat(name: str) -> None:
        try:
            visits.unseat(name)
        except BrokerError as fault:  # shut out it is all the same: deaf, dumb, and on the list
            log.warning("gate.not_unseated", name=name, why=str(fault))

    return Gate(book, authority, files, names_of(settings), now_ms, unseat)


def visits_of(settings: Settings) -> Visits:
    """The hub's own visits at the broker's door for certificates."""
    doorway = Doorway(settings.broker.host, settings.mosquitto.tls_port)
    return Visits(authority_of(settings), doorway, now_ms)


def keys_of(settings: Settings) -> CertificateAuthority | None:
    """Who signs what kiosks are told; None where there is no authority when the hub starts."""
    authority = authority_of(settings)
    return authority if authority.keyring.made() else None


def inspections_of(settings: Settings, engine: Engine) -> list[Inspection]:
    """What a hub with an authority looks at, now and then."""
    if keys_of(settings) is None:
        return []
    return [Inspection(visits_of(settings).look, SqlInspections(engine), now_ms)]


def encrypted_of(settings: Settings) -> Encrypted | None:
    """The broker's door for certificates, where there is an authority."""
    if not authority_of(settings).keyring.made():
        return None
    return Encrypted(settings.mosquitto.tls_listen, settings.mosquitto.tls_port)


def door_of(settings: Settings) -> Door:
    """Where kiosks find this hub."""
    url = settings.authority.url or settings.public_url
    host = settings.mosquitto.seen_as or settings.broker.host
    return Door(url, host, settings.mosquitto.tls_port)


def names_of(settings: Settings) -> tuple[str, ...]:
    """Under which names and addresses web and broker are reached, each once."""
    url = urlsplit(settings.authority.url or settings.public_url).hostname or ""
    reached = (settings.mosquitto.seen_as, url, *settings.authority.names, settings.broker.host)
    names = dict.fromkeys((*reached, "localhost", "127.0.0.1"))
    return tuple(name for name in names if name and name not in _ANYWHERE)


def joining_pages(settings: Settings, engine: Engine, meter: Meter) -> APIRouter:
    """The endpoints."""
    return joining_router(identity_of(settings, engine, meter))


def gate_every_minute(settings: Settings, engine: Engine) -> dict[str, Work]:
    """Server certificates, the revoked and the barred, where anything changed."""
    if settings.authority.folder is None:
        return {}
    return {"gate": _following(settings, engine)}


def identities_every_night(engine: Engine) -> dict[str, Work]:
    """Certificates that nobody can renew any more, and codes of long ago, are forgotten."""

    def forget() -> None:
        now = now_ms()
        SqlIdentities(engine).forget(now - LATE_DAYS * DAY_MS, now - CODES_DAYS * DAY_MS)

    return {"identities": forget}
