"""A real receiver of alerts, by http or https, on a free port of the loopback."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

PATIENCE = 10.0
"""Seconds for something to arrive; it takes milliseconds."""


@dataclass(slots=True)
class Arrived:
    """What came: where to, with which headers, and what."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """Answers with `answers`, one after the other, then with 200."""

    port: int
    scheme: str
    answers: list[int] = field(default_factory=list)
    arrived: Queue[Arrived] = field(default_factory=Queue)
    location: str = ""
    before: Callable[[Any], None] | None = None
    """Called with the connection's file before anything is answered."""

    @property
    def address(self) -> str:
        """Where it is reached, by the name for which it has a certificate."""
        return f"{self.scheme}://localhost:{self.port}/alerts?shop=1"

    def next(self) -> Arrived:
        """What came next."""
        return self.arrived.get(timeout=PATIENCE)


@contextmanager
def receiving(certificate: Path | None = None) -> Iterator[Receiver]:
    """A receiver until the block ends; with a certificate (and its key) by https."""
    server = _Quiet(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    scheme = "http" if certificate is None else "https"
    receiver = Receiver(server.server_address[1], scheme)
    server.receiver = receiver  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.arrived.put(Arrived(self.path, dict(self.headers.items()), body))
        if receiver.before is not None:
            receiver.before(self.wfile)
        status = receiver.answers.pop(0) if receiver.answers else 200
        self.send_response(status)
        if receiver.location:
            self.send_header("Location", receiver.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: tests say what came."""


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what some tests are about."""


def make_certificate(folder: Path, name: str = "localhost") -> Path:
    """A certificate for this name that signed itself, and its key, in one file."""
    key, certificate, both = (folder / f"{name}.{end}" for end in ("key", "crt", "pem"))
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
            "-keyout", str(key), "-out", str(certificate),
        ],
        check=True,
        capture_output=True,
        timeout=30,
    )  # fmt: skip
    both.write_text(key.read_text() + certificate.read_text())
    return both
