"""The broker's gate for certificates: what lies beside its configuration follows the database.

Laws of this page
1. A certificate that ended once never counts again: what an older backup has forgotten stays in the
   list, because the list itself is read before it is written.
2. Whoever is shut out is shut out three times: by the list for new connections, by name for the one
   that stands, and then that one is ended.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import structlog

from hub.adapters.authority import (
    REVOKED,
    CertificateAuthority,
    is_key_of,
    life_of,
    names_in,
    serials_in,
)
from hub.adapters.durable import write_whole
from hub.adapters.mosquitto import BrokerFiles
from hub.core.hours import DAY_MS
from shared.errors import BrokerError

log = structlog.get_logger(__name__)

ANEW_MS: Final = DAY_MS
"""How old the list of the revoked may grow."""

REMEMBERED_MS: Final = 400 * DAY_MS
"""How long a serial stays in it: beyond every certificate's life and every late renewal."""


class Ended(NamedTuple):
    """Which serials count no more and since when, and which names have no certificate left."""

    serials: dict[str, int]
    names: set[str]


class Endings(Protocol):
    """Who knows what ended. May raise ArchiveError."""

    def ended(self, at: int) -> Ended:
        """What ended, of what would still be valid at this instant."""


class Gate:
    """Keeps server certificates, the list of the revoked and the barred names; one at a time."""

    def __init__(
        self,
        endings: Endings,
        authority: CertificateAuthority,
        files: BrokerFiles,
        names: tuple[str, ...],
        now_ms: Callable[[], int],
        unseat: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`names` are those of the servers; `unseat` ends the connection of a name."""
        self._endings, self._authority, self._files = endings, authority, files
        self._names, self._now_ms, self._unseat = names, now_ms, unseat

    def follow(self) -> bool:
        """Let the files be as they should; whether anything changed. Raises ArchiveError,
        DeviceError, or BrokerError where a running broker may not be told."""
        if not self._authority.keyring.made():
            return False
        ended = self._endings.ended(self._now_ms())
        with self._authority.keyring.alone():
            fresh = ended.names - self._files.barred()
            changed = self._let_files_follow(ended, fresh, self._now_ms())
        if changed:
            self._tell()
        for name in sorted(fresh):
            self._unseat(name)
        return changed

    def _let_files_follow(self, ended: Ended, fresh: set[str], now: int) -> bool:
        folder = self._authority.keyring.folder
        self._serve(folder / "web.pem", now)
        anew = self._revoke(folder / REVOKED, ended.serials, now)
        if not self._files.folder.exists():
            return False
        for name in fresh:  # from before its certificate, perhaps
            if (kiosk := name.rpartition("/")[2]) in self._files.users():
                self._files.remove(kiosk)
        changed = [
            anew,
            self._serve(self._files.certificate, now),
            _put(self._files.authority, self._authority.trusted()),
            _put(self._files.revoked, (folder / REVOKED).read_text()),
            self._bar(ended.names),
        ]
        return any(changed)

    def _serve(self, file: Path, now: int) -> bool:
        """A server's certificate, renewed in the last third of its life or where names changed."""
        its_key = file.with_name(f"{file.stem}-key.pem")
        if file.exists():
            chain = file.read_text()
            begins, ends = life_of(chain)
            late = now > ends - (ends - begins) // 3
            ours = self._authority.is_newest(chain) and is_key_of(chain, its_key)
            if ours and not late and names_in(chain) == self._names:
                return False
        chain, key = self._authority.server(self._names, now)
        write_whole(its_key, key)
        write_whole(file, chain)
        log.info("gate.server_certificate", file=str(file), names=self._names)
        return True

    def _revoke(self, file: Path, serials: dict[str, int], now: int) -> bool:
        text = file.read_text() if file.exists() else ""
        before = serials_in(text)
        wanted = {
            serial: since
            for serial, since in (before | serials).items()
            if since > now - REMEMBERED_MS
        }
        every_root = text.count("BEGIN X509 CRL") == len(self._authority.keyring.roots())
        young = file.exists() and abs(now - int(file.stat().st_mtime * 1_000)) < ANEW_MS
        if young and every_root and wanted == before:
            return False
        write_whole(file, self._authority.revocations(wanted, now))
        return True

    def _bar(self, names: set[str]) -> bool:
        if names == self._files.barred():
            return False
        self._files.bar(names)
        return True

    def _tell(self) -> None:
        try:
            self._files.reload()
        except BrokerError as fault:
            log.warning("gate.broker_untold", why=str(fault), hint=fault.hint)


def _put(file: Path, text: str) -> bool:
    if file.exists() and file.read_text() == text:
        return False
    write_whole(file, text, 0o644)
    return True
