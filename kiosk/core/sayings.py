"""What the speaker is told: sentences that every kiosk has, and words of the store's own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Prompt(StrEnum):
    """What can be said on every kiosk; made once, so nothing in it depends on the store."""

    RESTING = "resting"
    ASKING = "asking"
    LEAVING = "leaving"  # the question after a sale goes soon: touch the glass to stay
    THANKS = "thanks"
    PLAIN_THANKS = "plain_thanks"  # where no reason is asked
    SORRY = "sorry"
    FACES = "faces"  # a question of the questionnaire, by how it is answered …
    SCALE = "scale"
    STARS = "stars"
    ONE = "one"
    MANY = "many"
    TEXT = "text"
    RANKING = "ranking"
    STILL_THERE = "still_there"  # the page leaves in ten seconds: touch it to stay
    BY_BUTTONS = "by_buttons"  # what the three buttons do on such a page …
    TEXT_BY_BUTTONS = "text_by_buttons"  # … and where something is to be written
    NEEDED = "needed"  # without an answer nobody goes on
    CHOSEN = "chosen"
    BACK = "back"
    LEAVE = "leave"
    NEXT = "next"
    SKIP = "skip"
    DONE = "done"
    CHANGE = "change"
    INVITATION = "invitation"
    INVITED = "invited"
    YOU_SAID = "you_said"
    WE_DID = "we_did"


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words of the store's own, to be said in that language; made when its settings come."""

    language: str
    text: str


Part = Prompt | Utterance


@dataclass(frozen=True, slots=True)
class Say:
    """Say these one after the other, at so many percent; they replace what is being said."""

    language: str
    parts: tuple[Part, ...]
    volume: int


@dataclass(frozen=True, slots=True)
class Hush:
    """Say no more."""


@dataclass(frozen=True, slots=True)
class Rehearse:
    """Make these ahead, the first ones first; what is not among them is needed no more."""

    utterances: tuple[Utterance, ...]
