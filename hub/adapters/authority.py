"""The hub's own certificate authority: its keys in one folder, and what it signs for kiosks.

Laws of this page
1. The keys of roots and of messages never leave the folder, and nobody but its owner reads them.
2. Of a request only the public key is taken, and only where it signed the request itself: name,
   purpose and life are ours.
3. Where a new root begins the old one has signed it, too: who knows either of them finds a way.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.adapters.keyring import Keyring, Root
from hub.core.identity import Old, Signed
from hub.core.refusals import refused
from shared.joining import SigningKey

LEAF_DAYS: Final = 30
"""A kiosk's: the broker lets a copy of its card in so long, unless it comes here to renew."""

SERVER_DAYS: Final = 90
"""A server's: its key does not stand in a shop, and the hub renews it by itself."""

EARLIER: Final = timedelta(hours=1)
"""So much earlier a certificate begins: clocks differ."""

CRL_DAYS: Final = 60
"""A broker turns everybody away once this list is out of date; it is written anew each day."""

REVOKED: Final = "revoked.pem"
"""The list as this folder has it: it outlives what a restore of the database forgets."""

LONGEST_PEM: Final = 8_192
RENEWAL: Final = b"semblante-renew/1\n"
"""What the old key signs before the new request: a proof for nothing else."""

_Read = TypeVar("_Read")


class CertificateAuthority:
    """Signs with the newest root of a keyring; safe from several threads."""

    def __init__(self, folder: Path) -> None:
        self.keyring = Keyring(folder)
        self._ended: tuple[int, dict[str, int]] = (0, {})

    # ── what kiosks ask ──────────────────────────────────────────────────────────────────────

    def key_of(self, request: str) -> str:
        """SHA-256 of the key that signed this request (PEM); raises JoinRefused (`csr`)."""
        return _fingerprint(_key_in(request))

    def sign(self, request: str, name: str, at: int) -> Signed:
        """A certificate in this name, and of the request only its key; raises JoinRefused."""
        key, root = _key_in(request), self.keyring.newest()
        leaf = self._leaf(root, key, name, at, LEAF_DAYS, ExtendedKeyUsageOID.CLIENT_AUTH)
        made = leaf.sign(root.key, SHA256())
        return Signed(
            serial=f"{made.serial_number:x}",
            key=_fingerprint(key),
            not_before=_ms(made.not_valid_before_utc),
            not_after=_ms(made.not_valid_after_utc),
            pem=made.public_bytes(Encoding.PEM).decode(),
        )

    def old(self, certificate: str, request: str, proof: str) -> Old:
        """The certificate to be renewed; raises JoinRefused (`stranger`, `proof`)."""
        return self.proved(certificate, RENEWAL + request.encode(), proof)

    def proved(self, certificate: str, said: bytes, proof: str) -> Old:
        """The certificate whose key has signed this; raises JoinRefused (`stranger`, `proof`)."""
        leaf = _read(certificate, x509.load_pem_x509_certificate, "stranger")
        name = self._name_in(leaf)
        key = leaf.public_key()
        try:
            signature = base64.b64decode(proof[:LONGEST_PEM], validate=True)
            assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101 - we gave no other
            key.verify(signature, said, ec.ECDSA(SHA256()))
        except (binascii.Error, ValueError, InvalidSignature) as fault:
            raise refused("proof") from fault
        serial = f"{leaf.serial_number:x}"
        return Old(serial, name, _ms(leaf.not_valid_after_utc), serial in self._revoked())

    def trusted(self) -> str:
        """All roots that count (PEM), the newest first."""
        roots = [root.certificate for root in self.keyring.roots()]
        return "".join(root.public_bytes(Encoding.PEM).decode() for root in roots)

    def fingerprint(self) -> str:
        """SHA-256 of the newest root, in hexadecimal digits."""
        return self.keyring.newest().certificate.fingerprint(SHA256()).hex()

    def signing_keys(self, at: int) -> tuple[SigningKey, ...]:
        """By which the hub signs, now or soon, and until lately."""
        return self.keyring.signing_keys(at)

    def signer(self, at: int) -> tuple[str, Ed25519PrivateKey]:
        """The key by which the hub signs now, and its id."""
        return self.keyring.signer(at)

    # ── what the hub itself needs ────────────────────────────────────────────────────────────

    def server(self, names: tuple[str, ...], at: int) -> tuple[str, str]:
        """Chain and key (PEM) of a server with these names and addresses."""
        key, root = ec.generate_private_key(ec.SECP256R1()), self.keyring.newest()
        purpose = ExtendedKeyUsageOID.SERVER_AUTH
        leaf = self._leaf(root, key.public_key(), names[0], at, SERVER_DAYS, purpose)
        leaf = leaf.add_extension(x509.SubjectAlternativeName([*map(_general, names)]), False)
        return _pem(leaf.sign(root.key, SHA256())) + self.keyring.cross(), self.keyring.pem(key)

    def is_newest(self, chain: str) -> bool:
        """Whether the newest root signed the first certificate in it."""
        leaf = x509.load_pem_x509_certificate(chain.encode())
        return _did_sign(self.keyring.newest().certificate, leaf)

    def visitor(self, name: str, at: int) -> tuple[str, str]:
        """Certificate and key (PEM) for the hub itself to knock at the broker, for an hour."""
        key, root = ec.generate_private_key(ec.SECP256R1()), self.keyring.newest()
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH
        leaf = self._leaf(root, key.public_key(), name, at, 1 / 24, purpose)
        return _pem(leaf.sign(root.key, SHA256())), self.keyring.pem(key)

    def revocations(self, serials: dict[str, int], at: int) -> str:
        """The lists (PEM) that tell a broker which serials count no more, one of each root."""
        lists = [self._list(root, serials, at) for root in self.keyring.roots()]
        return "".join(one.public_bytes(Encoding.PEM).decode() for one in lists)

    def _revoked(self) -> dict[str, int]:
        """What the list in the folder revokes; read again where it changed."""
        file = self.keyring.folder / REVOKED
        mark = file.stat().st_mtime_ns if file.exists() else 0
        if mark != self._ended[0]:
            self._ended = mark, serials_in(file.read_text())
        return self._ended[1]

    def _list(self, root: Root, serials: dict[str, int], at: int) -> x509.CertificateRevocationList:
        now = _moment(at)
        made = x509.CertificateRevocationListBuilder().issuer_name(root.certificate.subject)
        # a day earlier: a clock that was set back by an hour must not turn everybody away
        made = made.last_update(now - timedelta(days=1))
        made = made.next_update(now + timedelta(days=CRL_DAYS))
        for serial, since in serials.items():
            one = x509.RevokedCertificateBuilder().serial_number(int(serial, 16))
            made = made.add_revoked_certificate(one.revocation_date(_moment(since)).build())
        return made.sign(root.key, SHA256())

    def _leaf(
        self, root: Root, key: ec.EllipticCurvePublicKey, name: str, at: int, days: float,
        purpose: x509.ObjectIdentifier,
    ) -> x509.CertificateBuilder:  # fmt: skip
        now = _moment(at)
        usage = x509.KeyUsage(True, *[False] * 8)  # signatures, and nothing else
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.certificate.public_key())  # type: ignore[arg-type]
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]))
            .issuer_name(root.certificate.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - EARLIER)
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(above, critical=False)
        )

    def _name_in(self, leaf: x509.Certificate) -> str:
        """Its name, where one of our roots signed it for a kiosk; raises JoinRefused."""
        names = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        ours = any(_did_sign(root.certificate, leaf) for root in self.keyring.roots())
        key = leaf.public_key()
        if not ours or len(names) != 1 or not isinstance(key, ec.EllipticCurvePublicKey):
            raise refused("stranger")
        return str(names[0].value)


