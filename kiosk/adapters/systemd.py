"""Tells systemd that this program is ready, and that it lives; without systemd it tells nobody."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress

SECONDS = 1.0
"""systemd empties its socket at once; longer than that nobody listens."""


def ready(environment: Mapping[str, str] = os.environ) -> None:
    """The first page stands on the glass."""
    notify("READY=1", environment)


def alive(environment: Mapping[str, str] = os.environ) -> None:
    """It is to be left alone for another while."""
    notify("WATCHDOG=1", environment)


def patience(environment: Mapping[str, str] = os.environ) -> float | None:
    """After how many seconds of silence systemd ends this program; None where never."""
    with suppress(ValueError):
        if int(environment.get("WATCHDOG_PID") or os.getpid()) == os.getpid():
            return int(environment.get("WATCHDOG_USEC", "")) / 1_000_000
    return None


def notify(state: str, environment: Mapping[str, str] = os.environ) -> None:
    """One datagram; who cannot be told is not, for a kiosk must not fail of it."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    where = "\0" + address[1:] if address.startswith("@") else address  # @: an abstract name
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.settimeout(SECONDS)
        line.connect(where)
        line.sendall(state.encode())
