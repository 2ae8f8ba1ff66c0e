"""The broker: the hub's own files, a line for kiosks by TLS, and Debian's own service away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deploy.hub.certificates import AUTHORITY, BROKER_CERTIFICATE, BROKER_KEY
from deploy.hub.machine import Machine, Text
from deploy.hub.settings import BROKER
from shared.errors import DeviceError

CONFIG: Final = "/etc/semblante/broker.conf"
TLS_PORT: Final = 8883
_DEBIANS: Final = "mosquitto.service"


def configuration() -> Text:
    """What `mosquitto -c` is given: the hub's files, and beside its line one for kiosks."""
    lines = (
        "# Written by “make hub”, each time anew.",
        f"include_dir {BROKER}",
        "",
        f"listener {TLS_PORT}",
        f"cafile {AUTHORITY}",
        f"certfile {BROKER_CERTIFICATE}",
        f"keyfile {BROKER_KEY}",
        "tls_version tlsv1.2",  # the least; 1.3 is taken where both know it
        "use_username_as_clientid true",
    )
    return Text(CONFIG, "".join(f"{line}\n" for line in lines))


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
