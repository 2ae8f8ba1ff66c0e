"""How a device becomes the kiosk of a point: the join code, and what the hub answers to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from shared.errors import JoinRefused, WordError
from shared.moments import check_hex
from shared.places import KioskId, PointId, StoreId, check_name

CODE_BYTES: Final = 16
"""128 bits: nobody guesses one within its day, however many the hub would let try."""

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKS: Final = _DIGITS + "*~$=U"
_LOOKALIKES: Final = str.maketrans("OIL", "011")
_LENGTH: Final = 26  # digits of five bits for 128, then the check symbol
_GROUP: Final = 5


def write_code(code: bytes) -> str:
    """A join code as people read it: Crockford's base 32 with his check symbol, in groups."""
    number = int.from_bytes(code)
    digits = [_DIGITS[(number >> (5 * at)) & 31] for at in reversed(range(_LENGTH))]
    text = "".join(digits) + _CHECKS[number % 37]
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def read_code(text: str) -> bytes:
    """The 16 bytes; case, spaces and lookalikes do not matter. Raises JoinRefused (`typo`)."""
    plain = re.sub(r"[\s-]", "", text[:100]).upper().translate(_LOOKALIKES)
    body, check = plain[:_LENGTH], plain[_LENGTH:]
    if len(check) != 1 or check not in _CHECKS or any(one not in _DIGITS for one in body):
        raise _typo()
    number = 0
    for one in body:
        number = number * 32 + _DIGITS.index(one)
    if number >= 1 << (8 * CODE_BYTES) or _CHECKS[number % 37] != check:
        raise _typo()
    return number.to_bytes(CODE_BYTES)


def _typo() -> JoinRefused:
    return JoinRefused(
        "the join code is not written as it was given", hint="Compare it letter by letter.",
        code="typo",
    )  # fmt: skip


def certificate_name(store_id: StoreId, kiosk_id: KioskId) -> str:
    """The common name of a kiosk's certificate, which is its user name at the broker: with the
    store in it, one pattern lets each kiosk write under its own name and store, and no other."""
    return f"{store_id}/{kiosk_id}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public Ed25519 key of the hub, in hexadecimal; `id` is the beginning of its SHA-256."""

    id: str
    public: str

    def __post_init__(self) -> None:
        check_hex(self.id, 16, "signing key's id")
        check_hex(self.public, 64, "signing key")


@dataclass(frozen=True, slots=True)
class Joined:
    """What the hub gives whoever joins or renews: who it is, and by what it proves that.

    `certificate` is the new one with what stands between it and `authority` (both PEM); what the
    hub says is signed by one of `signing_keys`. Names and languages hold until settings come.
    """

    store_id: StoreId
    point_id: PointId
    kiosk_id: KioskId
    certificate: str
    authority: str
    signing_keys: tuple[SigningKey, ...]
    broker_host: str
    broker_port: int
    store_name: str = ""
    point_name: str = ""
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, what in (
            (self.store_id, "store"),
            (self.point_id, "point"),
            (self.kiosk_id, "kiosk"),
        ):
            check_name(name, what)
        if not self.signing_keys or not 1 <= self.broker_port <= 65_535:
            raise WordError("a join without a signing key, or with an impossible port")
