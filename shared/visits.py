"""One asking of one shopper, and what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from shared.errors import WordError
from shared.moments import Moment, check_boot_id, check_hex
from shared.places import PointId, point_id


class Face(StrEnum):
    """What the shopper can touch."""

    SAD = "sad"
    NEUTRAL = "neutral"
    HAPPY = "happy"

    @property
    def score(self) -> int:
        """0, 50 or 100: what this face adds to the index."""
        return _SCORES[self]


_SCORES = {Face.SAD: 0, Face.NEUTRAL: 50, Face.HAPPY: 100}


class Outcome(StrEnum):
    """What came of the asking."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    TIMED_OUT = "timed_out"
    BLOCKED = "blocked"


class Input(StrEnum):
    """By what the shopper answered; `none` where nothing was touched."""

    TOUCH = "touch"
    BUTTON = "button"
    WEB = "web"
    NONE = "none"


FACES_SCALE = 1
"""The three faces scored 0, 50, 100. Another scale gets another number, never this one."""

CODE_WORD = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}", re.ASCII)
"""What codes, reasons and languages may look like."""


@lru_cache(maxsize=4096)  # few words stand in many records; what raises is not kept
def check_word(text: str, what: str) -> str:
    """Return `text` if it may stand as a code, a reason or a language; raise WordError."""
    if CODE_WORD.fullmatch(text) is None:
        raise WordError(f"{text!r:.50} is no {what}")
    return text


def check_version(number: int) -> int:
    """Return `number` if it may be a version: 1 to 2³¹ − 1; raise WordError."""
    if not 1 <= number <= 2**31 - 1:
        raise WordError(f"{number} is no version: versions count from 1")
    return number


@dataclass(frozen=True, slots=True)
class Visit:
    """A sealed visit: what was asked, where, when and how, and what the shopper did.

    `sale` is the id of the sale that the shopper had just paid, with the moment of that sale in
    `sale_at`; both are None at a point without a till signal. `asked` is when the question was
    shown, `answered` when the face was touched. All moments are of the boot `boot_id`.
    `changes` counts how often the answer was changed while the visit was open. `code` says why a
    visit was blocked, or how it came to its end; `suspect` why an answer is probably no shopper's:
    it is kept, and left out of the main counts until somebody decides (see docs/protocol.md).
    Raises WordError where the parts contradict each other.
    """

    point_id: PointId
    boot_id: str
    asked: Moment
    outcome: Outcome
    language: str
    question_version: int
    reasons_version: int
    scale_version: int = FACES_SCALE
    input: Input = Input.NONE
    face: Face | None = None
    reason: str | None = None
    answered: Moment | None = None
    sale: str | None = None
    sale_at: Moment | None = None
    code: str | None = None
    changes: int = 0
    suspect: str | None = None

    def __post_init__(self) -> None:
        point_id(self.point_id)
        check_boot_id(self.boot_id)
        check_word(self.language, "language")
        if self.reason is not None:
            check_word(self.reason, "reason")
        if self.code is not None:
            check_word(self.code, "code")
        if self.suspect is not None:
            check_word(self.suspect, "suspicion")
        if self.sale is not None:
            check_hex(self.sale, 32, "sale id")
        self._check_whole()

    def _check_whole(self) -> None:
        answered = self.outcome is Outcome.ANSWERED
        if answered != (self.face is not None) or answered != (self.answered is not None):
            raise WordError(f"a visit that is {self.outcome} and has the face {self.face}")
        if answered == (self.input is Input.NONE):
            raise WordError(f"a visit that is {self.outcome} by {self.input}")
        if not answered and (self.reason is not None or self.suspect is not None):
            raise WordError("a reason or a suspicion without an answer")
        if (self.sale is None) != (self.sale_at is None):
            raise WordError("a sale without its moment, or a moment without its sale")
        for number in (self.question_version, self.reasons_version, self.scale_version):
            check_version(number)
        if not 0 <= self.changes <= 1_000:
            raise WordError(f"an answer changed {self.changes} times")

    @property
    def counts_at(self) -> Moment:
        """The moment whose hour this visit counts in: its sale's, else when it was asked."""
        return self.asked if self.sale_at is None else self.sale_at
