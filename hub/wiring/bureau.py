"""What the commands about join codes, certificates and the authority use."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from hub.adapters.inspections import SqlInspections
from hub.adapters.keyring import Dated
from hub.adapters.metrics import Metrics
from hub.identity import Identity
from hub.settings import Settings
from hub.wiring.identity import (
    authority_of,
    encrypted_of,
    gate_of,
    identity_of,
    names_of,
    visits_of,
)
from hub.wiring.office import Office
from hub.wiring.opening import now_ms, open_accounts, open_database
from shared.errors import ArchiveError, BrokerError, DeviceError


@dataclass(frozen=True, slots=True)
class Shown:
    """How the authority is; instants are ms since 1970."""

    fingerprint: str
    until: int
    roots: int
    names: tuple[str, ...]
    signing: tuple[Dated, ...]


class Bureau:
    """The same database and folders as the hub, and nothing that runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine = open_database(settings, pooled=False)  # a command is over soon
        self._authority = authority_of(settings)
        self._gate = gate_of(settings, self._engine)

    @property
    def identity(self) -> Identity:
        """Codes and certificates."""
        return identity_of(self._settings, self._engine, Metrics())

    def make(self) -> bool:
        """Make the authority where there is none, and what servers need of it; False where it is
        there. Raises DeviceError where the settings name no folder."""
        if self._settings.authority.folder is None:
            hint = "Put “folder” into the table “authority” of hub.toml."
            raise DeviceError("the settings name no folder for an authority", hint=hint)
        made = self._authority.keyring.make(now_ms())
        self._serve("authority made" if made else "")
        return made

    def rotate_root(self) -> None:
        """Let a new root sign; whoever knows the old one goes on trusting."""
        self._authority.keyring.rotate_root(now_ms())
        self._serve("authority's root rotated")

    def rotate_signing(self, *, at_once: bool) -> int:
        """Let a new key sign what kiosks are told; returns from when on (ms)."""
        begins = self._authority.keyring.rotate_signing(now_ms(), at_once=at_once)
        self._note("signing key rotated")
        return begins

    def show(self) -> Shown:
        """How it is; raises DeviceError where there is none."""
        keyring = self._authority.keyring
        root = keyring.newest().certificate
        until = int(root.not_valid_after_utc.timestamp() * 1_000)
        roots, names = len(keyring.roots()), names_of(self._settings)
        return Shown(self._authority.fingerprint(), until, roots, names, keyring.dated())

    def look(self) -> list[str]:
        """Where a kiosk was heard that may not write there, and note it for the page Recovery;
        raises BrokerError."""
        if encrypted_of(self._settings) is None:
            hint = "Run “semblante-hub authority init”, then “broker files”."
            raise BrokerError("this hub has no authority, and so no certificates", hint=hint)
        heard = visits_of(self._settings).look()
        with suppress(ArchiveError):  # a database that is away keeps nobody from the answer
            SqlInspections(self._engine).note(len(set(heard)), now_ms())
        return heard

    def _serve(self, action: str) -> None:
        self._gate.follow()
        office = Office(self._settings)
        if office.has_broker_files():
            office.write_broker_files()
        self._note(action)

    def _note(self, action: str) -> None:
        if action:
            fingerprint = self._authority.fingerprint()[:16]
            open_accounts(self._engine).note("command line", action, fingerprint)
