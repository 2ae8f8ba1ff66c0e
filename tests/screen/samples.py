"""Pages as a real store would show them, in both languages."""

from __future__ import annotations

from kiosk.core.effects import Asking, Closed, Page, Resting, Sorry, Thanks
from shared.notices import Reason

LANGUAGES = ("es", "en")

SIZES = ((800, 480), (1024, 600), (1280, 720), (720, 1280))
"""The sizes that are promised."""

MORE_SIZES = ((640, 480), (600, 600), (480, 800), (600, 1024), (1366, 768), (1920, 1080))
"""Sizes in between and beyond, laid out by proportion."""

EVERY_SIZE = (*SIZES, *MORE_SIZES)

QUESTION = {
    "es": "¿Cómo fue tu experiencia en caja?",
    "en": "How was your experience at the checkout?",
}
POINT = {"es": "Caja 3", "en": "Register 3"}
REASONS = tuple(
    Reason(word, {"es": spanish, "en": english})
    for word, spanish, english in (
        ("wait", "La espera", "The wait"),
        ("service", "El trato", "The service"),
        ("products", "Los productos", "The products"),
        ("prices", "Los precios", "The prices"),
        ("cleanliness", "La limpieza", "The cleanliness"),
        ("other", "Otra cosa", "Something else"),
    )
)


def resting(language: str = "es", languages: tuple[str, ...] = LANGUAGES) -> Resting:
    return Resting(language, languages, "Mercado Centro", POINT.get(language, "Caja 3"))


def asking(
    language: str = "es", languages: tuple[str, ...] = LANGUAGES, *, always_on: bool = False
) -> Asking:
    return Asking(language, languages, QUESTION, POINT.get(language, "Caja 3"), always_on)


def thanks(language: str = "es", chosen: str | None = None, reasons: int = 6) -> Thanks:
    return Thanks(language, REASONS[:reasons], chosen, 5)


RESTING, ASKING, THANKS, PLAIN = resting(), asking(), thanks(), thanks(reasons=0)


def pages(language: str) -> dict[str, Page]:
    """Every page that has a reference picture, by its name."""
    return {
        "resting": resting(language),
        "asking": asking(language),
        "always-on": asking(language, (language,), always_on=True),
        "thanks": thanks(language),
        "thanks-chosen": thanks(language, "wait"),
        "thanks-plain": thanks(language, reasons=0),
        "sorry": Sorry(language),
        "closed": Closed(language),
    }
