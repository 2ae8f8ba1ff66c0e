"""The broker's files: a user name per kiosk, rights by that name, and nobody anonymous.

The rights are two patterns with `%u`, so that adding the two hundred thousandth kiosk changes
the password file and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import signal
from dataclasses import dataclass
from pathlib import Path

from shared.errors import BrokerError
from shared.places import KioskId
from shared.topics import DOWNWARD, ROOT, UPWARD
from shared.wire import LONGEST_MESSAGE

HUB_USER = "hub"

_ITERATIONS = 10_000
"""Passwords are 160 random bits, so the cost only has to be above mosquitto's own 101."""

_IN_FLIGHT = 1_000
"""Messages the hub may hold unacknowledged: a transaction of single records needs many."""

_QUEUED_BYTES = 64 * 1024 * 1024
"""What the broker keeps for an absent hub; beyond it the kiosks' outboxes are the queue."""


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

    def write(self, *, host: str, port: int, run_as: str | None = None) -> str | None:
        """Write configuration and rights; returns the hub's new password if it had none.

        `run_as` is the system user for the broker where it is started by root (else mosquitto
        drops to its own user, who may not read this folder).
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.config.write_text(self._configuration(host, port, run_as))
        self.rights.write_text(_rights())
        return None if HUB_USER in self.users() else self.set_password(HUB_USER)

    def users(self) -> list[str]:
        """The names that may connect, in order of the file."""
        if not self.passwords.exists():
            return []
        return [line.partition(":")[0] for line in self.passwords.read_text().splitlines()]

    def enrol(self, kiosk: KioskId) -> str:
        """Give the kiosk a new password and return it; the old one stops at the next reload."""
        if kiosk == HUB_USER:
            raise BrokerError("“hub” is the hub's own name", hint="Choose another kiosk name.")
        return self.set_password(kiosk)

    def set_password(self, user: str) -> str:
        """Give `user` a new random password, replacing an earlier one, and return it."""
        password = secrets.token_hex(20)
        lines = self.passwords.read_text().splitlines() if self.passwords.exists() else []
        kept = [line for line in lines if line.partition(":")[0] != user]
        self._replace_passwords([*kept, f"{user}:{_hashed(password)}"])
        return password

    def remove(self, user: str) -> None:
        """Let `user` connect no more, from the next reload on."""
        if user not in self.users():
            return
        lines = self.passwords.read_text().splitlines()
        self._replace_passwords([line for line in lines if line.partition(":")[0] != user])

    def reload(self) -> bool:
        """Tell a running broker to read its passwords again; False where none runs from here."""
        try:
            os.kill(int(self.pid.read_text()), signal.SIGHUP)
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return False
        except PermissionError as fault:
            raise BrokerError(
                "this user may not signal the broker",
                hint="Run “systemctl reload mosquitto” so that it reads the passwords again.",
            ) from fault
        return True

    def _replace_passwords(self, lines: list[str]) -> None:
        # Renamed into place: the broker never reads half a file, and a crash keeps the old one.
        fresh = self.passwords.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text("".join(f"{line}\n" for line in lines))
        fresh.replace(self.passwords)

    def _configuration(self, host: str, port: int, run_as: str | None) -> str:
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
        return "".join(f"{line}\n" for line in lines)


def _rights() -> str:
    lines = [f"user {HUB_USER}"]
    lines += [f"topic read {ROOT}/+/+/{channel.value}" for channel in UPWARD]
    lines += [f"topic readwrite {ROOT}/+/+/{channel.value}" for channel in DOWNWARD]
    lines += ["", "# every kiosk, under its own user name and nothing else"]
    lines += [f"pattern write {ROOT}/+/%u/{channel.value}" for channel in UPWARD]
    lines += [f"pattern read {ROOT}/+/%u/{channel.value}" for channel in DOWNWARD]
    return "".join(f"{line}\n" for line in lines)


def _hashed(password: str) -> str:
    """The password as mosquitto 2 keeps it: PBKDF2 with SHA-512, written `$7$…`."""
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    parts = ("7", str(_ITERATIONS), *(base64.b64encode(part).decode() for part in (salt, digest)))
    return "$" + "$".join(parts)
