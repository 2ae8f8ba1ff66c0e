"""Where alerts may be sent outward: which addresses a store may name, and which hosts are let be.

Whoever may set an address could otherwise let the hub knock at doors that are open to the hub
alone: its own ports, or the machine data of a cloud at 169.254.169.254. So the address is judged
when it is typed, and what its name turns out to be is judged anew before every connection.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
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
    if real in _SECRETS or real == _BROADCAST:
        return True
    return real.is_link_local or real.is_multicast or real.is_unspecified


def _real(host: Address) -> Address:
    """The machine that is meant: some addresses of IPv6 are those of IPv4 in another dress."""
    if isinstance(host, IPv4Address):
        return host
    if any(host in network for network in _DRESSED) and int(host) & _LOW > 1:
        return IPv4Address(int(host) & _LOW)
    return host.ipv4_mapped or host.sixtofour or host


_BROADCAST: Final = IPv4Address("255.255.255.255")
_SECRETS: Final = frozenset(
    map(
        ip_address,
        ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"),
    )
)
"""Where clouds keep what a machine may know, beside 169.254.169.254: none of it is a receiver."""

_LOW: Final = 0xFFFF_FFFF
_DRESSED: Final = tuple(map(IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
"""IPv4 in the last 32 bits: “compatible”, translated (RFC 7915), and by NAT64 (RFC 6052)."""

_UNICAST: Final = IPv6Network("2000::/3")
"""All that the internet gives out of IPv6: whatever stands elsewhere is somebody's own network."""

_SERVICES: Final = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
"""Public by their looks: addresses of protocols, of relays, and for documentation."""


def lets(host: Address, scheme: str, inside: Iterable[Network]) -> bool:
    """Whether something may be sent to this host: one of the internet, by https; else only where
    the hub's settings name its network."""
    real = _real(host)
    if never(real):
        return False
    if any(real in network for network in inside):
        return True
    return scheme == "https" and _is_of_the_internet(real)


def _is_of_the_internet(host: Address) -> bool:
    if any(host in network for network in _SERVICES):
        return False
    return host.is_global and (isinstance(host, IPv4Address) or host in _UNICAST)
