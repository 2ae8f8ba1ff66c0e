"""hub.toml: written once, then it is its owner's; what must agree with the server is looked at."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from deploy.hub.people import USER
from deploy.hub.wishes import Database, Wishes
from deploy.plans.machine import Machine, Text
from shared.errors import DeviceError

FILE: Final = "/etc/semblante/hub.toml"
BROKER: Final = "/var/lib/semblante/mosquitto"
AUTHORITY: Final = "/var/lib/semblante/authority"
BUNDLES: Final = "/var/lib/semblante/bundles"
WEB_PORT: Final = 8080
BROKER_PORT: Final = 1883
"""Of the hub alone, on loopback; kiosks come by TLS on 8883."""

_URLS: Final = {
    Database.SQLITE: "sqlite:////var/lib/semblante/data/hub.db",
    # The system vouches for the user: there is no password that could leak.
    Database.POSTGRESQL: "postgresql://semblante@/semblante?host=/var/run/postgresql",
}

Tables = Mapping[str, Mapping[str, Any]]


def tables(wishes: Wishes, zone: str) -> Tables:
    """What this server's hub.toml says; docs/settings.md has every key."""
    return {
        "database": {"url": wishes.url or _URLS[wishes.database]},
        "broker": {
            "host": "127.0.0.1",
            "port": BROKER_PORT,
            "password_file": f"{BROKER}/hub-password",
        },
        "web": {
            "host": "127.0.0.1",
            "port": WEB_PORT,
            "public_url": f"https://{wishes.name}",
            "trusted_proxies": ["127.0.0.1"],
        },
        "mosquitto": {"folder": BROKER, "listen": "127.0.0.1", "seen_as": wishes.name},
        "authority": {"folder": AUTHORITY},
        "bundles": {"folder": BUNDLES},
        "jobs": {"zone": zone},
        "preview": {"command": []},
    }


MUST_AGREE: Final = (
    ("database", "url"),
    ("broker", "password_file"),
    ("web", "host"),
    ("web", "port"),
    ("web", "public_url"),
    ("web", "trusted_proxies"),
    ("mosquitto", "folder"),
    ("authority", "folder"),
)
"""The rest of the file may be anything that the hub takes."""


@dataclass(frozen=True, slots=True)
class HubToml:
    """The file; nobody's changes are ever overwritten."""

    machine: Machine
    wishes: Wishes
    name: str = "hub.toml"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The file, where there is none."""
        return [] if self.machine.has(FILE) else [FILE]

    def do(self) -> None:
        """Write it, for root and the hub alone."""
        text = written(tables(self.wishes, zone_of(self.machine)))
        self.machine.write(Text(FILE, text, 0o640, "root", USER))


def agree(machine: Machine, wishes: Wishes) -> None:
    """Raise DeviceError where there is a file that says what was not wished: it is nobody's to
    overwrite, and nothing else is begun before that is settled."""
    text = machine.read(FILE)
    differences = list(_differences(text, tables(wishes, ""))) if text else []
    if differences:
        raise DeviceError(
            "\n  ".join([f"{FILE} was written for another wish:", *differences]),
            hint="Change the file, or say to “make hub” what the file says; it stays as it is.",
        )


def zone_of(machine: Machine) -> str:
    """The time zone of the machine, as the nightly work should keep it."""
    told = machine.read("/etc/timezone").strip()
    if told and machine.at(f"/usr/share/zoneinfo/{told}").is_file():
        return told
    link = PurePosixPath(machine.leads_to("/etc/localtime"))
    _, _, zone = str(link).partition("/zoneinfo/")
    return zone or "UTC"


def written(all_tables: Tables) -> str:
    """The tables as TOML: words, numbers and lists of words are all they hold."""
    lines = ["# Written once by “make hub”, and yours from now on; docs/settings.md has every key."]
    for name, table in all_tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {_value(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return str(value) if isinstance(value, int) else f'"{value}"'


def _differences(text: str, wished: Tables) -> Iterator[str]:
    try:
        found = tomllib.loads(text)
    except ValueError as fault:
        yield f"it cannot be read: {fault}"
        return
    for table, key in MUST_AGREE:
        value = found.get(table, {}).get(key)
        if value != wished[table][key]:
            yield f"{table}.{key} is {_told(value)}, and should be {_told(wished[table][key])}"


def _told(value: object) -> str:
    """Without the password that an address may hold."""
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:…@", _value(value))
