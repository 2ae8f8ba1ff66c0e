"""Pages as a real store would show them, in every language that ships."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.effects import (
    Asking,
    Asleep,
    Cleaning,
    Closed,
    Nameplate,
    Page,
    Resting,
    Sorry,
    Thanks,
)
from shared.notices import Deed, Notice
from shared.programme import default_programme

LANGUAGES = ("es", "en", "pt", "ar")

SIZES = ((800, 480), (1024, 600), (1280, 720), (1280, 800), (720, 1280), (480, 800))
"""The sizes that are promised."""

MORE_SIZES = ((640, 480), (600, 600), (600, 1024), (1366, 768), (1920, 1080))
"""Sizes in between and beyond, laid out by proportion."""

EVERY_SIZE = (*SIZES, *MORE_SIZES)

_PROGRAMME = default_programme(1)
QUESTION = _PROGRAMME.question
REASONS = _PROGRAMME.reasons
POINT = {"es": "Caja 3", "en": "Register 3", "pt": "Caixa 3", "ar": "صندوق 3"}
STORE = {"ar": "سوق المركز"}
QUICKEST = {"es": "Caja 5", "en": "Register 5", "pt": "Caixa 5", "ar": "صندوق 5"}
DEED = Deed(
    {
        "es": "poca variedad de pan",
        "en": "not much choice of bread",
        "pt": "pouca variedade de pão",
        "ar": "تشكيلة خبز قليلة",
    },
    {
        "es": "horno propio desde el lunes",
        "en": "an oven of our own since Monday",
        "pt": "forno próprio desde segunda-feira",
        "ar": "فرن خاص بنا منذ الاثنين",
    },
)
LINK = "https://feedback.mercado.example/t/k-012-03.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"


def resting(language: str = "es", languages: tuple[str, ...] = LANGUAGES) -> Resting:
    return Resting(
        language, languages, STORE.get(language, "Mercado Centro"), POINT.get(language, "Caja 3")
    )


def waiting(language: str = "es", languages: tuple[str, ...] = LANGUAGES) -> Resting:
    """The resting page with the wait, the invitation, and what became of what was said."""
    notice = Notice(1_760_000_000_000, 5, 120, QUICKEST.get(language, "Caja 5"), 2)
    return replace(
        resting(language, languages), notice=notice, age_seconds=20, deed=DEED, invited=True
    )


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
        "resting-wait": waiting(language),
        "resting-phone": replace(waiting(language), link=LINK),
        "asking": asking(language),
        "asking-leaving": replace(asking(language), leaving=True),
        "always-on": asking(language, (language,), always_on=True),
        "thanks": replace(thanks(language), invited=True),
        "thanks-chosen": replace(thanks(language, "wait"), changeable=False, marked=1),
        "thanks-plain": replace(thanks(language, reasons=0), invited=True),
        "sorry": Sorry(language),
        "closed": Closed(language),
        "cleaning": Cleaning(language, 42),
    }


ASLEEP = Asleep()

PLATE = Nameplate("es", "mercado-centro-caja-3", "Caja 3", "Mercado Centro")
