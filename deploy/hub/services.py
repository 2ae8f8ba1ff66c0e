"""Services: our units, which of them start with the machine, and that they run what is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.hub.broker import CONFIG
from deploy.hub.certificates import WEB_CERTIFICATE
from deploy.hub.people import USER
from deploy.hub.program import CURRENT
from deploy.hub.settings import FILE, WEB_PORT
from deploy.hub.web import PLACES
from deploy.hub.wishes import Database, Tls, Web, Wishes
from deploy.plans.machine import Machine, Text

FOLDER: Final = Path(__file__).parent / "units"
ETC: Final = "/etc/systemd/system"
TIMER: Final = "semblante-backup.timer"
RENEWED: Final = "semblante-web-certificate.path"

PARTS: Final = {"web": WEB_PORT, "intake": WEB_PORT + 1, "jobs": WEB_PORT + 2}
"""Where the parts of a hub run apart: the role of each, and the port of its health."""

_JOURNAL: Final = """# Written by “make hub”: what the services say is kept so long, and not longer.
[Journal]
SystemMaxUse=1G
MaxRetentionSec=90day
"""


COMMAND: Final = Text(
    "/usr/local/bin/semblante-hub",
    f"""#!/bin/sh
# Written by “make hub”: the hub's commands, as its own user, with this server's settings.
set -eu
[ $# -gt 0 ] || set -- --help
case " $* " in *" --help "*) exec {CURRENT}/bin/semblante-hub "$@" ;; esac
[ "$(id -un)" = {USER} ] || exec runuser -u {USER} -- "$0" "$@"
exec {CURRENT}/bin/semblante-hub "$@" --config {FILE}
""",
    mode=0o755,
)


def hubs(wishes: Wishes) -> tuple[str, ...]:
    """The hub's own services."""
    if not wishes.apart:
        return ("semblante-hub.service",)
    return tuple(f"semblante-hub@{role}.service" for role in PARTS)


def texts(wishes: Wishes) -> list[Text]:
    """The units, what the parts of a hub are told, and how long the journal is kept."""
    units = [Text(f"{ETC}/{unit.name}", unit.read_text()) for unit in sorted(FOLDER.iterdir())]
    parts = [
        Text(
            f"/etc/semblante/hub-{role}.env",
            f"SEMBLANTE_ROLES={role}\nSEMBLANTE_WEB__PORT={port}\n",
        )
        for role, port in PARTS.items()
    ]
    journal = Text("/etc/systemd/journald.conf.d/semblante.conf", _JOURNAL)
    return [*units, *(parts if wishes.apart else []), journal, COMMAND]


def enabled(wishes: Wishes) -> tuple[str, ...]:
    """What starts with the machine."""
    database = ("postgresql.service",) if wishes.database is Database.POSTGRESQL else ()
    web = f"{wishes.web.value}.service"
    return (*database, "semblante-broker.service", *hubs(wishes), *watched(wishes), web)


def watched(wishes: Wishes) -> tuple[str, ...]:
    """What starts other services: at night, and when the hub has renewed a certificate."""
    return (TIMER, RENEWED) if wishes.tls is Tls.OWN else (TIMER,)


@dataclass(frozen=True, slots=True)
class Enabled:
    """They start with the machine; those of another wish no more."""

    machine: Machine
    wanted: Sequence[str]
    unwanted: Sequence[str]
    name: str = "services start with the machine"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Those that do not, and “without” those that should not."""
        missing = [unit for unit in self.wanted if not self._is_enabled(unit)]
        return [*missing, *(f"without {unit}" for unit in self.unwanted if self._is_enabled(unit))]

    def do(self) -> None:
        """Enable and disable; what is disabled stops, too."""
        stop = ("--now",) if self.machine.systemd_runs else ()
        for unit in self.unwanted:
            if self._is_enabled(unit):
                self.machine.run("systemctl", "disable", *stop, unit)
        self.machine.run("systemctl", "enable", *self.wanted)

    def _is_enabled(self, unit: str) -> bool:
        return self.machine.succeeds("systemctl", "is-enabled", "--quiet", unit)


@dataclass(frozen=True, slots=True)
class Running:
    """They run, and began after the last change of the files that they read when they start."""

    machine: Machine
    reads: dict[str, Sequence[str]]
    name: str = "services run"
    needs_systemd: bool = True

    def lacks(self) -> Sequence[str]:
        """Those that do not."""
        return [unit for unit in self.reads if not self._runs(unit)]

    def do(self) -> None:
        """Start those anew, in order."""
        late = self.lacks()
        self.machine.run("systemctl", "daemon-reload")
        self.machine.run("systemctl", "restart", *late)

    def _runs(self, unit: str) -> bool:
        if not self.machine.succeeds("systemctl", "is-active", "--quiet", unit):
            return False
        words = ("--value", "--timestamp=unix", "--property=ActiveEnterTimestamp")
        told = self.machine.run("systemctl", "show", *words, unit).strip()
        began = float(told.removeprefix("@") or 0)
        return all(self._changed(file) <= began for file in self.reads[unit])

    def _changed(self, file: str) -> float:
        """In whole seconds, as systemd tells when a service began."""
        path = self.machine.at(file)
        return int(path.lstat().st_mtime) if self.machine.has(file) else 0


def reads(wishes: Wishes) -> dict[str, Sequence[str]]:
    """Every service, with the files that it reads only when it starts."""
    broker = (CONFIG,)  # of the rest the hub tells it by a signal
    web = (PLACES[wishes.web], WEB_CERTIFICATE)
    found: dict[str, Sequence[str]] = {"semblante-broker.service": broker}
    found |= dict.fromkeys(hubs(wishes), (CURRENT, FILE))
    found |= dict.fromkeys(watched(wishes), ())
    found |= {f"{wishes.web.value}.service": web}
    return {unit: (*files, *_its_unit(unit)) for unit, files in found.items()}


def _its_unit(unit: str) -> Sequence[str]:
    if not unit.startswith("semblante"):
        return ()
    name, _, _ = unit.partition("@")
    return (f"{ETC}/{name}@.service" if "@" in unit else f"{ETC}/{unit}",)


def others(wishes: Wishes) -> tuple[str, ...]:
    """Services of another wish that was fulfilled here before."""
    all_hubs = ("semblante-hub.service", *(f"semblante-hub@{role}.service" for role in PARTS))
    webs = tuple(f"{web.value}.service" for web in Web if web is not wishes.web)
    renewed = () if RENEWED in watched(wishes) else (RENEWED,)
    return (*(unit for unit in all_hubs if unit not in hubs(wishes)), *webs, *renewed)
