"""What the hub says to a kiosk, past its receipts: settings, notices and commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kiosk.core.events import NoticeCame, SettingsCame
from kiosk.core.ports import Clock, Outbox, Post
from kiosk.core.programme import read_settings
from kiosk.core.standing import Standing
from shared.commands import Command
from shared.notices import Notice
from shared.wire import decode

SETTINGS: Final = "settings"
"""The name under which the hub's settings are remembered in the outbox; also their alarm."""

Obey = Callable[[Command], None]
"""Carries out a command, or not; called in the courier's thread."""


def ignore(_command: Command) -> None:
    """Nobody is there to carry one out."""


class Tidings:
    """Each is read, kept where it has to last, and passed on; raises WireError."""

    def __init__(self, outbox: Outbox, clock: Clock, post: Post, obey: Obey) -> None:
        self._outbox = outbox
        self._clock = clock
        self._post = post
        self._obey = obey

    def settings(self, payload: bytes, standing: Standing) -> Standing:
        """What a status says from then on; the newest are told once more where they came twice."""
        settings = read_settings(payload)
        if settings.serial > standing.settings_serial:
            self._outbox.remember(SETTINGS, payload)
            self._post(SettingsCame(self._clock.now(), settings))
        elif settings.serial < standing.settings_serial:
            return standing
        return replace(standing, settings_serial=settings.serial).mended(SETTINGS)

    def notice(self, payload: bytes) -> None:
        """An empty one takes back what was shown."""
        notice = decode(Notice, payload) if payload else None
        self._post(NoticeCame(self._clock.now(), notice))

    def command(self, payload: bytes) -> None:
        """One of the closed list."""
        self._obey(decode(Command, payload))
