"""What a longer, voluntary questionnaire asks: questions in order, each with when it is shown.

A questionnaire that was sent is immutable: whoever changes a word makes the next version. Whether
one can be shown to anybody at all is judged in `soundness.py`, how somebody walks through it in
`walking.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from shared.errors import WordError
from shared.texts import Texts
from shared.visits import check_version, check_word

MOST_QUESTIONS = 50

MOST_CHOICES = 12
"""What still fits on one screen of a 7-inch kiosk without scrolling."""

MOST_RANKED = 5
"""More than five cannot be put in order by anybody who stands."""

LONGEST_SENTENCE = 300
"""Characters of a question, in any language."""


class Kind(StrEnum):
    """How a question is answered, and what the answer looks like in a response."""

    FACES = "faces"  # "sad", "neutral" or "happy"
    SCALE = "scale"  # 0 to 10
    STARS = "stars"  # 1 to 5
    ONE = "one"  # the id of a choice
    MANY = "many"  # ids of choices, in the order in which they stand
    TEXT = "text"  # up to `questionnaires.LONGEST_TEXT` characters
    RANKING = "ranking"  # every choice's id, the first one first


CHOOSING = frozenset({Kind.ONE, Kind.MANY, Kind.RANKING})
"""The kinds that have choices."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose; `fixed`: it keeps its place where the others are shuffled."""

    id: str
    text: Texts
    fixed: bool = False

    def __post_init__(self) -> None:
        check_word(self.id, "choice")
        _check_texts(self.text)


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where that question was answered with one of these (or, of several, holds one)."""

    question: str
    among: tuple[str | int, ...]

    def __post_init__(self) -> None:
        check_word(self.question, "question")
        if not 1 <= len(self.among) <= MOST_CHOICES:
            raise WordError(f"a condition needs 1 to {MOST_CHOICES} answers")


@dataclass(frozen=True, slots=True)
class Question:
    """One question, one screen. It is shown where every condition of `shown_if` holds.

    `low` and `high` are the words at the ends of a scale or of stars.
    """

    id: str
    kind: Kind
    text: Texts
    choices: tuple[Choice, ...] = ()
    low: Texts = field(default_factory=dict)
    high: Texts = field(default_factory=dict)
    required: bool = False
    shuffle: bool = False
    shown_if: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        check_word(self.id, "question")
        for texts in (self.text, self.low, self.high):
            _check_texts(texts)
        if len(self.choices) > MOST_CHOICES or len(self.shown_if) > MOST_CHOICES:
            raise WordError(f"more than {MOST_CHOICES} choices or conditions")


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A version of a questionnaire, in all its languages.

    It is open on local dates `first_day` to `last_day` (ISO, both included; None is without end),
    from the local hour `opens` until `closes` (0 to 24).
    """

    id: str
    version: int
    title: Texts
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    thanks: Texts = field(default_factory=dict)
    first_day: str | None = None
    last_day: str | None = None
    opens: int = 0
    closes: int = 24

    def __post_init__(self) -> None:
        check_word(self.id, "questionnaire")
        check_version(self.version)
        for language in self.languages:
            check_word(language, "language")
        for texts in (self.title, self.thanks):
            _check_texts(texts)
        if len(self.questions) > MOST_QUESTIONS:
            raise WordError(f"{len(self.questions)} questions; at most {MOST_QUESTIONS}")


def _check_texts(texts: Texts) -> None:
    for language, text in texts.items():
        check_word(language, "language")
        if len(text) > LONGEST_SENTENCE:
            raise WordError(f"a text of {len(text)} characters; at most {LONGEST_SENTENCE}")
