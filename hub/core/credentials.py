"""What names and passwords may look like, and how secrets are kept without being kept."""

from __future__ import annotations

import hashlib
import ipaddress
import re

from shared.errors import AccountError

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}", re.ASCII)

SHORTEST_PASSWORD = 12
"""NIST SP 800-63B asks for 8 with and 15 without a second factor; the throttle does the rest."""

LONGEST_PASSWORD = 256
"""Long enough for any pass phrase, short enough that hashing it costs nothing extra."""


def digest(secret: str) -> str:
    """What is kept of a cookie's secret: enough to recognise it, useless to whoever reads it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def throttle_key(kind: str, text: str) -> str:
    """A key that does not betray the text: people type passwords where the name belongs."""
    return f"{kind}:{digest(text)[:32]}"


def network_of(address: str) -> str:
    """The address as an attacker owns it: one IPv4 address, or an IPv6 network of 2**64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped is not None:  # as a socket for both kinds tells it
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def is_user_name(name: str) -> bool:
    """Whether a user can have this name, written as it is kept."""
    return _NAME.fullmatch(name) is not None


def check_user_name(name: str) -> str:
    """Return the name as it is kept; raise AccountError where it will not do."""
    name = name.strip().lower()
    if not is_user_name(name):
        raise AccountError(
            f"{name!r:.70} cannot be a user's name",
            hint="Use 2 to 64 of a–z, 0–9 and “. _ @ + -”, beginning with a letter or digit.",
            code="name",
        )
    return name


def check_password(password: str, name: str) -> str:
    """Return a new password; raise AccountError where it is too easy."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(
            "the password is too short or too long",
            hint=f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, e.g. four words.",
            code="password",
        )
    if name in password.lower() or len(set(password)) < 5:
        raise AccountError(
            "the password is too easy to guess",
            hint="Do not use the name, or the same few characters again and again.",
            code="easy",
        )
    return password
