"""What the outbox remembers of an earlier run, as far as it can still be read."""

from __future__ import annotations

import structlog

from kiosk.core.effects import Nameplate
from kiosk.core.programme import first_settings, read_settings
from kiosk.core.session import Session
from kiosk.settings import Settings
from shared.errors import WireError
from shared.notices import KioskSettings
from shared.questionnaires import Response
from shared.wire import decode_record

log = structlog.get_logger(__name__)


def remembered(kept: bytes | None) -> KioskSettings | None:
    """The settings that the hub sent last, if any were kept and can still be read."""
    try:
        return None if kept is None else read_settings(kept)
    except WireError as fault:
        log.warning("remembered_settings_unreadable", why=str(fault)[:200])
        return None


def walked(kept: bytes | None) -> Response | None:
    """How far somebody had walked through the questionnaire when the kiosk stopped, if anybody."""
    try:
        record = None if kept is None else decode_record(kept)
    except WireError as fault:
        log.warning("walk_unreadable", why=str(fault)[:200])
        return None
    return record if isinstance(record, Response) else None


def session_of(settings: Settings, asked: KioskSettings | None, boot_id: str) -> Session:
    """The session, with what the hub asked last, or what kiosk.toml says until it does."""
    place = settings.place
    first = asked or first_settings(
        place.languages, place.store_name, place.point_name, always_on=place.always_on
    )
    return Session(first, place.point_id, boot_id)


def nameplate_of(settings: Settings, asked: KioskSettings | None) -> Nameplate:
    """Who this kiosk is, by the names that the hub gave last."""
    place = settings.place
    if asked is None:
        names = place.languages[0], place.kiosk_id, place.point_name, place.store_name
    else:
        names = asked.languages[0], place.kiosk_id, asked.point_name, asked.store_name
    return Nameplate(*names)
