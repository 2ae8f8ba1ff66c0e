"""What is asked until the hub's first settings come, so that a kiosk works before it met a hub."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from shared.notices import KioskSettings
from shared.programme import default_programme

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
