"""Bundles of the kiosks' program in a folder of the hub's: checked as they come, kept whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.bundles import (
    LONGEST_MANIFEST,
    MANIFEST,
    SIGNATURE,
    Manifest,
    check_version,
    read_manifest,
    to_sign,
)
from shared.errors import DeviceError

CHUNK: Final = 1 << 20
SUFFIX: Final = ".tar"


class BundleShelf:
    """The folder; `keys` (as kiosks carry them) say whose signature a bundle needs to be taken."""

    def __init__(self, folder: Path, keys: Path | None = None) -> None:
        self._folder, self._keys = folder, keys

    def bundles(self) -> Sequence[Manifest]:
        """What is there, the newest serial first."""
        found = []
        for file in self._folder.glob(f"*{SUFFIX}"):
            with suppress(DeviceError), _opened(file) as tar:
                found.append(read_manifest(_next(tar, MANIFEST, LONGEST_MANIFEST)))
        return sorted(found, key=lambda one: one.serial, reverse=True)

    def file(self, version: str) -> Path | None:
        """The file of a version, where it is there."""
        with suppress(DeviceError):
            file = self._folder / f"{check_version(version)}{SUFFIX}"
            return file if file.is_file() else None
        return None

    def add(self, file: Path) -> Manifest:
        """Take one, once everything in it is what its manifest says; raises DeviceError."""
        manifest = self._checked(file)
        self._check_new(file, manifest)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside = self._folder / f".{manifest.version}.new"
            shutil.copyfile(file, beside)
            with beside.open("rb") as copied:
                os.fsync(copied.fileno())
            beside.replace(self._folder / f"{manifest.version}{SUFFIX}")
        except OSError as fault:
            raise DeviceError(f"{self._folder}: {fault}", code="folder") from fault
        return manifest

    def _check_new(self, file: Path, manifest: Manifest) -> None:
        there = self.file(manifest.version)
        if there is not None and _digest(there) != _digest(file):
            raise DeviceError(
                f"another bundle of version {manifest.version} is there",
                hint="A version never changes: give the new build another one.",
                code="version",
            )

    def _checked(self, file: Path) -> Manifest:
        with _opened(file) as tar:
            content = _next(tar, MANIFEST, LONGEST_MANIFEST)
            self._check_signature(content, _next(tar, SIGNATURE, 64))
            manifest = read_manifest(content)
            owed = {name: one.sha256 for name, one in manifest.files.items()}
            while (member := tar.next()) is not None:
                if owed.pop(member.name, None) != _sha256(_file(tar, member)):
                    raise _damaged(f"{member.name!r:.80} is not what its manifest says")
        if owed:
            raise _damaged(f"{next(iter(owed))} is missing")
        return manifest

    def _check_signature(self, manifest: bytes, signature: bytes) -> None:
        if self._keys is None:
            return  # the kiosks ask for it, whoever keeps the file meanwhile
        try:
            keys = [one["public"] for one in json.loads(self._keys.read_bytes())]
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise DeviceError(f"{self._keys} cannot be read: {fault}", code="keys") from fault
        for public in keys:
            with suppress(InvalidSignature, ValueError):
                Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
                    signature, to_sign(manifest)
                )
                return
        hint = "Build it with “--key” and the release key whose public half the kiosks carry."
        raise DeviceError("nobody known has signed this bundle", hint=hint, code="signature")


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r:") as tar:
            yield tar
    except (tarfile.TarError, OSError, EOFError, ValueError) as fault:
        raise _damaged(str(fault)) from fault


def _next(tar: tarfile.TarFile, name: str, most: int) -> bytes:
    member = tar.next()
    if member is None or member.name != name or member.size > most:
        raise _damaged(f"there is no {name} where it has to be")
    return _file(tar, member).read(most)


def _file(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(member) if member.isreg() else None
    if file is None:
        raise _damaged(f"{member.name!r:.80} is no plain file")
    return file


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return _sha256(opened)


def _damaged(why: str) -> DeviceError:
    hint = "Build it anew, signed: “python -m deploy.raspberrypi bundle --key …”."
    return DeviceError(f"this is no bundle, or a damaged one: {why}", hint=hint, code="bundle")
