"""A certificate that every browser knows, by Let's Encrypt and certbot; only before nginx."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deploy.hub.certificates import WEB_CERTIFICATE, WEB_KEY
from deploy.plans.machine import Machine, Text

ROOT: Final = "/var/lib/semblante-acme"
"""Where nginx looks for what proves that the name is ours."""

HOOK: Final = Text(
    "/etc/letsencrypt/renewal-hooks/deploy/semblante",
    f"""#!/bin/sh
# Written by “make hub”: after each renewal nginx gets the new certificate.
set -eu
install -m 600 "$RENEWED_LINEAGE/privkey.pem" {WEB_KEY}
install -m 644 "$RENEWED_LINEAGE/fullchain.pem" {WEB_CERTIFICATE}
systemctl reload nginx.service
""",
    mode=0o755,
)


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """Got once nginx runs; certbot's own timer renews it."""

    machine: Machine
    host: str
    mail: str
    name: str = "the certificate by Let's Encrypt"
    needs_systemd: bool = True

    def lacks(self) -> Sequence[str]:
        """The certificate of this name."""
        return [] if self.machine.has(f"/etc/letsencrypt/live/{self.host}") else [self.host]

    def do(self) -> None:
        """Ask for it; the hook puts it before nginx."""
        self.machine.at(ROOT).mkdir(parents=True, exist_ok=True)
        self.machine.run(
            "certbot", "certonly", "--webroot", "--webroot-path", ROOT, "--domain", self.host,
            "--email", self.mail, "--agree-tos", "--no-eff-email", "--non-interactive",
            "--deploy-hook", HOOK.path,  # else it would wait for the first renewal
        )  # fmt: skip
