"""The broker's files: a user name per kiosk and sensor, rights by name and store, nobody anonymous.

Laws of this page
1. A file is renamed into place, whole and on disk: the broker never reads half of one.
2. Nobody may connect before there are rights for them, nor any more once they are taken away.
3. Two commands at once follow each other: neither undoes what the other wrote.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import secrets
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from hub.adapters.durable import write_whole
from hub.core.rights import NONE, barred_in, homes_in, rights, seats_in
from shared.errors import BrokerError
from shared.places import KioskId, SensorId, StoreId
from shared.wire import LONGEST_MESSAGE

HUB_USER = "hub"

_ITERATIONS = 10_000
"""Passwords are 160 random bits, so the cost only has to be above mosquitto's own 101."""

_IN_FLIGHT = 1_000
"""Messages the hub may hold unacknowledged: a transaction of single records needs many."""

_QUEUED_BYTES = 64 * 1024 * 1024
"""What the broker keeps for an absent hub; beyond it the kiosks' outboxes are the queue."""

_NOBODY: Final[Mapping[KioskId, StoreId]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Encrypted:
    """Where kiosks with certificates come in."""

    listen: str
    port: int


@dataclass(frozen=True, slots=True)
class BrokerFiles:
    """The folder in which one broker's configuration, passwords, rights and state live."""

    folder: Path

    @property
    def config(self) -> Path:
        """What `mosquitto -c` is given."""
        return self.folder / "mosquitto.conf"

    @property
    def passwords(self) -> Path:
        """One line a user: name and salted hash."""
        return self.folder / "passwords"

    @property
    def rights(self) -> Path:
        """Who may read and write what."""
        return self.folder / "rights"

    @property
    def pid(self) -> Path:
        """Where a running broker leaves its process number."""
        return self.folder / "mosquitto.pid"

    @property
    def certificate(self) -> Path:
        """What the broker proves itself with: its chain; its key lies beside it."""
        return self.folder / "broker.pem"

    @property
    def authority(self) -> Path:
        """Whose certificates let a kiosk in."""
        return self.folder / "authority.pem"

    @property
    def revoked(self) -> Path:
        """Which of them count no more."""
        return self.folder / "revoked.pem"

    def write(
        self,
        *,
        host: str,
        port: int,
        encrypted: Encrypted | None = None,
        run_as: str | None = None,
        homes: Mapping[KioskId, StoreId] = _NOBODY,
        seats: Mapping[SensorId, StoreId] = NONE,
    ) -> str | None:
        """Write configuration and rights; returns the hub's new password if it had none.

        `encrypted` is a second line for kiosks with certificates, whose files must be there.
        `run_as` is the system user for the broker where it is started by root (else mosquitto
        drops to its own user, who may not read this folder). `homes` of kiosks and `seats` of
        sensors are added to those that the rights name already.
        """
        with self._alone():
            lines = self._configuration(host, port, run_as)
            lines += [] if encrypted is None else self._for_certificates(encrypted)
            write_whole(self.config, _text(lines))
            self._grant({**self.homes(), **homes}, {**self.seats(), **seats})
            return None if HUB_USER in self.users() else self._give_password(HUB_USER)

    def users(self) -> list[str]:
        """The names that may connect, in order of the file."""
        return [line.partition(":")[0] for line in _lines(self.passwords)]

    def homes(self) -> dict[KioskId, StoreId]:
        """The one store under which each kiosk may write."""
        return homes_in(_lines(self.rights))

    def seats(self) -> dict[SensorId, StoreId]:
        """The one store of which each sensor may tell."""
        return seats_in(_lines(self.rights))

    def enrol(self, kiosk: KioskId, store: StoreId) -> str:
        """Give the kiosk a new password, and rights in this store alone; returns the password.

        An old password, and rights in another store, stop at the next reload.
        """
        with self._alone():
            _check_free(kiosk, self.seats())
            self._grant({**self.homes(), kiosk: store}, self.seats())
            return self._give_password(kiosk)

    def enrol_sensor(self, sensor: SensorId, store: StoreId, password: str) -> None:
        """Let a sensor in by this password: it may tell what it senses in this store alone, and
        read nothing. The hub itself knows the password, too: it takes it by HTTP."""
        with self._alone():
            _check_free(sensor, self.homes())
            self._grant(self.homes(), {**self.seats(), sensor: store})
            self._keep_password(sensor, password)

    def set_password(self, user: str) -> str:
        """Give `user` a new random password, replacing an earlier one, and return it."""
        with self._alone():
            return self._give_password(user)

    def remove(self, user: str) -> None:
        """Let `user` connect no more and write nothing, from the next reload on."""
        with self._alone():
            lines = _lines(self.passwords)
            write_whole(self.passwords, _text(_without(user, lines)))
            homes = {kiosk: store for kiosk, store in self.homes().items() if kiosk != user}
            seats = {sensor: store for sensor, store in self.seats().items() if sensor != user}
            self._grant(homes, seats)

    def barred(self) -> set[str]:
        """Names of certificates (STORE/KIOSK) that may neither read nor write."""
        return barred_in(_lines(self.rights))

    def bar(self, names: set[str]) -> None:
        """Let these, and no others, neither read nor write, from the next reload on."""
        with self._alone():
            self._grant(self.homes(), self.seats(), names)

    def reload(self) -> bool:
        """Tell a running broker to read its passwords again; False where none runs from here."""
        try:
            number = int(self.pid.read_text())
            if not _may_be_a_broker(number):
                return False
            os.kill(number, signal.SIGHUP)
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return False
        except PermissionError as fault:
            raise BrokerError(
                "this user may not signal the broker",
                hint="Run “systemctl reload mosquitto” so that it reads the passwords again.",
            ) from fault
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed
            yield

    def _grant(
        self,
        homes: Mapping[KioskId, StoreId],
        seats: Mapping[SensorId, StoreId],
        barred: set[str] | None = None,
    ) -> None:
        names = self.barred() if barred is None else barred
        write_whole(self.rights, rights(HUB_USER, homes, seats, names))

    def _give_password(self, user: str) -> str:
        password = secrets.token_hex(20)
        self._keep_password(user, password)
        return password

    def _keep_password(self, user: str, password: str) -> None:
        others = _without(user, _lines(self.passwords))
        write_whole(self.passwords, _text([*others, f"{user}:{_hashed(password)}"]))

    def _configuration(self, host: str, port: int, run_as: str | None) -> list[str]:
        lines = [
            f"listener {port} {host}",
            "allow_anonymous false",
            # Else whoever may connect could give the hub's client id, and so push the hub off.
            "use_username_as_clientid true",
            f"password_file {self.passwords}",
            f"acl_file {self.rights}",
            f"max_packet_size {LONGEST_MESSAGE + 4096}",
            f"max_inflight_messages {_IN_FLIGHT}",
            f"max_queued_messages {_IN_FLIGHT * 10}",
            f"max_queued_bytes {_QUEUED_BYTES}",
            "max_keepalive 120",
            "persistence true",
            f"persistence_location {self.folder}/",
            f"pid_file {self.pid}",
            "log_type error",
            "log_type warning",
        ]
        if run_as is not None:
            lines.insert(0, f"user {run_as}")
        return lines

    def _for_certificates(self, encrypted: Encrypted) -> list[str]:
        return [
            f"listener {encrypted.port} {encrypted.listen}",
            "allow_anonymous false",
            f"cafile {self.authority}",
            f"certfile {self.certificate}",
            f"keyfile {self.folder / 'broker-key.pem'}",
            f"crlfile {self.revoked}",
            "require_certificate true",
            "use_identity_as_username true",
            "use_username_as_clientid true",  # else one kiosk could push another off
        ]


def _check_free(user: str, taken: Mapping[KioskId, StoreId] | Mapping[SensorId, StoreId]) -> None:
    """Nobody is both kiosk and sensor: whoever had both rights could tell for the other."""
    if user == HUB_USER:
        raise BrokerError("“hub” is the hub's own name", hint="Choose another name.")
    if user in taken:
        raise BrokerError(f"{user} is taken", hint="Kiosks and sensors need different names.")


def _may_be_a_broker(number: int) -> bool:
    """A power cut or a backup leaves a number that is somebody else's by now."""
    try:
        return Path(f"/proc/{number}/comm").read_text().strip() == "mosquitto"
    except OSError:
        return True  # it may be hidden from us: whoever signals it will see


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _without(user: str, lines: list[str]) -> list[str]:
    return [line for line in lines if line.partition(":")[0] != user]


def _hashed(password: str) -> str:
    """The password as mosquitto 2 keeps it: PBKDF2 with SHA-512, written `$7$…`."""
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    parts = ("7", str(_ITERATIONS), *(base64.b64encode(part).decode() for part in (salt, digest)))
    return "$" + "$".join(parts)
