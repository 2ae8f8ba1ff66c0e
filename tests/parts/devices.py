"""A device that wants to become a kiosk: its keys, its requests, and what it was given."""

from __future__ import annotations

import base64

from cryptography import x509
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from hub.adapters.authority import RENEWAL


class Device:
    """One key, and the request for it."""

    def __init__(self, curve: ec.EllipticCurve | None = None) -> None:
        self.key = ec.generate_private_key(curve or ec.SECP256R1())

    def request(self, name: str = "kiosk") -> str:
        """The signing request (PEM), in whatever name."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
        names = x509.SubjectAlternativeName([x509.DNSName("hub.example.com")])
        asked = builder.add_extension(names, critical=False)
        asked = asked.add_extension(x509.BasicConstraints(ca=True, path_length=3), critical=True)
        return asked.sign(self.key, SHA256()).public_bytes(form.Encoding.PEM).decode()

    def prove(self, request: str) -> str:
        """That whoever sends this request has this key."""
        return self.prove_said(RENEWAL + request.encode())

    def prove_said(self, said: bytes) -> str:
        """That whoever says this has this key."""
        signature = self.key.sign(said, ec.ECDSA(SHA256()))
        return base64.b64encode(signature).decode()

    def pem(self) -> str:
        """The private key."""
        pkcs8, plain = form.PrivateFormat.PKCS8, form.NoEncryption()
        return self.key.private_bytes(form.Encoding.PEM, pkcs8, plain).decode()
