"""Questionnaires for tests: one with every kind of question, and any small one with rules."""

from __future__ import annotations

from hypothesis import strategies as st

from shared.questionnaires import Answer
from shared.questions import Choice, Condition, Kind, Question, Questionnaire
from shared.texts import Texts


def both(text: str) -> Texts:
    """The same in Spanish and English."""
    return {"es": text, "en": text}


def choices(*names: str) -> tuple[Choice, ...]:
    return tuple(Choice(name, both(name)) for name in names)


def question(name: str, kind: Kind, *names: str, shown_if: tuple[Condition, ...] = ()) -> Question:
    return Question(name, kind, both(name), choices(*names), shown_if=shown_if)


def questionnaire(*questions: Question) -> Questionnaire:
    return Questionnaire("q", 1, both("Title"), ("es", "en"), questions)


EVERY_KIND = questionnaire(
    question("mood", Kind.FACES),
    question("friend", Kind.SCALE),
    question("tidy", Kind.STARS),
    question("came", Kind.ONE, "foot", "car", "bus"),
    question("bought", Kind.MANY, "bread", "fruit", "fish"),
    question("order", Kind.RANKING, "price", "range", "service"),
    question("more", Kind.TEXT),
)

EVERY_ANSWER: dict[str, Answer] = {
    "mood": "neutral",
    "friend": 9,
    "tidy": 4,
    "came": "bus",
    "bought": ["bread", "fish"],
    "order": ["service", "price", "range"],
    "more": "Más pan, por favor",
}
"""One that fits to each question of EVERY_KIND, in their order."""


@st.composite
def ruled(draw: st.DrawFn) -> Questionnaire:
    """Up to five questions of two choices each, with rules that look back."""
    questions: list[Question] = []
    for number in range(draw(st.integers(1, 5))):
        rules = draw(st.lists(_rules(number), max_size=2)) if number else []
        kind = draw(st.sampled_from((Kind.ONE, Kind.MANY)))
        questions.append(question(f"q{number}", kind, "a", "b", shown_if=tuple(rules)))
    return questionnaire(*questions)


def _rules(before: int) -> st.SearchStrategy[Condition]:
    among = st.sampled_from((("a",), ("b",), ("a", "b")))
    names = st.integers(0, before - 1).map("q{}".format)
    return st.builds(Condition, names, among)
