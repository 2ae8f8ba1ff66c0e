"""What becomes of the hub's commands: each is carried out once, in time, and answered for.

Laws of this page
1. A command is kept as begun before it is carried out. A restart that was ordered is then no reason
   to restart again when the broker says the order once more.
2. Whether it is too late is judged by a true time alone; while none is known it is not begun, and
   the broker, which keeps the last command, says it again.
3. The hub says the next command when it knows what became of this one: whatever had begun ends,
   also where a power cut ended it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from shared.commands import Answer, Command
from shared.errors import WordError
from shared.health import MOST_ANSWERS

COMMANDS: Final = "commands"
"""The name under which an outbox remembers them."""

BEGUN: Final = "begun"
DONE: Final = "done"
FAILED: Final = "failed"
REFUSED: Final = "refused"
LATE: Final = "late"

MOST_KNOWN: Final = 64
"""Commands by whose id one is known again: the broker keeps one, and a hub sends few in a day."""


class Verdict(Enum):
    """What is to be done with a command."""

    CARRY_OUT = auto()
    ANSWER = auto()  # it was heard before, or came too late: `answer_to` says what to answer
    WAIT = auto()  # for a true time


@dataclass(frozen=True, slots=True)
class Ordering:
    """The commands that were heard, with what became of them, the oldest first."""

    known: tuple[Answer, ...] = ()

    def judged(self, command: Command, now: int | None) -> Verdict:
        """What to do with it; `now` is the true time in ms since 1970, if any is known."""
        if self.answer_to(command.id) is not None:
            return Verdict.ANSWER
        if now is None:
            return Verdict.WAIT
        return Verdict.CARRY_OUT if now <= command.until else Verdict.ANSWER

    def answer_to(self, command_id: str) -> Answer | None:
        """What became of it so far."""
        return next((one for one in self.known if one.id == command_id), None)

    def answered(self, answer: Answer) -> Ordering:
        """The next standing: it begins, or something became of it."""
        others = tuple(one for one in self.known if one.id != answer.id)
        return Ordering((*others, answer)[-MOST_KNOWN:])

    def ended(self, outcome: str, *, of: str = BEGUN) -> Ordering:
        """Whatever stood at `of` ended so: what a restart says of the command that asked for it."""
        known = (Answer(one.id, outcome) if one.outcome == of else one for one in self.known)
        return Ordering(tuple(known))

    @property
    def begun(self) -> frozenset[str]:
        """The commands, by their ids, of which nothing has become yet."""
        return frozenset(one.id for one in self.known if one.outcome == BEGUN)

    def given_up(self, in_hand: Collection[str]) -> Ordering:
        """What had begun and nobody has in hand any more was cut off: it is not begun again."""
        cut = self.begun.difference(in_hand)
        known = (Answer(one.id, FAILED) if one.id in cut else one for one in self.known)
        return Ordering(tuple(known))

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The last ones, for the health."""
        return self.known[-MOST_ANSWERS:]

    def kept(self) -> bytes:
        """As the outbox remembers it."""
        return "".join(f"{one.id} {one.outcome}\n" for one in self.known).encode()


def recalled(kept: bytes | None) -> Ordering:
    """What the outbox remembered; lines that cannot be read are passed over."""
    known = []
    for line in (kept or b"")[:100_000].decode(errors="replace").splitlines():
        command_id, _, outcome = line.partition(" ")
        try:
            known.append(Answer(command_id, outcome))
        except WordError:
            continue
    return Ordering(tuple(known[-MOST_KNOWN:]))
