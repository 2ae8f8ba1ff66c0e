"""A bundle read to its end and found whole, before anything on the machine is touched."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from shared.bundles import (
    LONGEST_MANIFEST,
    MANIFEST,
    SIGNATURE,
    BundleFile,
    Manifest,
    read_manifest,
)
from shared.errors import DeviceError

_CHUNK: Final = 1 << 20
_AGAIN: Final = "Copy it again; nothing was changed on this machine."


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose every file was found to be what the manifest says."""

    path: Path
    manifest: Manifest

    def raw(self, name: str) -> bytes:
        """One small file; raises DeviceError where the manifest does not name it."""
        if name not in self.manifest.files:
            raise DeviceError(f"{self.path.name} holds no {name}", hint=_AGAIN, code="bundle")
        with _opened(self.path) as tar:
            return _contents(tar, tar.getmember(name)).read()

    def text(self, name: str) -> str:
        """One small text."""
        return self.raw(name).decode()

    def below(self, folder: str) -> dict[str, str]:
        """All texts below a folder, by the rest of their path."""
        names = sorted(name for name in self.manifest.files if name.startswith(f"{folder}/"))
        return {name.removeprefix(f"{folder}/"): self.text(name) for name in names}

    def unpack(self, into: Path) -> None:
        """Every file of the manifest, summed once more while it is written, and nothing else."""
        into.mkdir(parents=True, exist_ok=True)
        with _opened(self.path) as tar:
            for member in tar:
                promised = self.manifest.files.get(member.name)
                if promised is not None:
                    _unpack(tar, member, into / member.name, promised)
                elif member.name in {MANIFEST, SIGNATURE}:
                    (into / member.name).write_bytes(_contents(tar, member).read(LONGEST_MANIFEST))


def open_bundle(path: Path) -> Bundle:
    """Read a bundle to its end; every file that is missing or not as promised is told at once."""
    with _opened(path) as tar:
        first = tar.next()
        if first is None or first.name != MANIFEST:
            raise DeviceError(f"{path} is no bundle: no manifest comes first", hint=_AGAIN)
        manifest = read_manifest(_contents(tar, first).read(LONGEST_MANIFEST + 1))
        found = {member.name: _summed(tar, member) for member in tar if member.isfile()}
    wrong = [name for name, promised in manifest.files.items() if found.get(name) != promised]
    if wrong:
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        raise DeviceError(
            f"{path.name} is damaged or was cut off: {', '.join(wrong[:5])}{more}",
            hint=_AGAIN,
            code="bundle",
        )
    return Bundle(path, manifest)


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError, OSError) as fault:
        raise DeviceError(
            f"{path}: cannot be read ({fault})", hint=_AGAIN, code="bundle"
        ) from fault


def _contents(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    reading = tar.extractfile(member) if member.isfile() else None
    if reading is None:
        raise DeviceError(f"“{member.name[:80]}” is no file", hint=_AGAIN, code="bundle")
    return reading


def _summed(tar: tarfile.TarFile, member: tarfile.TarInfo) -> BundleFile:
    reading, digest = _contents(tar, member), hashlib.sha256()
    while chunk := reading.read(_CHUNK):
        digest.update(chunk)
    return BundleFile(digest.hexdigest(), member.size)


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, to: Path, promised: BundleFile) -> None:
    reading, digest = _contents(tar, member), hashlib.sha256()
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("wb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            writing.write(chunk)
    if digest.hexdigest() != promised.sha256:
        raise DeviceError(f"{member.name} changed while it was unpacked", code="bundle")
