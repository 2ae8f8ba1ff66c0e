"""`semblante-kiosk join` and `renew`: this device becomes a kiosk of the hub, and stays one."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path
from typing import Final

from kiosk.adapters.clock import SystemClock
from kiosk.adapters.hub_door import HubDoor, authority_at
from kiosk.adapters.identity import AUTHORITY, CERTIFICATE, Identity, IdentityFolder
from kiosk.core.belonging import OUT
from kiosk.core.ports import Clock
from kiosk.core.renewing import is_due
from kiosk.settings import IdentitySettings, Place, Settings, load_settings
from shared.errors import DeviceError, JoinRefused
from shared.joining import Joined, read_code, write_code

_NOWHERE: Final = "Write “hub” and “fingerprint” into the table [identity] of kiosk.toml."


class OutOfService(JoinRefused):
    """The hub has just said that this device is a kiosk no more: its glass has to tell."""


def join(place: Place, where: IdentitySettings, code: str, clock: Clock) -> tuple[Identity, Joined]:
    """Become the kiosk of that place; raises JoinRefused (a person is needed) or DeviceError.

    Interrupted anywhere it can be done again, with the same code.
    """
    text = write_code(read_code(code))
    if not where.hub or not where.fingerprint:
        raise JoinRefused("nobody said where the hub is", hint=_NOWHERE, code="hub")
    folder, dates = IdentityFolder(where.folder), clock.now().synced
    door = HubDoor(where.hub, authority_at(where.hub, where.fingerprint), dates)
    seat = {"store": place.store_id, "point": place.point_id, "kiosk": place.kiosk_id}
    joined = door.join(text, folder.request(), seat)
    _check_seat(joined, place)
    return folder.accept(joined, digest(text)), joined


def digest(code: str) -> str:
    """What is kept of a join code, so that it is known again when it was used here."""
    return hashlib.sha256(read_code(code)).hexdigest()


def renew(settings: Settings, clock: Clock, *, at_once: bool = False) -> Identity | None:
    """The new identity, or None where the old one is young; raises JoinRefused or DeviceError."""
    where = settings.identity
    if where is None:
        raise DeviceError("this kiosk has a password, and no certificate", code="identity")
    folder = IdentityFolder(where.folder)
    old = folder.current()
    if old is None:
        raise DeviceError("this kiosk has not joined yet", code="identity")
    certificate, now = old.text(CERTIFICATE), clock.now()
    if not at_once and not is_due(old.life(), certificate, now):
        return None
    door = HubDoor(where.hub, old.text(AUTHORITY), now.synced)
    request = folder.request()
    try:
        joined = door.renew(certificate, request, old.prove(request))
    except JoinRefused as fault:
        if fault.code in OUT and folder.refuse(fault.code):
            raise OutOfService(str(fault), hint=fault.hint, code=fault.code) from fault
        raise
    _check_name(joined, settings.place)
    return folder.accept(joined, old.joined_by())


def run_join(words: Sequence[str]) -> str:
    """The command; the code is asked for, or read from a pipe. Returns what was done."""
    settings = load_settings(_parsed("join", words).config)
    where = settings.identity
    if where is None:
        raise JoinRefused("kiosk.toml has no table [identity]", hint=_NOWHERE, code="hub")
    asked = sys.stdin.isatty()
    code = getpass("Join code: ") if asked else sys.stdin.readline(200)
    _, joined = join(settings.place, where, code.strip(), SystemClock())
    return f"{joined.kiosk_id} is the kiosk of {joined.store_id}/{joined.point_id}"


def run_renew(words: Sequence[str]) -> str:
    """The command; returns what was done."""
    chosen = _parsed("renew", words)
    wished = chosen.now or (chosen.wish is not None and chosen.wish.exists())
    if chosen.wish is not None:
        chosen.wish.unlink(missing_ok=True)  # first: one that cannot be fulfilled is not repeated
    identity = renew(load_settings(chosen.config), SystemClock(), at_once=wished)
    return "it is not time yet" if identity is None else "there is a new certificate"


def _parsed(command: str, words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(f"semblante-kiosk {command}")
    parser.add_argument("--config", "-c", type=Path, default=Path("kiosk.toml"))
    if command == "renew":
        parser.add_argument("--now", action="store_true", help="whether or not it is time")
        parser.add_argument("--wish", type=Path, help="a file that means the same; it is removed")
    return parser.parse_args(words)


def _check_seat(joined: Joined, place: Place) -> None:
    _check_name(joined, place)
    if joined.point_id != place.point_id:
        raise _foreign(joined, place)


def _check_name(joined: Joined, place: Place) -> None:
    if (joined.store_id, joined.kiosk_id) != (place.store_id, place.kiosk_id):
        raise _foreign(joined, place)


def _foreign(joined: Joined, place: Place) -> JoinRefused:
    theirs = f"{joined.store_id}/{joined.point_id}, {joined.kiosk_id}"
    ours = f"{place.store_id}/{place.point_id}, {place.kiosk_id}"
    return JoinRefused(
        f"the hub gave the certificate of {theirs}; this device is {ours}", code="foreign"
    )
