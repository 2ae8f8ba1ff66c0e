"""Small releases of the kiosk's program: signed bundles whose installer takes a millisecond."""

from __future__ import annotations

import hashlib
import io
import json
import ssl
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.bundles import BundleFile, Manifest, to_sign, write_manifest
from shared.joining import SigningKey
from tests.parts.authority import SmallAuthority

PROGRAM = b"all of it"

INSTALL = b"""
import json, pathlib, shutil, sys, tarfile
bundle, root = sys.argv[1], pathlib.Path(sys.argv[sys.argv.index("--root") + 1])
with tarfile.open(bundle) as tar:
    manifest = tar.extractfile("manifest.json").read()
    folder = root / "data/semblante/versions" / json.loads(manifest)["version"]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "manifest.json").write_bytes(manifest)
    (folder / "program").write_bytes(tar.extractfile("wheels/program").read())
(folder / ".complete").touch()
"""


class Releases:
    """Builds bundles with one key; `files` are what the next ones hold."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.files: dict[str, bytes] = {"install.pyz": INSTALL, "wheels/program": PROGRAM}

    @property
    def key(self) -> SigningKey:
        """The public half."""
        raw = self._key.public_key().public_bytes_raw()
        return SigningKey(hashlib.sha256(raw).hexdigest()[:16], raw.hex())

    def write_keys(self, file: Path) -> Path:
        """What a kiosk carries of it."""
        file.write_text(json.dumps([{"id": self.key.id, "public": self.key.public}]))
        return file

    def manifest(self, version: str, serial: int, **changed: Any) -> Manifest:
        """What a bundle says of itself."""
        files = {
            name: BundleFile(hashlib.sha256(content).hexdigest(), len(content))
            for name, content in self.files.items()
        }
        return Manifest(version, serial, "any", "any", 1, files, **changed)

    def build(self, to: Path, version: str, serial: int, **changed: Any) -> Path:
        """A bundle that is right."""
        manifest = write_manifest(self.manifest(version, serial, **changed))
        return self.pack(to, manifest, self._key.sign(to_sign(manifest)), self.files)

    def pack(self, to: Path, manifest: bytes, signature: bytes, files: Mapping[str, bytes]) -> Path:
        """A bundle of whatever it is."""
        with tarfile.open(to, "w") as tar:
            for name, content in (
                ("manifest.json", manifest),
                ("manifest.sig", signature),
                *files.items(),
            ):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        return to


class BundleDoor:
    """Hands out the files of a folder over TLS, by ranges; `most` is after how many bytes a line
    breaks."""

    def __init__(self, folder: Path, authority: SmallAuthority, shelf: Path) -> None:
        self.shelf = shelf
        self.most: int | None = None
        self.ranges: list[str | None] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*authority.serve(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def url(self, version: str) -> str:
        """Where a version is."""
        return f"https://127.0.0.1:{self._server.server_address[1]}/{version}"

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers["Range"]
                door.ranges.append(asked)
                file = door.shelf / self.path.rpartition("/")[2]
                if not file.exists():
                    return self.send_error(404)
                content = file.read_bytes()
                begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
                if begin >= len(content):
                    return self.send_error(416)
                self.send_response(206 if asked else 200)
                self.send_header("Content-Length", str(len(content) - begin))
                self.end_headers()
                self.wfile.write(content[begin:][: door.most])
                return None

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        return Handler


@contextmanager
def bundle_door(folder: Path, authority: SmallAuthority, shelf: Path) -> Iterator[BundleDoor]:
    """A door that is open for the block."""
    door = BundleDoor(folder, authority, shelf)
    try:
        yield door
    finally:
        door.close()
