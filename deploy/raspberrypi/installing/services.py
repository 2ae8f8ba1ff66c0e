"""What of a kiosk is systemd's: units that are enabled, and those that only get in its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deploy.plans.machine import Machine
from deploy.raspberrypi.installing.layout import UNITS

ENABLED: Final = (
    "semblante-kiosk.service",  # first: it is the one that must run
    "semblante-renew.path",
    "semblante-renew.timer",
    "semblante-update.path",
    "semblante-guard.timer",
    "semblante-reboot.path",
    "semblante-network.path",
    "semblante-glass@data.service",
)
MASKED: Final = (
    "ctrl-alt-del.target",  # a keyboard must not restart a kiosk
    "getty@tty1.service",  # the glass belongs to the kiosk
    "userconfig.service",  # Raspberry Pi OS would ask for a user's name on the glass
    "apt-daily.timer",  # no changes but ours, and none at the busiest hour
    "apt-daily-upgrade.timer",
)


@dataclass(frozen=True, slots=True)
class Units:
    """Links of systemd, made by its own program, which needs no running systemd for it."""

    machine: Machine
    name: str = "units"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Units that are not enabled, or not masked."""
        off = [unit for unit in ENABLED if not self._is_enabled(unit)]
        return [*off, *(f"{unit} masked" for unit in MASKED if not self._is_masked(unit))]

    def do(self) -> None:
        """Enable and mask them."""
        self.machine.run("systemctl", "--root=/", "--quiet", "enable", *ENABLED)
        for unit in MASKED:  # not by systemctl: it refuses to mask what is not there (yet)
            self.machine.link(f"{UNITS}/{unit}", "/dev/null")

    def _is_enabled(self, unit: str) -> bool:
        folders = self.machine.at(UNITS).glob("*.wants")
        return any(self.machine.has(f"{UNITS}/{folder.name}/{unit}") for folder in folders)

    def _is_masked(self, unit: str) -> bool:
        return self.machine.leads_to(f"{UNITS}/{unit}") == "/dev/null"


@dataclass(frozen=True, slots=True)
class Started:
    """The kiosk runs, and as the version that is current."""

    machine: Machine
    version: str
    name: str = "the kiosk runs"
    needs_systemd: bool = True

    def lacks(self) -> Sequence[str]:
        """The kiosk, where it does not run, or another version of it."""
        active = self.machine.succeeds("systemctl", "--quiet", "is-active", ENABLED[0])
        noted = self.machine.read(_STARTED).strip()
        return [] if active and noted == self.version else [ENABLED[0]]

    def do(self) -> None:
        """Start it anew; never wait for it: it waits for nothing either."""
        self.machine.run("systemctl", "daemon-reload")
        self.machine.run("systemctl", "restart", "--no-block", *ENABLED)
        self.machine.at(_STARTED).write_text(self.version)


_STARTED: Final = "/run/semblante-started"
