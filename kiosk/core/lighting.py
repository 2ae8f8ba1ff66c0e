"""How the glass is lit and dressed by the hour, each change told once; and when it may sleep."""

from __future__ import annotations

from typing import Final

from kiosk.core.clock import TrueTime
from kiosk.core.effects import Dim, Dress, Effect
from kiosk.core.hours import is_night, is_open, next_hour_in
from shared.moments import Moment
from shared.notices import KioskSettings

AWAKE_MS: Final = 60_000
"""After a touch or a sale in the night: time enough for whoever woke it."""


class Lighting:
    """Remembers what was told last."""

    def __init__(self, time: TrueTime) -> None:
        self._time = time
        self._told: dict[type[Effect], Effect] = {}
        self._awake_until = 0

    def touched(self, at: Moment) -> None:
        """Somebody is there."""
        self._awake_until = at.boot + AWAKE_MS

    def may_sleep(self, settings: KioskSettings, at: Moment) -> bool:
        """Whether the store is closed and nobody has been there for a while."""
        return at.boot >= self._awake_until and not self._is_open(settings, at)

    def effects(self, settings: KioskSettings, at: Moment, *, asleep: bool) -> list[Effect]:
        """What has to be told so that it looks right."""
        keeping, store_open = settings.keeping, self._is_open(settings, at)
        percent = keeping.brightness if store_open else keeping.brightness_night
        wanted: tuple[Effect, ...] = (
            Dress(is_night(keeping, store_open), keeping.calm),
            Dim(0 if asleep else percent),
        )
        new = [effect for effect in wanted if self._told.get(type(effect)) != effect]
        self._told.update((type(effect), effect) for effect in new)
        return new

    def changes_at(self, settings: KioskSettings, at: Moment, *, idle: bool) -> int | None:
        """The boot time at which this must be looked at again."""
        wait = next_hour_in(settings.keeping, settings.questionnaire, self._time.at(at))
        due = [] if wait is None else [at.boot + wait]
        if idle and at.boot < self._awake_until and not self._is_open(settings, at):
            due.append(self._awake_until)
        return min(due, default=None)

    def _is_open(self, settings: KioskSettings, at: Moment) -> bool:
        return is_open(settings.keeping, self._time.at(at))
