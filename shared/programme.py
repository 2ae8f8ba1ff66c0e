"""What is asked where nobody has chosen anything else, by a kiosk alone or by every new store."""

from __future__ import annotations

from shared.notices import KioskSettings, Reason

LANGUAGES = ("es", "en")
"""The languages of a store that has chosen none."""

TRANSLATED = ("es", "en", "pt", "ar")
"""The languages in which question and reasons ship with the programs."""

LONGEST_QUESTION, LONGEST_REASON, LONGEST_DEED = 120, 40, 120
"""Characters of a store's own question, of each reason, and of each half of “you said – we did”:
what is still read at a glance, and stands whole on the smallest glass."""


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
            "pt": "Como foi a sua experiência no caixa?",
            "ar": "كيف كانت تجربتك عند الدفع؟",
        },
        reasons=(
            _reason("wait", "La espera", "The wait", "A espera", "الانتظار"),
            _reason("service", "El trato", "The service", "O atendimento", "الخدمة"),
            _reason("products", "Los productos", "The products", "Os produtos", "المنتجات"),
            _reason("prices", "Los precios", "The prices", "Os preços", "الأسعار"),
            _reason("cleanliness", "La limpieza", "The cleanliness", "A limpeza", "النظافة"),
            _reason("other", "Otra cosa", "Something else", "Outra coisa", "شيء آخر"),
        ),
    )


def _reason(name: str, *texts: str) -> Reason:
    return Reason(name, dict(zip(TRANSLATED, texts, strict=True)))
