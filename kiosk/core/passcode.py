"""The technician's PIN: kept as a salted hash, and guessed only slowly."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from hashlib import scrypt
from typing import Final

SHORTEST: Final = 4
LONGEST: Final = 12
"""Digits. Few of them are enough where every wrong one costs a wait."""

SALT_BYTES: Final = 16

_COST: Final = 8_192
_BLOCK: Final = 8
"""8 MB for about 0.1 s on a small machine: felt by nobody, and dear to whoever copied a card."""

_KEPT: Final = re.compile(r"scrypt\$([0-9a-f]{32})\$([0-9a-f]{64})", re.ASCII)

FIRST_WAIT_MS: Final = 2_000
LONGEST_WAIT_MS: Final = 600_000
"""2, 4, 8 … seconds, and ten minutes at last: 10,000 PINs of four digits then take ten weeks."""


def hashed(pin: str, salt: bytes) -> str:
    """What kiosk.toml keeps of this PIN; raises ValueError where it is none."""
    if not is_pin(pin):
        raise ValueError(f"a PIN has {SHORTEST} to {LONGEST} digits")
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return f"scrypt${salt.hex()}${_digest(pin, salt).hex()}"


def is_pin(typed: str) -> bool:
    """Whether it could be one."""
    return SHORTEST <= len(typed) <= LONGEST and typed.isascii() and typed.isdigit()


def is_hash(kept: str) -> bool:
    """Whether `hashed` could have made it."""
    return _KEPT.fullmatch(kept) is not None


def opens(kept: str, typed: str) -> bool:
    """Whether this PIN was hashed so."""
    found = _KEPT.fullmatch(kept)
    if found is None or not is_pin(typed):
        return False
    salt, digest = (bytes.fromhex(part) for part in found.groups())
    return hmac.compare_digest(_digest(typed, salt), digest)


def _digest(pin: str, salt: bytes) -> bytes:
    return scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=1, dklen=32)


@dataclass(frozen=True, slots=True)
class Throttle:
    """How often it was wrong since it was right, and until when (boot ms) nobody may try again."""

    failures: int = 0
    until: int = 0

    def wait_ms(self, at: int) -> int:
        """How long somebody must still wait."""
        return max(0, self.until - at)

    @classmethod
    def resumed(cls, failures: int, at: int) -> Throttle:
        """As it goes on after a restart: nobody knows how long that took, so the last wait begins
        anew."""
        return cls(failures - 1).failed(at) if failures > 0 else cls()

    def failed(self, at: int) -> Throttle:
        """It was wrong once more."""
        doublings = min(self.failures, 20)  # beyond it only the number would grow
        wait = min(FIRST_WAIT_MS << doublings, LONGEST_WAIT_MS)
        return Throttle(self.failures + 1, at + wait)
