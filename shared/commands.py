"""What the hub may tell a kiosk to do: a closed list, signed, each once; there is no shell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.errors import WordError
from shared.moments import check_hex, check_instant
from shared.visits import check_word

LONGEST_DIAGNOSIS: Final = 128 * 1024
"""Characters of a diagnostic file on its way to the hub; most have some twenty thousand."""

_DIAGNOSIS: Final = "semblante-diagnosis/1"


class Order(StrEnum):
    """Everything that can be ordered."""

    IDENTIFY = "identify"  # show for a while who it is, so that somebody finds it in the store
    RESTART = "restart"  # begin the program anew
    REBOOT = "reboot"  # begin the machine anew
    COLLECT = "collect"  # send a diagnostic file, without any answer in it
    RENEW = "renew"  # fetch a new certificate now
    UPDATE = "update"  # take the bundle of `version`
    ROLL_BACK = "roll_back"  # go back to the version before


@dataclass(frozen=True, slots=True)
class Command:
    """One order: `id` names it in the kiosk's answer, `version` the bundle of an update.

    It is carried out once, and not at all after `until` (ms since 1970): a kiosk that was away for
    a week does not restart because somebody wished it last Monday.
    """

    id: str
    order: Order
    until: int
    version: str | None = None

    def __post_init__(self) -> None:
        check_hex(self.id, 16, "command's id")
        check_instant(self.until, "a command")
        if (self.version is not None) != (self.order is Order.UPDATE):
            raise WordError("an update names its version, and no other command does")
        if self.version is not None and not 1 <= len(self.version) <= 40:
            raise WordError("no version is so long")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a command: `outcome` is `done`, `refused`, `late` or the code of a fault."""

    id: str
    outcome: str

    def __post_init__(self) -> None:
        check_hex(self.id, 16, "command's id")
        check_word(self.outcome, "outcome")


def diagnosis_to_sign(command: str, document: str) -> bytes:
    """What a kiosk's key signs beside a diagnostic file: a proof for this one command alone."""
    return f"{_DIAGNOSIS}\n{command}\n{document}".encode()
