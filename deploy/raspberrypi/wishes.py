"""The words of a command become wishes: what was said, and what is in the files that it names."""

from __future__ import annotations

import argparse
from pathlib import Path

from deploy.raspberrypi.cards.settings_file import DeviceWishes
from shared.errors import DeviceError


def add_wishes(parser: argparse.ArgumentParser) -> None:
    """What describes one kiosk; the network and the rest may be common to a whole fleet."""
    for name in ("store", "register", "device"):
        parser.add_argument(f"--{name}", default="", help=f"the {name}'s name, as the hub knows it")
    parser.add_argument("--hub", default="", help="https://… of the hub")
    parser.add_argument("--fingerprint", default="", help="SHA-256 of the hub's authority")
    parser.add_argument("--join-code", default="", help="made by the hub if not given")
    for name in ("ssid", "passphrase", "country", "hostname", "time-zone", "rotation"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--ssh-key", type=Path, action="append", default=[], help="a public key")
    parser.add_argument("--more", type=Path, help="tables of kiosk.toml: [till], [buttons] …")


def wishes_of(chosen: argparse.Namespace) -> DeviceWishes:
    """Raises DeviceError where a file that is named cannot be read."""
    return DeviceWishes(
        store=chosen.store,
        point=chosen.register,
        kiosk=chosen.device,
        hub=chosen.hub,
        fingerprint=chosen.fingerprint,
        join_code=chosen.join_code,
        ssid=chosen.ssid,
        passphrase=chosen.passphrase,
        country=chosen.country,
        hostname=chosen.hostname,
        time_zone=chosen.time_zone,
        rotation=chosen.rotation,
        ssh_keys=tuple(text_of(file).strip() for file in chosen.ssh_key),
        more=text_of(chosen.more) if chosen.more else "",
    )


def text_of(file: Path) -> str:
    """A file's text; raises DeviceError."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise DeviceError(f"{file} cannot be read ({fault})", hint="Name another file.") from fault
