"""The states of the session, and what each puts on the glass."""

from __future__ import annotations

from enum import IntEnum

from kiosk.core.effects import Asking, Page, Resting, Sorry, Thanks
from shared.notices import KioskSettings


class State(IntEnum):
    """The columns of the session's table."""

    RESTING = 0
    ASKING = 1
    KEEPING = 2
    THANKING = 3
    SORRY = 4


def page(state: State, settings: KioskSettings, language: str, reason: str | None) -> Page:
    """What is to be seen; nothing here knows of any face."""
    if state is State.RESTING:
        return Resting(language, settings.languages, settings.store_name, settings.point_name)
    if state is State.THANKING:
        return Thanks(language, settings.reasons, reason, float(settings.thanks_seconds))
    if state is State.SORRY:
        return Sorry(language)
    return Asking(
        language, settings.languages, settings.question, settings.point_name, settings.always_on
    )
