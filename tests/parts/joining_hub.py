"""A small hub's door for devices, over real TLS: it joins and renews, or refuses as it is told."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.adapters.certificates import RENEWAL
from shared.commands import diagnosis_to_sign
from shared.wire import encode
from tests.parts.authority import SmallAuthority

CODE = bytes(range(16))
"""The one join code of a small hub."""

Answer = tuple[int, bytes]


class JoiningHub:
    """`answer` may be set to what it says instead of what it should."""

    def __init__(self, folder: Path, authority: SmallAuthority, life: tuple[float, float]) -> None:
        self.authority = authority
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answer: Answer | None = None
        self.broker = ("127.0.0.1", 8883)
        self._used_by: bytes | None = None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*authority.serve(folder, life))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        """What a settings file says."""
        return f"https://127.0.0.1:{self._server.server_address[1]}"

    @property
    def fingerprint(self) -> str:
        """Of its authority."""
        return (
            x509.load_pem_x509_certificate(self.authority.pem.encode()).fingerprint(SHA256()).hex()
        )

    def close(self) -> None:
        """Nobody answers any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _told(self, path: str, body: dict[str, Any]) -> Answer:
        if path == "/api/v1/authority":
            return 200, self.authority.pem.encode()
        self.asked.append((path, body))
        if self.answer is not None:
            return self.answer
        if path == "/api/v1/diagnoses":
            return self._diagnosed(body)
        return self._joined(body) if path == "/api/v1/join" else self._renewed(body)

    def _joined(self, body: dict[str, Any]) -> Answer:
        from shared.joining import write_code  # noqa: PLC0415

        if body["code"] != write_code(CODE):
            return refusal(403, "unknown", "nobody made this join code")
        key = x509.load_pem_x509_csr(body["csr"].encode()).public_key()
        known = x509.SubjectKeyIdentifier.from_public_key(key).digest
        if self._used_by not in {None, known}:
            return refusal(403, "used", "this join code was used by another device")
        self._used_by = known
        return 200, encode(self.authority.joined(body["csr"], broker=self.broker))

    def _renewed(self, body: dict[str, Any]) -> Answer:
        old = x509.load_pem_x509_certificate(body["certificate"].encode()).public_key()
        assert isinstance(old, ec.EllipticCurvePublicKey)
        said = RENEWAL + body["csr"].encode()
        try:
            old.verify(base64.b64decode(body["proof"]), said, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return refusal(403, "proof", "the proof is not of the old key")
        return 200, encode(self.authority.joined(body["csr"], broker=self.broker))

    def _diagnosed(self, body: dict[str, Any]) -> Answer:
        old = x509.load_pem_x509_certificate(body["certificate"].encode()).public_key()
        assert isinstance(old, ec.EllipticCurvePublicKey)
        said = diagnosis_to_sign(body["command"], body["document"])
        try:
            old.verify(base64.b64decode(body["proof"]), said, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return refusal(422, "proof", "the proof is not of the key")
        return 204, b""

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say(hub._told(self.path, {}))

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                self._say(hub._told(self.path, json.loads(self.rfile.read(length))))

            def log_message(self, *_: Any) -> None:
                """Nobody reads it."""

            def _say(self, answer: Answer) -> None:
                self.send_response(answer[0])
                self.send_header("Content-Length", str(len(answer[1])))
                self.end_headers()
                self.wfile.write(answer[1])

        return Handler


def refusal(status: int, code: str, detail: str, hint: str = "Make a new one.") -> Answer:
    """A refusal as the hub words it."""
    body = {"title": "", "status": status, "detail": detail, "code": code, "hint": hint}
    return status, json.dumps(body).encode()


@contextmanager
def joining_hub(
    folder: Path, authority: SmallAuthority, life: tuple[float, float] = (-1, 30)
) -> Iterator[JoiningHub]:
    """One, for the length of the block."""
    hub = JoiningHub(folder, authority, life)
    try:
        yield hub
    finally:
        hub.close()
