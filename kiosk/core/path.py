"""Where somebody stands in a questionnaire, and what was answered on the way."""

from __future__ import annotations

from shared.questionnaires import LONGEST_TEXT, Answer
from shared.questions import Kind, Question, Questionnaire
from shared.walking import accepts, answered, place, place_before, shown


class Path:
    """It begins at the first question; a sound questionnaire has one."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        self._given: dict[str, Answer] = {}  # also what is only begun, as half a ranking
        first = place(questionnaire, {}, None)
        assert first is not None  # noqa: S101 - read_settings lets no other one in
        self.place = first

    @property
    def question(self) -> Question:
        """The question of the moment."""
        return self.place.question

    @property
    def given(self) -> Answer | None:
        """What was answered to it so far."""
        return self._given.get(self.question.id)

    @property
    def answers(self) -> dict[str, Answer]:
        """What stands: whole answers to questions that are shown after all."""
        asked = self._questionnaire.questions
        whole = {
            one.id: self._given[one.id]
            for one in asked
            if one.id in self._given and accepts(one, self._given[one.id])
        }
        return answered(self._questionnaire, whole)

    def take(self, answer: Answer | None) -> None:
        """Answer the question of the moment; None takes it back, what is no answer does nothing."""
        if answer is None:
            self._given.pop(self.question.id, None)
        elif accepts(self.question, answer) or _is_begun(self.question, answer):
            self._given[self.question.id] = answer
        self._renumber()

    @property
    def told_of(self) -> int:
        """Of how many questions it is one, as a page may tell it: not so that it tells a face.

        A question that is shown after one face alone would else bring a dot for that face.
        """
        answers = self.answers
        if self.question.kind is Kind.FACES:
            answers.pop(self.question.id, None)
        return len(shown(self._questionnaire, answers))

    @property
    def is_held(self) -> bool:
        """Whether the question of the moment must be answered first."""
        return self.question in self._owed

    @property
    def is_whole(self) -> bool:
        """Whether everything is answered that must be."""
        return not self._owed

    @property
    def _owed(self) -> list[Question]:
        answers = self.answers
        asked = shown(self._questionnaire, answers)
        return [one for one in asked if one.required and one.id not in answers]

    def go_on(self) -> bool:
        """Go to the next question; False where there is no more."""
        onward = place(self._questionnaire, self.answers, self.question.id)
        self.place = onward or self.place
        return onward is not None

    def go_back(self) -> bool:
        """Go to the question before; False at the first one."""
        before = place_before(self._questionnaire, self.answers, self.question.id)
        self.place = before or self.place
        return before is not None

    def _renumber(self) -> None:
        """An answer may bring later questions in, or leave them out."""
        before = place_before(self._questionnaire, self.answers, self.question.id)
        after = None if before is None else before.question.id
        self.place = place(self._questionnaire, self.answers, after) or self.place


def _is_begun(question: Question, answer: Answer) -> bool:
    """Whether it is the beginning of an answer: some of a ranking, or blanks before a word."""
    if question.kind is Kind.TEXT:
        return isinstance(answer, str) and len(answer) <= LONGEST_TEXT
    if question.kind is not Kind.RANKING or not isinstance(answer, list):
        return False
    ids = {choice.id for choice in question.choices}
    return 0 < len(answer) == len(set(answer)) and set(answer) <= ids
