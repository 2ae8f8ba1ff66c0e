"""What the outbox remembers of an earlier run, as far as it can still be read."""

from __future__ import annotations

import structlog

from kiosk.core.programme import read_settings
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