def life_of(chain: str) -> tuple[int, int]:
    """From when until when the first certificate in it is valid (ms since 1970)."""
    leaf = x509.load_pem_x509_certificate(chain.encode())
    return _ms(leaf.not_valid_before_utc), _ms(leaf.not_valid_after_utc)


def is_key_of(chain: str, file: Path) -> bool:
    """Whether that file holds the key of the first certificate: a power cut may come between."""
    leaf = x509.load_pem_x509_certificate(chain.encode())
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return False
    return key.public_key() == leaf.public_key()


def names_in(chain: str) -> tuple[str, ...]:
    """For which names and addresses the first certificate in it stands."""
    leaf = x509.load_pem_x509_certificate(chain.encode())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return tuple(str(name.value) for name in names)


def serials_in(lists: str) -> dict[str, int]:
    """Which serials such lists revoke, and since when; nothing where they cannot be read."""
    found: dict[str, int] = {}
    for part in lists.split("-----END X509 CRL-----")[:-1]:
        try:
            one = x509.load_pem_x509_crl((part + "-----END X509 CRL-----\n").encode())
        except ValueError:
            continue
        found |= {f"{it.serial_number:x}": _ms(it.revocation_date_utc) for it in one}
    return found


def _key_in(request: str) -> ec.EllipticCurvePublicKey:
    asked = _read(request, x509.load_pem_x509_csr, "csr")
    try:
        key = asked.public_key()
        signed = asked.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise refused("csr") from fault
    if not isinstance(key, ec.EllipticCurvePublicKey) or not signed:
        raise refused("csr")
    if not isinstance(key.curve, ec.SECP256R1):
        raise refused("csr")
    return key


def _read(pem: str, load: Callable[[bytes], _Read], code: str) -> _Read:
    if len(pem) > LONGEST_PEM:
        raise refused(code)
    try:
        return load(pem.encode("ascii"))
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise refused(code) from fault


def _did_sign(root: x509.Certificate, leaf: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _fingerprint(key: ec.EllipticCurvePublicKey) -> str:
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at // 1_000, UTC)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000
