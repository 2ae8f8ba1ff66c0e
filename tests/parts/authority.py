"""A hub's authority and signing key, small: enough to play the hub's side of a join to a kiosk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from shared.joining import Joined, SigningKey, certificate_name
from shared.places import KioskId, PointId, StoreId
from shared.signing import SignedMessage, write_signed
from shared.topics import Channel, Topic

CENTRO, CAJA, KIOSK = StoreId("centro"), PointId("caja-1"), KioskId("k-1")
FAR = 4_000_000_000_000
"""A `not_after` in 2096 (ms)."""

_SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False,
    data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
    encipher_only=False, decipher_only=False,
)  # fmt: skip


@dataclass
class SmallAuthority:
    """Signs what is asked of it, and messages of the hub; the life is in days from now."""

    life: tuple[float, float] = (-1, 30)
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    voice: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    serial: int = 0

    @cached_property
    def pem(self) -> str:
        """Its own certificate."""
        name = _name("Semblante test authority")
        public = self.key.public_key()
        builder = (
            _builder(name, name, public, -3_650, 3_650)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(_SIGNS_CERTIFICATES, critical=True)
        )
        return self._sign(builder)

    def _sign(self, builder: x509.CertificateBuilder) -> str:
        """With the name of its key, which Python 3.13 and later ask of every certificate."""
        own = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return _pem(builder.add_extension(own, critical=False).sign(self.key, SHA256()))

    @property
    def signing_key(self) -> SigningKey:
        """The public half of the hub's voice."""
        raw = self.voice.public_key().public_bytes_raw()
        digest = x509.SubjectKeyIdentifier.from_public_key(self.voice.public_key()).digest
        return SigningKey(digest.hex()[:16], raw.hex())

    def issue(self, request: str, name: str, life: tuple[float, float] | None = None) -> str:
        """A certificate (PEM) of that name for the key of a signing request."""
        public = x509.load_pem_x509_csr(request.encode()).public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        begin, end = life or self.life
        builder = _builder(_name("Semblante test authority"), _name(name), public, begin, end)
        return self._sign(builder)

    def joined(
        self,
        request: str,
        store: StoreId = CENTRO,
        kiosk: KioskId = KIOSK,
        point: PointId = CAJA,
        broker: tuple[str, int] = ("127.0.0.1", 8883),
        life: tuple[float, float] | None = None,
    ) -> Joined:
        """What a hub answers to a join."""
        return Joined(
            store, point, kiosk, self.issue(request, certificate_name(store, kiosk), life),
            self.pem, (self.signing_key,), *broker,
            store_name="Mercado Centro", point_name="Caja 1", languages=("es", "en"),
        )  # fmt: skip

    def serve(self, folder: Path, life: tuple[float, float] = (-1, 30)) -> tuple[Path, Path]:
        """Certificate and key of a server at 127.0.0.1, written into the folder; machines that
        qemu emulates see it at 10.0.2.2."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName(
            [
                x509.IPAddress(ip_address("127.0.0.1")),
                x509.IPAddress(ip_address("10.0.2.2")),
                x509.DNSName("localhost"),
            ]
        )
        issuer, own = _name("Semblante test authority"), _name("hub")
        builder = _builder(issuer, own, key.public_key(), *life).add_extension(names, False)
        certificate, private = folder / "server.pem", folder / "server-key.pem"
        certificate.write_text(self._sign(builder))
        encoding, plain = form.Encoding.PEM, form.NoEncryption()
        private.write_bytes(key.private_bytes(encoding, form.PrivateFormat.PKCS8, plain))
        return certificate, private

    def signed(
        self,
        channel: Channel,
        body: bytes,
        *,
        serial: int | None = None,
        not_after: int = FAR,
        store: StoreId = CENTRO,
        kiosk: KioskId = KIOSK,
    ) -> bytes:
        """What the hub publishes; the serial rises by itself."""
        self.serial = self.serial + 1 if serial is None else serial
        unsigned = SignedMessage(self.signing_key.id, self.serial, not_after, body)
        signature = self.voice.sign(unsigned.to_sign(str(Topic(store, kiosk, channel))))
        return write_signed(
            SignedMessage(unsigned.key_id, unsigned.serial, not_after, body, signature)
        )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    issuer: x509.Name,
    subject: x509.Name,
    public: ec.EllipticCurvePublicKey,
    begin: float,
    end: float,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=begin))
        .not_valid_after(now + timedelta(days=end))
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(form.Encoding.PEM).decode()
