"""The authority's keys in their folder: roots and signing keys, each with its time.

Laws of this page
1. A file is renamed into place, whole and on disk; a key is there before the index names it.
2. The index is the only truth about which key counts when, and is read again where it changed.
"""

from __future__ import annotations

import fcntl
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from hub.adapters.durable import write_whole
from hub.core.hours import DAY_MS
from shared.errors import DeviceError
from shared.joining import SigningKey

ROOT_DAYS: Final = 3_650
"""Ten years: a kiosk that was away for one must find the way back."""

TOLD_DAYS: Final = 35
"""Until a new signing key signs, and until the old one is forgotten after that: within thirty days
every kiosk that lives has renewed, and so has been told."""

_EARLIER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Root:
    """A root with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Dated:
    """A signing key in the index: from when on it signs, and until when kiosks are told of it."""

    id: str
    public: str
    signs_from: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class _Index:
    """Which keys there are: roots by the names of their files, the newest last."""

    roots: tuple[str, ...] = ()
    signing: tuple[Dated, ...] = ()


@dataclass(slots=True)
class _Read:
    """What was read of the folder, and which index said so."""

    mark: tuple[int, int]
    index: _Index
    roots: list[Root]
    signers: dict[str, Ed25519PrivateKey] = field(default_factory=dict)


class Keyring:
    """The folder; read from several threads, changed by commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: _Read | None = None

    # ── using ────────────────────────────────────────────────────────────────────────────────

    def made(self) -> bool:
        """Whether there is an authority."""
        return self._index_file.exists()

    def newest(self) -> Root:
        """The root that signs; raises DeviceError where there is none."""
        return self._current().roots[-1]

    def roots(self) -> list[Root]:
        """All roots that count, the newest first."""
        return self._current().roots[::-1]

    def cross(self) -> str:
        """The newest root as the one before it signed it (PEM); empty for the first."""
        file = self.folder / f"{self._current().index.roots[-1]}-cross.pem"
        return file.read_text() if file.exists() and len(self._current().roots) > 1 else ""

    def signing_keys(self, at: int) -> tuple[SigningKey, ...]:
        """Those that kiosks are told of now."""
        dated = self._current().index.signing
        return tuple(SigningKey(one.id, one.public) for one in dated if _told(one, at))

    def dated(self) -> tuple[Dated, ...]:
        """All signing keys, the newest last."""
        return self._current().index.signing

    def signer(self, at: int) -> tuple[str, Ed25519PrivateKey]:
        """The newest signing key whose time has come; the oldest where no clock is right."""
        read = self._current()
        begun = [one for one in read.index.signing if one.signs_from <= at]
        chosen = (begun or [read.index.signing[0]])[-1].id
        if chosen not in read.signers:
            key = form.load_pem_private_key(self._bytes(f"signing-{chosen}.pem"), None)
            assert isinstance(key, Ed25519PrivateKey)  # noqa: S101 - we made no other
            read.signers[chosen] = key
        return chosen, read.signers[chosen]

    # ── changing ─────────────────────────────────────────────────────────────────────────────

    def make(self, at: int) -> bool:
        """Make root and signing key where there are none; False where there are."""
        with self.alone():
            if self.made():
                return False
            self._keep(_Index((self._new_root(at),), (self._new_signing(0),)))
            return True

    def rotate_root(self, at: int) -> None:
        """Let a new root sign from now on; the old ones count until they end."""
        with self.alone():
            index = self._current().index
            living = [
                name for name, root in zip(index.roots, self._current().roots, strict=True)
                if root.certificate.not_valid_after_utc > _moment(at)
            ]  # fmt: skip
            fresh = self._new_root(at, self.newest())
            self._keep(_Index((*living, fresh), index.signing))

    def rotate_signing(self, at: int, *, at_once: bool = False) -> int:
        """Tell kiosks of a new signing key; returns from when on it signs. `at_once` ends the old
        one now: kiosks then refuse what the hub says until they have renewed."""
        begins = at if at_once else at + TOLD_DAYS * DAY_MS
        with self.alone():
            index = self._current().index
            until = at if at_once else begins + TOLD_DAYS * DAY_MS
            kept = [_ended(one, until) for one in index.signing if _told(one, at)]
            if at_once:
                kept = []
            self._keep(_Index(index.roots, (*kept, self._new_signing(begins))))
        return begins

    def pem(self, key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> str:
        """A private key as PEM."""
        return key.private_bytes(
            form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
        ).decode()

    def write(self, name: str, text: str, mode: int = 0o600) -> None:
        """Put a file into the folder, whole and on disk."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self.folder / name, text, mode)

    # ── within ───────────────────────────────────────────────────────────────────────────────

    @property
    def _index_file(self) -> Path:
        return self.folder / "index.json"

    def _current(self) -> _Read:
        try:
            found = self._index_file.stat()
            mark = found.st_mtime_ns, found.st_ino
            if self._read is None or self._read.mark != mark:
                index = _index(json.loads(self._bytes("index.json")))
                self._read = _Read(mark, index, [self._root(name) for name in index.roots])
        except FileNotFoundError as fault:
            hint = "Run “semblante-hub authority init”."
            what = f"no authority in {self.folder}"
            raise DeviceError(what, hint=hint, code="no_authority") from fault
        except (OSError, ValueError, TypeError, KeyError) as fault:
            what = f"the authority in {self.folder} cannot be read: {fault}"
            hint = "Restore the folder from its backup."
            raise DeviceError(what, hint=hint, code="no_authority") from fault
        return self._read

    def _root(self, name: str) -> Root:
        key = form.load_pem_private_key(self._bytes(f"{name}-key.pem"), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made no other
        return Root(x509.load_pem_x509_certificate(self._bytes(f"{name}.pem")), key)

    def _bytes(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def _keep(self, index: _Index) -> None:
        self.write("index.json", json.dumps(asdict(index), indent=1))
        roots = "".join(root.certificate.public_bytes(_PEM).decode() for root in self.roots())
        self.write("authority.pem", roots, 0o644)

    def _new_root(self, at: int, before: Root | None = None) -> str:
        name = f"root-{secrets.token_hex(4)}"
        key, subject = ec.generate_private_key(ec.SECP256R1()), f"Semblante {name}"
        fresh = _authority(subject, key.public_key(), subject, key, at, 1)
        self.write(f"{name}-key.pem", self.pem(key))
        self.write(f"{name}.pem", fresh.public_bytes(_PEM).decode())
        if before is not None:
            above = str(before.certificate.subject.get_attributes_for_oid(_NAME)[0].value)
            cross = _authority(subject, key.public_key(), above, before.key, at, 0)
            self.write(f"{name}-cross.pem", cross.public_bytes(_PEM).decode())
        return name

    def _new_signing(self, begins: int) -> Dated:
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes(form.Encoding.Raw, form.PublicFormat.Raw)
        fresh = Dated(sha256(public).hexdigest()[:16], public.hex(), begins)
        self.write(f"signing-{fresh.id}.pem", self.pem(key))
        return fresh

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Whoever changes something here does so alone, also from other processes."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed
            yield


_PEM: Final = form.Encoding.PEM
_NAME: Final = NameOID.COMMON_NAME


def _authority(
    subject: str,
    key: ec.EllipticCurvePublicKey,
    issuer: str,
    signer: ec.EllipticCurvePrivateKey,
    at: int,
    below: int,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(_NAME, issuer)]))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_moment(at) - _EARLIER)
        .not_valid_after(_moment(at) + timedelta(days=ROOT_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=below), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(above, critical=False)
        .sign(signer, SHA256())
    )


def _index(told: Any) -> _Index:
    return _Index(tuple(told["roots"]), tuple(Dated(**one) for one in told["signing"]))


def _told(one: Dated, at: int) -> bool:
    return one.until is None or at < one.until


def _ended(one: Dated, until: int) -> Dated:
    end = until if one.until is None else min(one.until, until)
    return Dated(one.id, one.public, one.signs_from, end)


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at // 1_000, UTC)
