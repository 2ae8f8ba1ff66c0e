"""What a picture of a question shows: which glass, in which language, by day or by night."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from shared.notices import KioskSettings
from shared.questions import Questionnaire

SIZES: Final = ("800x480", "1024x600", "1280x800", "480x800")
"""The glasses that are offered: 7 inches, 10 inches, a large one, and one that stands upright."""


PAGES: Final = ("resting", "asking", "thanks")
"""What a shopper sees who is asked about a sale, in this order."""


@dataclass(frozen=True, slots=True)
class Glass:
    """A glass; `size` is one of SIZES."""

    language: str
    size: str = SIZES[0]
    night: bool = False


class Pictures(Protocol):
    """Whoever draws them."""

    @property
    def available(self) -> bool:
        """Whether there is a program that draws."""

    def picture(self, questionnaire: Questionnaire, question: str, glass: Glass) -> bytes | None:
        """A PNG of that question; None where it cannot be drawn, or not just now."""

    def page(self, settings: KioskSettings, page: str, glass: Glass) -> bytes | None:
        """The same of one of PAGES."""
