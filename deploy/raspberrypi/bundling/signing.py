"""The release key (Ed25519) of whoever builds bundles: it signs, and kiosks are given its half."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from deploy.raspberrypi.bundling.bundle import Release
from deploy.release.signing import read_key


def signer(file: Path) -> Release:
    """Raises ReleaseRefused where it is no such key."""
    key = read_key(file)
    return Release(key.sign, release_keys(key))


def release_keys(*keys: Ed25519PrivateKey) -> bytes:
    """/etc/semblante/release-keys.json, by which a kiosk knows later bundles."""
    public = [key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) for key in keys]
    told = [{"id": hashlib.sha256(one).hexdigest()[:16], "public": one.hex()} for one in public]
    return json.dumps(told, indent=1).encode() + b"\n"
