"""Sends a body to an address that a store gave, and to no place where it must not go.

The name is resolved here, each address behind it is judged, and the connection goes to the very
address that was judged: a name that answers otherwise the second time leads nowhere. No redirect is
followed, no proxy asked, nothing of the answer but its status is read, and all of it ends in time.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Timer
from typing import Any, Final

from hub.core.waiting.receivers import PORTS, Address, Network, Receiver, lets, receiver_of
from shared.errors import WebhookFailed

SECONDS: Final = 5.0
"""To connect, and again to send and be answered: a receiver that takes longer should queue."""

MOST_TRIED: Final = 3
"""Addresses behind one name: an old and a new one of the internet's, and one to spare."""

Resolve = Callable[..., Sequence[tuple[Any, ...]]]


class Webhooks:
    """Sends by POST; `inside` are the networks into which the hub's settings let it."""

    def __init__(
        self,
        inside: Sequence[Network] = (),
        ca_file: Path | None = None,
        *,
        seconds: float = SECONDS,
        resolve: Resolve = socket.getaddrinfo,
    ) -> None:
        self._inside, self._seconds, self._resolve = inside, seconds, resolve
        self._tls = ssl.create_default_context()
        if ca_file is not None:
            self._tls.load_verify_locations(ca_file)

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Returns once it was taken; raises WebhookFailed."""
        receiver = receiver_of(address)
        if receiver is None:
            raise WebhookFailed("that is no address")
        try:
            status = self._status(receiver, body, headers)
        except (OSError, HTTPException, ValueError) as fault:
            raise WebhookFailed(f"{type(fault).__name__}: {fault}") from fault
        if not 200 <= status < 300:
            raise WebhookFailed(f"it answered {status}")

    def _status(self, receiver: Receiver, body: bytes, headers: Mapping[str, str]) -> int:
        there = self._judged(receiver)
        with self._connected(receiver, there) as sock, ended_after(self._seconds, sock) as late:
            sock.settimeout(self._seconds)
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            connection = HTTPConnection(receiver.host, receiver.port)
            connection.sock, connection.auto_open = sock, 0
            named = {"Host": _host(receiver), "Connection": "close", **headers}
            connection.request("POST", receiver.path, body, named)
            with connection.getresponse() as response:
                if late.is_set():
                    raise WebhookFailed("it took too long")
                return response.status

    def _judged(self, receiver: Receiver) -> list[Address]:
        """The addresses behind the name that may be reached, in the system's order."""
        found = self._resolve(receiver.host, receiver.port, type=socket.SOCK_STREAM)
        every = [ip_address(str(place[0]).partition("%")[0]) for *_, place in found]
        allowed = [one for one in every if lets(one, receiver.scheme, self._inside)]
        if not allowed:
            raise WebhookFailed(
                "it stands where nothing may be sent",
                hint="Use https, or name its network in the hub's setting alerts.networks.",
            )
        return allowed[:MOST_TRIED]

    @contextmanager
    def _connected(self, receiver: Receiver, there: Sequence[Address]) -> Iterator[socket.socket]:
        with self._first(there, receiver.port) as sock:
            if receiver.scheme != "https":
                yield sock
                return
            name = receiver.host
            with self._tls.wrap_socket(
                sock, server_hostname=name, do_handshake_on_connect=False
            ) as safe:
                yield safe

    def _first(self, there: Sequence[Address], port: int) -> socket.socket:
        """A connection to the first of them that answers."""
        seconds = self._seconds / len(there)
        for one in there[:-1]:
            try:
                return socket.create_connection((str(one), port), seconds)
            except OSError:
                continue
        return socket.create_connection((str(there[-1]), port), seconds)


@contextmanager
def ended_after(seconds: float, sock: socket.socket) -> Iterator[Event]:
    """Ends a connection that takes longer, and sets the event: one that gives a byte at a time
    never times out by itself."""
    late = Event()
    timer = Timer(seconds, _end, [sock, late])
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _end(sock: socket.socket, late: Event) -> None:
    late.set()
    try:
        # not TLS's own way to end, which belongs to the thread that reads
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return  # it had ended just then


def _host(receiver: Receiver) -> str:
    name = f"[{receiver.host}]" if ":" in receiver.host else receiver.host
    return name if receiver.port == PORTS[receiver.scheme] else f"{name}:{receiver.port}"
