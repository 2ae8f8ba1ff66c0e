"""Somebody wants the program to begin anew: no error, but how the run ends."""

from __future__ import annotations

from shared.errors import SemblanteError


class RestartAsked(SemblanteError):
    """A technician at the panel, or a command of the hub, asked for it."""

    hint = "Nothing needs to be done: systemd starts the kiosk anew."
