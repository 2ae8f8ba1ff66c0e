"""A bundle put together: files, the manifest over them, and a signature over that."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.raspberrypi.bundling.program import installer
from deploy.raspberrypi.bundling.wheels import ARCH, PYTHON, build_wheel, fetch_wheels
from shared.bundles import (
    MANIFEST,
    SIGNATURE,
    BundleFile,
    Manifest,
    check_version,
    to_sign,
    write_manifest,
)

Sign = Callable[[bytes], bytes]

OUTBOX_SCHEMA: Final = 1
"""That of kiosk/adapters/outbox_tables.py, which is not imported here: a test compares them."""

_HERE: Final = Path(__file__).parents[1]
SOURCE: Final = _HERE.parents[1]
LOCKED: Final = _HERE / "requirements.txt"
KEYS: Final = "system/etc/semblante/release-keys.json"


@dataclass(frozen=True, slots=True)
class Release:
    """Who signs, and the public keys that a kiosk installed from this bundle believes later on."""

    sign: Sign
    keys: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which bundle: `version` is our wheel's where it is not said, `serial` rises by build."""

    serial: int
    made_at: int
    version: str | None = None
    release: Release | None = None


def build_bundle(wanted: Wanted, cache: Path, into: Path) -> Path:
    """Build it; the file has its name only once it is whole."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        own = build_wheel(SOURCE, Path(scratch))
        keys = {KEYS: wanted.release.keys} if wanted.release else {}
        contents = keys | _contents(own, fetch_wheels(LOCKED, cache / "wheels"))
        version = check_version(wanted.version or own.name.split("-")[1])
        bundle = into / f"semblante-kiosk-{version}.tar"
        write_bundle(bundle, contents, version, wanted)
    return bundle


def write_bundle(bundle: Path, contents: Mapping[str, bytes], version: str, wanted: Wanted) -> None:
    """The manifest first, its signature second, then every file by name."""
    files = {name: _entry(raw) for name, raw in contents.items()}
    manifest = write_manifest(
        Manifest(version, wanted.serial, ARCH, PYTHON, OUTBOX_SCHEMA, files, made_at=wanted.made_at)
    )
    fresh = bundle.with_name(f".{bundle.name}.new")
    with tarfile.open(fresh, "w", format=tarfile.USTAR_FORMAT) as tar:
        _add(tar, MANIFEST, manifest)
        if wanted.release is not None:
            _add(tar, SIGNATURE, wanted.release.sign(to_sign(manifest)))
        for name, raw in sorted(contents.items()):
            _add(tar, name, raw)
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    fresh.replace(bundle)


def _contents(own: Path, wheels: Sequence[Path]) -> dict[str, bytes]:
    raw = own.read_bytes()
    version, digest = own.name.split("-")[1], hashlib.sha256(raw).hexdigest()
    line = f"semblante=={version} --hash=sha256:{digest}\n"
    return {
        "install.pyz": installer(SOURCE),
        "packages.txt": (_HERE / "packages.txt").read_bytes(),
        "requirements.txt": LOCKED.read_bytes() + line.encode(),
        **{f"wheels/{wheel.name}": wheel.read_bytes() for wheel in (*wheels, own)},
        **_folder("units"),
        **_folder("system"),
    }


def _folder(name: str) -> dict[str, bytes]:
    found = (path for path in (_HERE / name).rglob("*") if path.is_file())
    return {str(path.relative_to(_HERE)): path.read_bytes() for path in found}


def _entry(raw: bytes) -> BundleFile:
    return BundleFile(hashlib.sha256(raw).hexdigest(), len(raw))


def _add(tar: tarfile.TarFile, name: str, raw: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(raw), 0o644
    tar.addfile(member, io.BytesIO(raw))
