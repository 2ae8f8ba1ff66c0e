"""Whether the hub answers: only what is well, and only by the certificate that it should show."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.hub.answering import wait_for_answer
from shared.errors import DeviceError

NAME = "hub.example.org"


def certificate(folder: Path, stem: str = "web") -> Path:
    """One that nobody but its owner vouches for; its key lies beside it."""
    file, key = folder / f"{stem}.pem", folder / f"{stem}-key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=hub", "-addext", f"subjectAltName=DNS:{NAME}",
         "-keyout", key, "-out", file],
        check=True, capture_output=True, timeout=20,
    )  # fmt: skip
    return file


@contextmanager
def answering(shown: Path, *statuses: str) -> Iterator[int]:
    """A web server that gives these answers, one a visitor; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, shown.with_name(f"{shown.stem}-key.pem"))

    def serve() -> None:
        for status in statuses:
            line, _ = door.accept()
            try:
                with context.wrap_socket(line, server_side=True) as safe:
                    safe.recv(4096)
                    safe.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())
            except OSError:
                line.close()

    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(10)
        thread = threading.Thread(target=serve)
        thread.start()
        yield door.getsockname()[1]
        thread.join(10)


def test_a_hub_that_is_away_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    shown = certificate(tmp_path)
    with answering(shown, "503 Away", "200 OK") as port:
        wait_for_answer(NAME, shown, port, seconds=10)


def test_what_was_heard_last_is_told(tmp_path: Path) -> None:
    shown = certificate(tmp_path)
    with (
        answering(shown, "503 Away") as port,
        pytest.raises(DeviceError, match="503 Away") as raised,
    ):
        wait_for_answer(NAME, shown, port, seconds=0.1)
    assert "journalctl" in raised.value.hint


def test_whoever_shows_another_certificate_is_not_the_hub(tmp_path: Path) -> None:
    shown, ours = certificate(tmp_path, "other"), certificate(tmp_path)
    with (
        answering(shown, "200 OK") as port,
        pytest.raises(DeviceError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        wait_for_answer(NAME, ours, port, seconds=0.1)


def test_where_nobody_listens_it_says_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(DeviceError, match="refused"):
        wait_for_answer(NAME, certificate(tmp_path), port, seconds=0.1)
