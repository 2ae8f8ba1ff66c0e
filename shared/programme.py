"""What is asked where nobody has chosen anything else, by a kiosk alone or by every new store."""

from __future__ import annotations

from shared.notices import KioskSettings, Reason

LANGUAGES = ("es", "en")
"""The languages in which question and reasons ship with the programs."""


def default_programme(serial: int) -> KioskSettings:
    """One question and six reasons, worded so that none betrays which face was touched."""
    return KioskSettings(
        serial=serial,
        store_name="",
        point_name="",
        languages=LANGUAGES,
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
    )


def _reason(name: str, spanish: str, english: str) -> Reason:
    return Reason(name, {"es": spanish, "en": english})
