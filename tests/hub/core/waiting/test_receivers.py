"""Addresses of receivers: which may be named, and to which machines anything is sent."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.receivers import Receiver, address_fault, lets, never, receiver_of

EVERYWHERE = [ip_network("0.0.0.0/0"), ip_network("::/0")]
OFFICE = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("address", "receiver"),
    [
        ("https://example.org", Receiver("https", "example.org", 443, "/")),
        ("https://Example.org:8443/a/b?c=d", Receiver("https", "example.org", 8443, "/a/b?c=d")),
        ("http://10.1.2.3/x", Receiver("http", "10.1.2.3", 80, "/x")),
        ("https://[2001:db8::1]:99/", Receiver("https", "2001:db8::1", 99, "/")),
    ],
)
def test_an_address_is_taken_apart(address: str, receiver: Receiver) -> None:
    assert receiver_of(address) == receiver
    assert address_fault(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///alerts",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "https://example.org/#part",
        "https://example.org:0x1/",
        "https://example.org:70000/",
        "https://[::1/",
        "https://exam ple.org/",
        "https://example.org/a b",
        "https://example.org/\r\nX: y",
        "https://example.org/\x00",
        "https://españa.example/",
        "https://example.org/" + "x" * 300,
    ],
)
def test_what_is_no_address_is_none(address: str) -> None:
    assert receiver_of(address) is None
    assert address_fault(address) == "is no address like https://example.org/alerts"


@given(st.text(max_size=80))
@settings(deadline=None)
def test_no_text_is_too_strange(text: str) -> None:
    for address in (text, f"https://{text}", f"http://{text}/"):
        receiver = receiver_of(address)
        assert receiver is None or (receiver.host and 0 < receiver.port < 65_536)


NEVER = [
    "169.254.169.254",
    "169.254.0.1",
    "fe80::1",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "255.255.255.255",
    "ff02::1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "::a9fe:a9fe",
    "::ffff:0:a9fe:a9fe",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd20:ce::254",
]


@pytest.mark.parametrize("host", NEVER)
def test_some_places_are_out_of_reach_whatever_the_settings_say(host: str) -> None:
    assert never(ip_address(host))
    assert not lets(ip_address(host), "https", EVERYWHERE)
    written = f"[{host}]" if ":" in host else host
    assert address_fault(f"https://{written}/") == "is an address to which nothing is ever sent"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "10.9.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "100.64.0.1",
        "fc00::1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "::127.0.0.1",
        "::ffff:0:10.0.0.1",
        "64:ff9b:1::7f00:1",
        "fec0::1",
        "5f00::1",
        "3fff::1",
        "192.88.99.1",
    ],
)
def test_what_is_inside_is_reached_only_where_the_settings_name_it(host: str) -> None:
    for scheme in ("https", "http"):
        assert not lets(ip_address(host), scheme, [])
        assert not lets(ip_address(host), scheme, OFFICE)
        assert lets(ip_address(host), scheme, EVERYWHERE)


def test_the_internet_is_reached_by_https_alone() -> None:
    for host in ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"):
        assert lets(ip_address(host), "https", [])
        assert not lets(ip_address(host), "http", [])


def test_a_network_that_is_named_is_reached_by_both() -> None:
    for host in ("10.1.255.255", "fd12::1", "::ffff:10.1.0.1"):
        assert lets(ip_address(host), "http", OFFICE)
        assert lets(ip_address(host), "https", OFFICE)
