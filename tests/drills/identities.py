"""What a drill's hub has for kiosks with certificates: an authority, doors with TLS, join codes."""

from __future__ import annotations

import getpass
import os
import time
from pathlib import Path

from hub.adapters.authority import CertificateAuthority
from hub.adapters.identities import SqlIdentities
from hub.settings import load_settings
from hub.wiring.bureau import Bureau
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.identity import IdentityFolder
from kiosk.settings import load_settings as load_device
from kiosk.wiring.joining import join, renew
from shared.joining import Joined, certificate_name
from tests.drills.seats import Seat
from tests.parts.hub import HubProcess
from tests.parts.ports import free_port
from tests.parts.tls_door import TlsDoor

DAY_MS = 24 * 3_600_000

AGED_MS = 40 * DAY_MS
"""So long ago was a certificate made that ended while its kiosk was away: it is for 30 days."""


class Identities:
    """The hub's side of certificates, as its commands and its web have it."""

    def __init__(self, hub: HubProcess) -> None:
        """Settles the hub: the broker's second line, the authority, and where both are found."""
        self.port = free_port()
        self._hub = hub
        self._door = TlsDoor(hub.web_port)
        self._folder = hub.config.parent / "authority"
        run_as = f'run_as = "{getpass.getuser()}"\n' if os.geteuid() == 0 else ""
        mosquitto = (
            f'[mosquitto]\ntls_port = {self.port}\ntls_listen = "127.0.0.1"\n'
            f'listen = "127.0.0.1"\nseen_as = "127.0.0.1"\n{run_as}'
        )
        hub.config.write_text(
            hub.config.read_text().replace("[mosquitto]\n", mosquitto)
            + f'[authority]\nfolder = "authority"\nurl = "{self.url}"\n'
        )

    @property
    def url(self) -> str:
        """Where devices ask."""
        return f"https://127.0.0.1:{self._door.port}"

    @property
    def fingerprint(self) -> str:
        """Of the authority."""
        return self._authority.fingerprint()

    def open(self) -> None:
        """Make the authority and what servers need of it; the database and the broker's files
        must be there."""
        self.bureau = Bureau(load_settings(self._hub.config))
        self.bureau.make()
        self._authority = CertificateAuthority(self._folder)
        self._door.open(self._folder / "web.pem", self._folder / "web-key.pem")

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()

    def join(self, seat: Seat) -> None:
        """A technician gives this device a new code, by which it becomes its kiosk."""
        code = self.bureau.identity.issue(seat.store, seat.point, seat.kiosk, "drill").text
        device = load_device(seat.folder / "kiosk.toml", {})
        assert device.identity is not None
        join(device.place, device.identity, code, SystemClock())

    def renew(self, seat: Seat) -> bool:
        """What the device's timer does; whether it was time."""
        return renew(load_device(seat.folder / "kiosk.toml", {}), SystemClock()) is not None

    def revoke(self, seat: Seat) -> None:
        """Somebody says that this device is no kiosk of ours any more."""
        self.bureau.identity.revoke(seat.kiosk, "drill")

    def age(self, seat: Seat) -> None:
        """Its certificate was made so long ago that it has ended since."""
        folder, at = IdentityFolder(seat.folder / "identity"), time.time_ns() // 1_000_000
        before = folder.current()
        assert before is not None
        name = certificate_name(seat.store, seat.kiosk)
        signed = self._authority.sign(folder.request(), name, at - AGED_MS)
        joined = Joined(
            seat.store, seat.point, seat.kiosk, signed.pem, self._authority.trusted(),
            self._authority.signing_keys(at), *before.broker(),
            store_name="", point_name="", languages=(),
        )  # fmt: skip
        folder.accept(joined)

    def is_held(self, seat: Seat) -> bool:
        """Whether two devices were this kiosk, and nobody has decided yet."""
        return seat.kiosk in SqlIdentities(self._hub.office._engine).held()

    def release(self, seat: Seat, *, as_it_is: bool = False) -> bool:
        """Somebody has looked which one it is."""
        return self.bureau.identity.release(seat.kiosk, "drill", as_it_is=as_it_is)


def key_of(seat: Seat) -> tuple[Path, Path]:
    """Certificate and key of this device."""
    identity = IdentityFolder(seat.folder / "identity").current()
    assert identity is not None
    return identity.path("certificate.pem"), identity.path("key.pem")
