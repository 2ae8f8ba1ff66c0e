"""Certificates: an authority of this server's own, what it vouches for, and given files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.hub.machine import Machine, Text
from deploy.hub.people import USER
from shared.errors import DeviceError

FOLDER: Final = "/etc/semblante/tls"
AUTHORITY: Final = f"{FOLDER}/authority.pem"
BROKER_CERTIFICATE, BROKER_KEY = f"{FOLDER}/broker.pem", f"{FOLDER}/broker-key.pem"
WEB_CERTIFICATE, WEB_KEY = f"{FOLDER}/web.pem", f"{FOLDER}/web-key.pem"

_AUTHORITY_DAYS: Final = 3650
_SERVER_DAYS: Final = 397
"""What browsers take at most of authorities that everybody knows, and so without surprises."""

_RENEW_SECONDS: Final = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Authority:
    """This server's own authority, and the broker's certificate by it."""

    machine: Machine
    host: str
    name: str = "the broker's certificate"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Files that are missing, or whose time is up within a month."""
        if not self.machine.has(AUTHORITY):
            return [AUTHORITY, BROKER_CERTIFICATE]
        return [] if self._good() else [BROKER_CERTIFICATE]

    def _good(self) -> bool:
        if not self.machine.has(BROKER_CERTIFICATE):
            return False
        asked = ("openssl", "x509", "-noout", "-in", BROKER_CERTIFICATE)
        return self.machine.succeeds(
            *asked, "-checkend", str(_RENEW_SECONDS)
        ) and "does match" in self.machine.run(*asked, "-checkhost", self.host)

    def do(self) -> None:
        """Make what is missing; the authority is never made twice."""
        if not self.machine.has(AUTHORITY):
            self._make_authority()
        self._sign(BROKER_CERTIFICATE, BROKER_KEY)

    def _make_authority(self) -> None:
        key, fresh = f"{FOLDER}/authority-key.pem", f"{FOLDER}/authority.pem.new"
        self._key(key)
        self.machine.run(
            "openssl", "req", "-x509", "-new", "-key", key, "-out", fresh,
            "-days", str(_AUTHORITY_DAYS), "-subj", f"/CN=Semblante {self.host}"[:68],
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        )  # fmt: skip
        self.machine.at(fresh).replace(self.machine.at(AUTHORITY))

    def _sign(self, certificate: str, key: str) -> None:
        self._key(key)
        request = self.machine.run(
            "openssl", "req", "-new", "-key", key, "-subj", "/CN=hub",
            "-addext", f"subjectAltName=DNS:{self.host}",
            "-addext", "extendedKeyUsage=serverAuth",
        )  # fmt: skip
        signed = self.machine.run(
            "openssl", "x509", "-req", "-days", str(_SERVER_DAYS), "-copy_extensions", "copy",
            "-CA", AUTHORITY, "-CAkey", f"{FOLDER}/authority-key.pem",
            said=request,
        )  # fmt: skip
        self.machine.write(Text(key, self.machine.read(key), 0o640, "root", USER))
        self.machine.write(Text(certificate, signed))

    def _key(self, file: str) -> None:
        made = self.machine.run(
            "openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"
        )
        self.machine.write(Text(file, made, 0o600))


@dataclass(frozen=True, slots=True)
class WebCertificate:
    """What the web server shows: given files, or at first the broker's certificate."""

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
            return self.machine.read(BROKER_CERTIFICATE), self.machine.read(BROKER_KEY)
        try:
            return self.certificate.read_text(), self.key.read_text()
        except (OSError, UnicodeError) as fault:
            raise DeviceError(f"the certificate cannot be read: {fault}") from fault
