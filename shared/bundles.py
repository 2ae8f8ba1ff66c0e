"""A bundle: one version of the kiosk's program in one tar, and what its signed manifest says of it.

Laws of this page
1. Nothing of a bundle is believed before the signature over the very bytes of its manifest, and no
   file of it before its SHA-256.
2. What the manifest does not name is not in the bundle; no name leads out of the folder.
3. The serial rises with every release: by it alone one release is newer than another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from shared.errors import DeviceError
from shared.moments import LATEST_WALL_MS

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
INSTALLER: Final = "install.pyz"

LARGEST: Final = 512 << 20
"""Bytes: twice the installed kiosk. Nobody fills a card with one download."""

MOST_FILES: Final = 1_000
LONGEST_MANIFEST: Final = 256 << 10

_MARK: Final = b"semblante-bundle-v1\n"
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}", re.ASCII)
_PART = re.compile(r"[0-9A-Za-z_@+=~-][0-9A-Za-z._@+=~-]{0,199}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BundleFile:
    """What one file has to be."""

    sha256: str
    size: int

    def __post_init__(self) -> None:
        if _HASH.fullmatch(self.sha256) is None or not 0 <= self.size <= LARGEST:
            raise _unreadable("a file with an impossible hash or size")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself: `arch` and `python` are those that it was made for.

    It reads outboxes of the schemas `outbox_least` to `outbox_schema`, and writes the last of them.
    """

    version: str
    serial: int
    arch: str
    python: str
    outbox_schema: int
    files: Mapping[str, BundleFile]
    outbox_least: int = 1
    made_at: int = 0
    v: int = 1

    def __post_init__(self) -> None:
        check_version(self.version)
        if self.v != 1:
            raise DeviceError(f"a bundle of the form {self.v}, and only 1 is known", code="form")
        if not (1 <= self.serial < 2**53 and 0 <= self.made_at <= LATEST_WALL_MS):
            raise _unreadable("an impossible serial or time")
        if not 1 <= self.outbox_least <= self.outbox_schema <= 1_000:
            raise _unreadable("impossible schemas of the outbox")
        if len(self.files) > MOST_FILES or self.size > LARGEST:
            raise DeviceError("the bundle is too large", code="large")
        if not all(map(_leads_nowhere_else, self.files)):
            raise _unreadable("a file whose name leads elsewhere")

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files.values())


def check_version(text: str) -> str:
    """Return `text` if it may name a version, and so a folder; raises DeviceError."""
    if not isinstance(text, str) or _VERSION.fullmatch(text) is None or ".." in text:
        raise DeviceError(f"{text!r:.60} is no name of a version", code="version")
    return text


def to_sign(manifest: bytes) -> bytes:
    """The bytes under a bundle's signature, from the very bytes of its manifest."""
    return _MARK + manifest


def write_manifest(manifest: Manifest) -> bytes:
    """The bytes that are signed, and travel."""
    return json.dumps(asdict(manifest), indent=1, sort_keys=True).encode() + b"\n"


def read_manifest(payload: bytes) -> Manifest:
    """Take it apart; raises DeviceError. Keys that nobody knows are for later programs."""
    if len(payload) > LONGEST_MANIFEST:
        raise _unreadable("too long")
    try:
        values = json.loads(payload)
    except (ValueError, RecursionError) as fault:
        raise _unreadable("not JSON") from fault
    if not isinstance(values, dict) or not isinstance(values.get("files"), dict):
        raise _unreadable("not what a manifest is")
    files = {path: _file(one) for path, one in values["files"].items()}
    texts = {key: _of(values, key, str) for key in ("version", "arch", "python")}
    numbers = {key: _of(values, key, int) for key in ("serial", "outbox_schema", "v")}
    spare = {key: _of(values, key, int) for key in ("outbox_least", "made_at") if key in values}
    return Manifest(files=files, **texts, **numbers, **spare)


def _file(values: Any) -> BundleFile:
    if not isinstance(values, dict):
        raise _unreadable("a file that is none")
    return BundleFile(_of(values, "sha256", str), _of(values, "size", int))


def _of(values: Mapping[str, Any], key: str, kind: type) -> Any:
    value = values.get(key)
    if type(value) is not kind:
        raise _unreadable(f"“{key}” is missing, or is no {kind.__name__}")
    return value


def _leads_nowhere_else(path: str) -> bool:
    parts = path.split("/")
    return len(path) <= 400 and all(_PART.fullmatch(part) for part in parts)


def _unreadable(why: str) -> DeviceError:
    hint = "The file was damaged on its way, or is no bundle of ours: fetch or build it again."
    return DeviceError(f"the bundle's manifest cannot be read: {why}", hint=hint, code="manifest")
