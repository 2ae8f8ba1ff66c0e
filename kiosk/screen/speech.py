"""In which language a page is shown: one that cannot be drawn here is neither offered nor tried."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.effects import Asking, Asleep, Page, Resting
from kiosk.screen.scripts import can_be_drawn

_SPARE = "en"
"""The sentences in the code are English, so this one is always there."""


def language_of(page: Page) -> str:
    """The language of a page; the spare one of a page without words."""
    return _SPARE if isinstance(page, Asleep) else page.language


def drawable(page: Page) -> Page:
    """The same page, in the first of its languages that can be drawn where its own cannot."""
    if isinstance(page, Asleep):
        return page
    if not isinstance(page, Resting | Asking):
        return page if can_be_drawn(page.language) else replace(page, language=_SPARE)
    languages = tuple(filter(can_be_drawn, page.languages))
    if languages == page.languages and can_be_drawn(page.language):
        return page
    language = page.language if can_be_drawn(page.language) else next(iter(languages), _SPARE)
    return replace(page, language=language, languages=languages)
