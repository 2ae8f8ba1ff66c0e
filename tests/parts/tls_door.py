"""What stands before a hub's site in a store: TLS outside, and the hub's own port behind."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.parts.ports import free_port


class TlsDoor:
    """Passes on whatever comes, decrypted, one thread for each way of each line."""

    def __init__(self, behind: int) -> None:
        self.port = free_port()
        self._behind = behind
        self._listener: socket.socket | None = None

    def open(self, certificate: Path, key: Path) -> None:
        """Begin to listen."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, args=(self._listener, context), daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()

    def _serve(self, listener: socket.socket, context: ssl.SSLContext) -> None:
        with suppress(OSError):
            while True:
                line, _ = listener.accept()
                line.settimeout(10)
                threading.Thread(target=self._pass_on, args=(line, context), daemon=True).start()

    def _pass_on(self, line: socket.socket, context: ssl.SSLContext) -> None:
        with (
            suppress(OSError),
            closing(context.wrap_socket(line, server_side=True)) as outside,
            closing(socket.create_connection(("127.0.0.1", self._behind), 10)) as inside,
        ):
            inward = threading.Thread(target=_pump, args=(outside, inside), daemon=True)
            inward.start()
            _pump(inside, outside)
            inward.join(10)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@contextmanager
def tls_door(behind: int) -> Iterator[TlsDoor]:
    """One, closed at the end; whoever has the certificate opens it."""
    door = TlsDoor(behind)
    try:
        yield door
    finally:
        door.close()
