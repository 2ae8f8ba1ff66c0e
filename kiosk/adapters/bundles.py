"""A bundle that came from anywhere: signature and every file are verified before any is used."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.bundles import (
    LONGEST_MANIFEST,
    MANIFEST,
    SIGNATURE,
    BundleFile,
    Manifest,
    read_manifest,
    to_sign,
)
from shared.errors import DeviceError, WordError
from shared.joining import SigningKey

CHUNK: Final = 1 << 20

MOST_KEYS: Final = 20


def release_keys(file: Path) -> tuple[SigningKey, ...]:
    """By which keys releases are signed for this kiosk; raises DeviceError."""
    try:
        listed = json.loads(file.read_bytes()[:100_000])
        keys = tuple(SigningKey(one["id"], one["public"]) for one in listed)
    except (OSError, ValueError, KeyError, TypeError, WordError) as fault:
        hint = "Provision the kiosk anew: it does not know who signs its releases."
        raise DeviceError(f"{file} cannot be read: {fault}", hint=hint, code="keys") from fault
    return keys[:MOST_KEYS]


def verified(bundle: Path, keys: Sequence[SigningKey]) -> Manifest:
    """What the bundle is, once everything in it is what was signed; raises DeviceError."""
    with _opened(bundle) as tar:
        content = _next(tar, MANIFEST, LONGEST_MANIFEST)
        _check_signature(content, _next(tar, SIGNATURE, 64), keys)
        manifest = read_manifest(content)
        owed = dict(manifest.files)
        while (member := tar.next()) is not None:
            expected = owed.pop(member.name, None)
            if expected is None:
                raise _damaged(f"it holds {member.name!r:.80}, which its manifest does not name")
            _check_file(tar, member, expected)
    if owed:
        raise _damaged(f"{next(iter(owed))} is missing")
    return manifest


def take_out(bundle: Path, name: str, expected: BundleFile, to: Path) -> None:
    """Write one file of it, and verify once more what was written; raises DeviceError."""
    with _opened(bundle) as tar:
        member = tar.getmember(name)
        with _file(tar, member) as file:
            to.write_bytes(file.read(expected.size))
    if hashlib.sha256(to.read_bytes()).hexdigest() != expected.sha256:
        raise _damaged(f"{name} is not what was signed")


@contextmanager
def _opened(bundle: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(bundle, "r:") as tar:
            yield tar
    except (tarfile.TarError, OSError, EOFError, KeyError, ValueError) as fault:
        raise _damaged(str(fault)) from fault


def _next(tar: tarfile.TarFile, name: str, most: int) -> bytes:
    """The next file, which has to be this one: nothing is looked at before the signature."""
    member = tar.next()
    if member is None or member.name != name:
        raise _unsigned(f"there is no {name} where it has to be")
    if member.size > most:
        raise _damaged(f"{name} is too long")
    with _file(tar, member) as file:
        return file.read(most)


def _file(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(member) if member.isreg() else None
    if file is None:
        raise _damaged(f"{member.name!r:.80} is no plain file")
    return file


def _check_file(tar: tarfile.TarFile, member: tarfile.TarInfo, expected: BundleFile) -> None:
    digest = hashlib.sha256()
    if member.size == expected.size:
        with _file(tar, member) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    if digest.hexdigest() != expected.sha256:
        raise _damaged(f"{member.name!r:.80} is not what was signed")


def _check_signature(manifest: bytes, signature: bytes, keys: Sequence[SigningKey]) -> None:
    for key in keys:
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.public))
            public.verify(signature, to_sign(manifest))
        except (InvalidSignature, ValueError):
            continue
        return
    raise _unsigned("nobody whom this kiosk trusts has signed it")


def _unsigned(why: str) -> DeviceError:
    return DeviceError(
        f"the bundle is not taken: {why}",
        hint="Build it with the key whose public half the kiosks carry: docs/updates.md.",
        code="signature",
    )


def _damaged(why: str) -> DeviceError:
    return DeviceError(
        f"the bundle is damaged or cut short: {why}",
        hint="It is fetched anew with the next order; else compare the hub's file with the build.",
        code="truncated",
    )
