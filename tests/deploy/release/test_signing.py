"""A release is signed by its owner's key, and anybody can verify it with OpenSSL."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from deploy.release.signing import is_signed, read_key, sign
from shared.errors import ReleaseRefused


def written(key: Ed25519PrivateKey, file: Path) -> Path:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(pem)
    return file


def test_what_was_signed_is_known_and_what_was_altered_is_not(tmp_path: Path) -> None:
    key, sums = Ed25519PrivateKey.generate(), tmp_path / "SHA256SUMS"
    sums.write_text("as it was\n")
    signature = sign(sums, read_key(written(key, tmp_path / "key.pem")))
    assert signature.name == "SHA256SUMS.sig"
    assert is_signed(sums, key.public_key())
    assert not is_signed(sums, Ed25519PrivateKey.generate().public_key())
    sums.write_text("as it is now\n")
    assert not is_signed(sums, key.public_key())
    signature.unlink()
    assert not is_signed(sums, key.public_key())


def test_openssl_verifies_what_we_sign(tmp_path: Path) -> None:
    key, sums = Ed25519PrivateKey.generate(), tmp_path / "SHA256SUMS"
    sums.write_text("as it was\n")
    sign(sums, key)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "release.pub").write_bytes(public)
    words = (
        "pkeyutl -verify -pubin -inkey release.pub -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig"
    )
    command = ["openssl", *words.split()]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=20)


def test_another_kind_of_key_and_no_key_are_refused(tmp_path: Path) -> None:
    pem = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (tmp_path / "p256.pem").write_bytes(pem)
    with pytest.raises(ReleaseRefused, match="no Ed25519 key"):
        read_key(tmp_path / "p256.pem")
    (tmp_path / "rubbish.pem").write_text("rubbish")
    for name in ("rubbish.pem", "nothing.pem"):
        with pytest.raises(ReleaseRefused, match="cannot be read"):
            read_key(tmp_path / name)
