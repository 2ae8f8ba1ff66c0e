"""What is asked: the hub's settings, and until its first ones come those of every new store."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from shared.errors import Unreadable
from shared.notices import KioskSettings
from shared.programme import default_programme
from shared.soundness import faults
from shared.wire import decode

FIRST_SERIAL: Final = 1
"""Below every serial that a hub gives."""


def first_settings(
    languages: tuple[str, ...], store_name: str, point_name: str, *, always_on: bool
) -> KioskSettings:
    """What every new store asks too, so that the answers can be counted together."""
    return replace(
        default_programme(FIRST_SERIAL),
        languages=languages,
        store_name=store_name,
        point_name=point_name,
        always_on=always_on,
    )


def read_settings(payload: bytes) -> KioskSettings:
    """Settings that can be shown; raises WireError, so that the last good ones stay in force."""
    settings = decode(KioskSettings, payload)
    wrong = faults(settings.questionnaire) if settings.questionnaire else []
    if wrong:
        raise Unreadable(f"the questionnaire cannot be shown: {wrong[0]}")
    return settings
