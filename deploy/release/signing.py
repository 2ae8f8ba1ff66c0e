"""The signature under SHA256SUMS (Ed25519), and with it under every file of a release."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from shared.errors import ReleaseRefused


def read_key(file: Path) -> Ed25519PrivateKey:
    """The owner's key: an unencrypted PEM file, as `openssl genpkey` makes it."""
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise ReleaseRefused(f"the key {file} cannot be read: {fault}") from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise ReleaseRefused(f"the key {file} is no Ed25519 key")
    return key


def sign(file: Path, key: Ed25519PrivateKey) -> Path:
    """Lay the raw 64 bytes beside the file, as FILE.sig."""
    signature = file.with_name(file.name + ".sig")
    signature.write_bytes(key.sign(file.read_bytes()))
    return signature


def is_signed(file: Path, key: Ed25519PublicKey) -> bool:
    """Whether FILE.sig is this key's signature under FILE as it is now."""
    try:
        key.verify(file.with_name(file.name + ".sig").read_bytes(), file.read_bytes())
    except (InvalidSignature, OSError):
        return False
    return True
