"""Keys, signing requests and certificates: all that the kiosk asks of `cryptography` on joining.

The package is loaded when it is first needed, for the first page must not wait for it.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final

from shared.errors import DeviceError
from shared.joining import Joined, certificate_name

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

RENEWAL: Final = b"semblante-renew/1\n"
"""What the old key signs before the new request: a proof for nothing else."""

JOIN_AGAIN: Final = "Join again: make a new join code, and put it into the settings file."
_COMPARE: Final = "Compare the hub's address and fingerprint with what the page “Kiosks” says."


def new_key() -> str:
    """A new P-256 key (PEM)."""
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    pkcs8, plain = form.PrivateFormat.PKCS8, form.NoEncryption()
    return key.private_bytes(form.Encoding.PEM, pkcs8, plain).decode()


def request_of(key: str) -> str:
    """The signing request (PEM); who it is for the hub says, by the join code. Raises DeviceError.

    ECDSA is random, so each call gives other bytes; the public key in them is the same.
    """
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    nobody = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kiosk")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(nobody)
    return builder.sign(_key(key), SHA256()).public_bytes(Encoding.PEM).decode()


def proof(key: str, request: str) -> str:
    """That whoever sends this request has that key; raises DeviceError."""
    return proof_of(key, RENEWAL + request.encode())


def proof_of(key: str, said: bytes) -> str:
    """That whoever says this has that key; raises DeviceError."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    signature = _key(key).sign(said, ec.ECDSA(SHA256()))
    return base64.b64encode(signature).decode()


def pick(pem: str, fingerprint: str) -> str | None:
    """That one of several certificates (PEM) which has this SHA-256, in hexadecimal."""
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    wanted = re.sub(r"[\s:]", "", fingerprint).lower()
    try:
        found = _all(pem)
    except DeviceError:
        return None
    for one in found:
        if one.fingerprint(SHA256()).hex() == wanted:
            return one.public_bytes(Encoding.PEM).decode()
    return None


def life_of(pem: str) -> tuple[int, int]:
    """From when until when it is valid (ms since 1970); raises DeviceError."""
    leaf = _all(pem)[0]
    begin, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    return int(begin.timestamp() * 1_000), int(end.timestamp() * 1_000)


def check_joined(joined: Joined, key: str) -> None:
    """Raise DeviceError where the answer is not about this key, its own name and its authority."""
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    leaf, *between = _all(joined.certificate)
    names = [one.value for one in leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if leaf.public_key() != _key(key).public_key():
        raise _strange("it is about another key")
    if names != [certificate_name(joined.store_id, joined.kiosk_id)]:
        raise _strange("it is in another name")
    if not _is_signed(leaf, between, _all(joined.authority)):
        raise _strange("its authority has not signed it")


def _is_signed(
    leaf: Certificate, between: list[Certificate], authorities: list[Certificate]
) -> bool:
    """Whether each is signed by the next one, and the last by one of the authorities."""
    chain = [leaf, *between]
    links = zip(chain, between, strict=False)
    last = any(_did_sign(authority, chain[-1]) for authority in authorities)
    return last and all(_did_sign(above, below) for below, above in links)


def _did_sign(issuer: Certificate, below: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415

    try:
        below.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _all(pem: str) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415

    try:
        found = load_pem_x509_certificates(pem.encode())
    except ValueError as fault:
        raise DeviceError("that is no certificate", hint=JOIN_AGAIN, code="identity") from fault
    return found


def _key(pem: str) -> EllipticCurvePrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_private_key,
    )

    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise DeviceError("the key is damaged", hint=JOIN_AGAIN, code="identity")
    return key


def _strange(why: str) -> DeviceError:
    what = "the certificate that the hub sent is not ours"
    return DeviceError(f"{what}: {why}", hint=_COMPARE, code="identity")
