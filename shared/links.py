"""The link that a shopper takes along on the own phone: one use, signed by its kiosk, offline.

    ADDRESS/q/KIOSK.POINT.QUESTIONNAIRE.VERSION.SEAL

The seal is base64url of minute (4 bytes), nonce (6) and signature (12). The signature is
HMAC-SHA256 over all before it, cut to 96 bits: more than the 80 that RFC 2104 (section 5) asks for
at least, and nobody may try often. The store is not in it: a kiosk belongs to one, and its key
proves which kiosk it was. With an address of 36 characters and names of usual length a link is of
106 characters at most: a QR code of version 6 at level M.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from shared.errors import WordError
from shared.moments import check_hex
from shared.notices import Phone
from shared.places import KioskId, PointId, kiosk_id, point_id
from shared.visits import check_version, check_word

PATH = "/q/"

NONCE_BYTES = 6
"""Two of a kiosk's links of the same minute are the same once in 2⁴⁸: nobody is turned away."""

SIGNATURE_BYTES = 12

MINUTE_MS = 60_000

LASTS_MS = 24 * 60 * MINUTE_MS
"""A link that was taken home can be used until the same time of the next day."""

AHEAD_MS = 5 * MINUTE_MS
"""How far a kiosk's clock, which is synchronised where it shows a link, may be before the hub's."""

_MINUTE_BYTES = 4
_SEAL_BYTES = _MINUTE_BYTES + NONCE_BYTES + SIGNATURE_BYTES
_LONGEST = 160
"""Characters of a token: three names of 32, a version of 10 digits, a seal, and room to spare."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says: which kiosk at which point, what it asks, and when it was made.

    `minute` is whole minutes since 1970 (UTC); `nonce` is random.
    """

    kiosk_id: KioskId
    point_id: PointId
    questionnaire: str
    version: int
    minute: int
    nonce: bytes

    def __post_init__(self) -> None:
        kiosk_id(self.kiosk_id)
        point_id(self.point_id)
        check_word(self.questionnaire, "questionnaire")
        check_version(self.version)
        if not 0 <= self.minute < 2 ** (8 * _MINUTE_BYTES) or len(self.nonce) != NONCE_BYTES:
            raise WordError("a link with an impossible minute or nonce")

    def is_fresh(self, now: int) -> bool:
        """Whether it may still be used at `now` (ms since 1970, UTC)."""
        made = self.minute * MINUTE_MS
        return made - AHEAD_MS <= now < made + LASTS_MS


def link(phone: Phone, made: Link) -> str:
    """The address that a phone opens."""
    return f"{phone.address.rstrip('/')}{PATH}{token(made, phone.key)}"


def token(made: Link, key: str) -> str:
    """The last part of a link, signed with this key (64 hexadecimal digits)."""
    names = f"{made.kiosk_id}.{made.point_id}.{made.questionnaire}.{made.version}"
    body = made.minute.to_bytes(_MINUTE_BYTES, "big") + made.nonce
    seal = urlsafe_b64encode(body + _signature(names, body, key)).decode().rstrip("=")
    return f"{names}.{seal}"


def read_link(token: str, key: str) -> Link:
    """What a token says, where it was signed with this key; raises WordError otherwise.

    Whether it is too old, and whether it was used before, is for whoever keeps the time and the
    list to say.
    """
    names, seal = _parts(token)
    body, signature = seal[:-SIGNATURE_BYTES], seal[-SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(".".join(names), body, key)):
        raise WordError("a link that was not signed with this key")
    kiosk, point, questionnaire, version = names
    minute = int.from_bytes(body[:_MINUTE_BYTES], "big")
    made = Link(
        KioskId(kiosk), PointId(point), questionnaire, int(version), minute, body[_MINUTE_BYTES:]
    )
    if str(made.version) != version:
        raise WordError("a version that is written in another way")
    return made


def kiosk_in(token: str) -> KioskId:
    """Whose link it claims to be, so that its key can be found; raises WordError."""
    return kiosk_id(_parts(token)[0][0])


def key_of(secret: bytes, kiosk: KioskId) -> str:
    """The key of one kiosk, from the secret that only the hub knows."""
    if len(secret) < 32:  # as long as the key that is made of it
        raise WordError("a secret of less than 32 bytes")
    return hmac.new(secret, f"semblante/phone/1/{kiosk_id(kiosk)}".encode(), sha256).hexdigest()


def _parts(token: str) -> tuple[list[str], bytes]:
    parts = token.split(".") if len(token) <= _LONGEST and token.isascii() else []
    if len(parts) != 5 or not parts[3].isdecimal():
        raise WordError("no link of ours")
    return parts[:4], _opened(parts[4])


def _opened(text: str) -> bytes:
    try:
        seal = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as fault:
        raise WordError("a seal that is no base64") from fault
    # Python's reader passes over what is none of its letters: only the one spelling is ours.
    if len(seal) != _SEAL_BYTES or urlsafe_b64encode(seal).decode().rstrip("=") != text:
        raise WordError("a seal of the wrong length or spelling")
    return seal


def _signature(names: str, body: bytes, key: str) -> bytes:
    secret = bytes.fromhex(check_hex(key, 64, "phone key"))
    made = hmac.new(secret, names.encode() + b"." + body, sha256)
    return made.digest()[:SIGNATURE_BYTES]
