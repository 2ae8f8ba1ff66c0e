"""Whether the hub answers where browsers will look for it: by TLS, through the web server."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from shared.errors import DeviceError

_SECONDS = 60
"""A hub with a large database reads its schedule and names before it answers."""


def wait_for_answer(
    name: str, certificate: Path | None, port: int = 443, seconds: float = _SECONDS
) -> None:
    """Return once all is well; raises DeviceError with what was heard last.

    Only whoever shows this `certificate` is believed; without one, whoever the system trusts.
    """
    deadline, said = time.monotonic() + seconds, "nothing"
    while time.monotonic() < deadline:
        said = _asked(lambda: _status_line(name, _context(certificate), port))
        if said.split()[1:2] == [str(HTTPStatus.OK.value)]:
            return
        time.sleep(0.2)
    raise DeviceError(
        f"https://{name}/healthz does not answer that all is well: {said}",
        hint="See why: journalctl --unit 'semblante-*' --since -10min",
    )


def _asked(question: Callable[[], str]) -> str:
    try:
        return question()
    except (OSError, ssl.SSLError) as fault:
        return str(fault)


def _context(certificate: Path | None) -> ssl.SSLContext:
    if certificate is None:
        return ssl.create_default_context()
    context = ssl.create_default_context(cafile=str(certificate))
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # this one, whoever signed it
    return context


def _status_line(name: str, context: ssl.SSLContext, port: int) -> str:
    """To this machine itself, whatever the name leads to elsewhere."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=name) as line,
    ):
        line.sendall(f"GET /healthz HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        return line.recv(4096).decode("latin-1").partition("\r\n")[0]
