"""What is asked until the hub's first settings come, so that a kiosk works before it met a hub."""

from __future__ import annotations

from typing import Final

from shared.notices import KioskSettings, Reason

LANGUAGES: Final = ("es", "en")
"""The languages in which question and reasons ship with the program."""

FIRST_SERIAL: Final = 1
"""Below every serial that a hub gives."""


def first_settings(
    languages: tuple[str, ...], store_name: str, point_name: str, *, always_on: bool
) -> KioskSettings:
    """One question and six reasons, worded so that none betrays which face was touched."""
    return KioskSettings(
        serial=FIRST_SERIAL,
        store_name=store_name,
        point_name=point_name,
        languages=languages,
        question={
            "es": "¿Cómo fue tu experiencia en caja?",
            "en": "How was your experience at the checkout?",
        },
        reasons=(
            _reason("wait", "La espera", "The wait"),
            _reason("service", "El trato", "The service"),
            _reason("products", "Los productos", "The products"),
            _reason("prices", "Los precios", "The prices"),
            _reason("cleanliness", "La limpieza", "The cleanliness"),
            _reason("other", "Otra cosa", "Something else"),
        ),
        always_on=always_on,
    )


def _reason(name: str, spanish: str, english: str) -> Reason:
    return Reason(name, {"es": spanish, "en": english})
