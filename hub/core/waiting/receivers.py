"""Where alerts may be sent outward: which addresses a store may name, and which hosts are let be.

Whoever may set an address could otherwise let the hub knock at doors that are open to the hub
alone: its own ports, or the machine data of a cloud at 169.254.169.254. So the address is judged
when it is typed, and what its name turns out to be is judged anew before every connection.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST: Final = 300
PORTS: Final = {"https": 443, "http": 80}


class Receiver(NamedTuple):
    """An address taken apart; `path` has its question, too."""

    scheme: str
    host: str
    port: int
    path: str


def receiver_of(address: str) -> Receiver | None:
    """What is in an address; None where nothing could be sent there."""
    if len(address) > LONGEST or not address.isascii() or not address.isprintable():
        return None
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:  # no port, or half a pair of brackets
        return None
    if not port or not parts.hostname or not _plain(parts) or " " in address:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Receiver(parts.scheme, parts.hostname, port, path)


def _plain(parts: SplitResult) -> bool:
    """Without a name and password, which would stand in every log, and without a fragment."""
    return "@" not in parts.netloc and not parts.fragment


def address_fault(address: str) -> str | None:
    """What is wrong with an address that was typed."""
    receiver = receiver_of(address)
    if receiver is None:
        return "is no address like https://example.org/alerts"
    try:
        literal = ip_address(receiver.host)
    except ValueError:
        return None
    return "is an address to which nothing is ever sent" if never(literal) else None


def never(host: Address) -> bool:
    """Whether nothing is sent there whatever the settings say: what is no single machine's own."""
    real = _real(host)
    return real.is_link_local or real.is_multicast or real.is_unspecified or real == _BROADCAST


def _real(host: Address) -> Address:
    """The machine that is meant: some addresses of IPv6 are those of IPv4 in another dress."""
    if isinstance(host, IPv4Address):
        return host
    if host in _TRANSLATED:
        return IPv4Address(int(host) & 0xFFFF_FFFF)
    return host.ipv4_mapped or host.sixtofour or host


_BROADCAST: Final = IPv4Address("255.255.255.255")
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")


def lets(host: Address, scheme: str, inside: Iterable[Network]) -> bool:
    """Whether something may be sent to this host: one of the internet, by https; else only where
    the hub's settings name its network."""
    real = _real(host)
    if never(real):
        return False
    if any(real in network for network in inside):
        return True
    return scheme == "https" and real.is_global
