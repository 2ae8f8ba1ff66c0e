"""What the web server shows: the certificate of the hub's own authority, or given files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.hub.settings import AUTHORITY
from deploy.plans.machine import Machine, Text
from shared.errors import DeviceError

FOLDER: Final = "/etc/semblante/tls"
WEB_CERTIFICATE, WEB_KEY = f"{FOLDER}/web.pem", f"{FOLDER}/web-key.pem"

OWN_CERTIFICATE, OWN_KEY = f"{AUTHORITY}/web.pem", f"{AUTHORITY}/web-key.pem"
"""Where the hub keeps what it renews; semblante-web-certificate.path looks for that."""


@dataclass(frozen=True, slots=True)
class WebCertificate:
    """Given files, or what the hub made: that at first also where others will renew it."""

    machine: Machine
    group: str
    certificate: Path | None = None
    key: Path | None = None
    stays: bool = False
    name: str = "the web site's certificate"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The two files, where they are not as given; with `stays` others may renew them."""
        if self.stays and self.machine.has(WEB_CERTIFICATE) and self.machine.has(WEB_KEY):
            return []
        return [text.path for text in self._texts() if not self.machine.is_like(text)]

    def do(self) -> None:
        """Copy them, the key for the web server alone."""
        for text in self._texts():
            self.machine.write(text)

    def _texts(self) -> Sequence[Text]:
        certificate, key = self._bodies()
        mode = 0o600 if self.group == "root" else 0o640
        return [
            Text(WEB_KEY, key, mode, "root", self.group),
            Text(WEB_CERTIFICATE, certificate),
        ]

    def _bodies(self) -> tuple[str, str]:
        if self.certificate is None or self.key is None:
            return self.machine.read(OWN_CERTIFICATE), self.machine.read(OWN_KEY)
        try:
            return self.certificate.read_text(), self.key.read_text()
        except (OSError, UnicodeError) as fault:
            raise DeviceError(f"the certificate cannot be read: {fault}") from fault
