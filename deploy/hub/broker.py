"""The broker is ours, by the files that the hub writes: the service of its package steps back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deploy.hub.settings import BROKER
from deploy.plans.machine import Machine
from shared.errors import DeviceError

CONFIG: Final = f"{BROKER}/mosquitto.conf"
_DEBIANS: Final = "mosquitto.service"


@dataclass(frozen=True, slots=True)
class DebiansBroker:
    """The service that the package brings would take the port, and lets no kiosk in."""

    machine: Machine
    name: str = "Debian's own broker service steps back"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The service, where it may still start."""
        masked = self.machine.leads_to(f"/etc/systemd/system/{_DEBIANS}") == "/dev/null"
        return [] if masked else [_DEBIANS]

    def do(self) -> None:
        """Stop and mask it, unless somebody uses it."""
        others = list(self.machine.at("/etc/mosquitto/conf.d").glob("*.conf"))
        if others:
            raise DeviceError(
                f"{_DEBIANS} serves somebody else here: {others[0]} is not ours",
                hint="Give Semblante a server of its own, or move that file away.",
            )
        if self.machine.systemd_runs:
            self.machine.run("systemctl", "stop", _DEBIANS)
        self.machine.run("systemctl", "mask", _DEBIANS)
