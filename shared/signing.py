"""How a message that the hub signed is laid out; who signs and who verifies are adapters.

Laws of this page
1. The topic is signed with the message: what was said to one kiosk, or in one channel, is worth
   nothing anywhere else.
2. The serial rises with every message of a hub, also after its restore: whoever replays an old
   message is recognised by it.
3. An empty message cannot be signed: it takes something back, and never says anything.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from shared.errors import SignatureRefused
from shared.moments import LATEST_WALL_MS

MARK: Final = b"semblante-signed/1"

_HEAD = re.compile(
    rb"semblante-signed/1 ([0-9a-f]{16}) ([1-9][0-9]{0,18}) (0|[1-9][0-9]{0,14}) "
    rb"([A-Za-z0-9+/]{85}[AQgw]==)",  # each value in one spelling: no bit can be turned unseen
    re.ASCII,
)
_LONGEST_HEAD: Final = 200
_LAST_SERIAL: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """A body with who signed it (`key_id`), when it was said (`serial`, rising; the microseconds
    since 1970 where the hub's clock allows) and until when it may be believed (`not_after`, ms).
    """

    key_id: str
    serial: int
    not_after: int
    body: bytes
    signature: bytes = b""

    def __post_init__(self) -> None:
        if not 1 <= self.serial <= _LAST_SERIAL or not 0 <= self.not_after <= LATEST_WALL_MS:
            raise SignatureRefused("a signed message with impossible numbers")

    def to_sign(self, topic: str) -> bytes:
        """The bytes under the signature."""
        head = f"{self.key_id} {self.serial} {self.not_after}"
        return b"\n".join((MARK, topic.encode(), head.encode(), self.body))


def write_signed(message: SignedMessage) -> bytes:
    """What travels: one line of ASCII, then the body as it is."""
    text = base64.b64encode(message.signature).decode()
    head = f"{message.key_id} {message.serial} {message.not_after} {text}"
    return b"%b %b\n%b" % (MARK, head.encode(), message.body)


def read_signed(payload: bytes) -> SignedMessage:
    """Take it apart, believing nothing yet; raises SignatureRefused."""
    head, line_end, _ = payload[:_LONGEST_HEAD].partition(b"\n")
    found = _HEAD.fullmatch(head)
    if found is None or not line_end:
        raise SignatureRefused("a message without a signature")
    key_id, serial, not_after, text = found.groups()
    try:
        signature = base64.b64decode(text, validate=True)
    except binascii.Error as fault:
        raise SignatureRefused("a signature that is none") from fault
    whole = payload[len(head) + 1 :]
    return SignedMessage(key_id.decode(), int(serial), int(not_after), whole, signature)
