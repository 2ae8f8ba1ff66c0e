"""A questionnaire as plain fields (what YAML and JSON hold), read and written; told with places.

Reading tells every fault at once, each with its place in the words of `shared.soundness`. What can
be read may still be unfit to be shown: a draft is allowed to be half done, and is judged there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from shared.errors import QuestionnaireRefused
from shared.questions import (
    LONGEST_SENTENCE,
    MOST_CHOICES,
    MOST_QUESTIONS,
    Choice,
    Condition,
    Kind,
    Question,
    Questionnaire,
)
from shared.soundness import Fault, Value
from shared.texts import Texts
from shared.visits import CODE_WORD

MOST_FAULTS = 100
"""Told at once; more are mended in a second round."""

MOST_LANGUAGES = 12

NO_WORD: Final = "use 1 to 32 of a–z, 0–9, _ and -, beginning with a letter or digit"

T = TypeVar("T")


def read(fields: object, version: int) -> Questionnaire:
    """The questionnaire that these fields describe; raises QuestionnaireRefused."""
    reader = _Reader()
    found = reader.whole(fields, version)
    if reader.faults or found is None:
        raise QuestionnaireRefused(reader.faults[:MOST_FAULTS])
    return found


def fields_of(it: Questionnaire) -> dict[str, Any]:
    """The same as plain fields, in the order in which people write them; defaults are left out."""
    fields: dict[str, Any] = {"id": it.id, "title": dict(it.title)}
    fields["languages"] = list(it.languages)
    fields |= _unless({"thanks": dict(it.thanks), "first_day": it.first_day})
    fields |= _unless({"last_day": it.last_day, "opens": it.opens})
    if it.closes != 24:
        fields["closes"] = it.closes
    fields["questions"] = [_question_fields(one) for one in it.questions]
    return fields


def _question_fields(one: Question) -> dict[str, Any]:
    rules = [{"question": rule.question, "among": list(rule.among)} for rule in one.shown_if]
    optional = {
        "choices": [_choice_fields(choice) for choice in one.choices],
        "low": dict(one.low),
        "high": dict(one.high),
        "required": one.required,
        "shuffle": one.shuffle,
        "shown_if": rules,
    }
    return {"id": one.id, "kind": one.kind.value, "text": dict(one.text)} | _unless(optional)


def _choice_fields(one: Choice) -> dict[str, Any]:
    return {"id": one.id, "text": dict(one.text)} | _unless({"fixed": one.fixed})


def _unless(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


class _Reader:
    """Reads as far as it can, and notes what it could not."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def whole(self, fields: object, version: int) -> Questionnaire | None:
        known = {"id", "title", "languages", "thanks", "questions"}
        known |= {"first_day", "last_day", "opens", "closes"}
        it = self._mapping("", fields, known, {"id", "title", "languages", "questions"})
        name = self._word("id", it.get("id"))
        languages = self._items("languages", it.get("languages", []), MOST_LANGUAGES, self._word)
        title, thanks = (
            self._texts("title", it.get("title")),
            self._texts("thanks", it.get("thanks")),
        )
        questions = self._named("questions", it.get("questions"), MOST_QUESTIONS, self._question)
        first, last = self._day("first_day", it), self._day("last_day", it)
        opens, closes = self._hour("opens", it, 0), self._hour("closes", it, 24)
        if self.faults:
            return None
        return Questionnaire(
            name, version, title, languages, questions, thanks, first, last, opens, closes
        )

    def _question(self, place: str, fields: object) -> Question | None:
        known = {"id", "kind", "text", "choices", "low", "high", "required", "shuffle", "shown_if"}
        before = len(self.faults)
        it = self._mapping(place, fields, known, {"id", "kind", "text"})
        name = self._word(f"{place}.id", it.get("id"))
        kind = self._kind(f"{place}.kind", it.get("kind"))
        text, low, high = (self._texts(f"{place}.{n}", it.get(n)) for n in ("text", "low", "high"))
        choices = self._named(f"{place}.choices", it.get("choices"), MOST_CHOICES, self._choice)
        rules_place, rules_given = f"{place}.shown_if", it.get("shown_if") or []
        rules = self._items(rules_place, rules_given, MOST_CHOICES, self._condition)
        required, shuffle = (
            self._truth(f"{place}.{n}", it.get(n)) for n in ("required", "shuffle")
        )
        if kind is None or len(self.faults) > before:
            return None
        return Question(name, kind, text, choices, low, high, required, shuffle, rules)

    def _choice(self, place: str, fields: object) -> Choice | None:
        before = len(self.faults)
        it = self._mapping(place, fields, {"id", "text", "fixed"}, {"id", "text"})
        name, text = (
            self._word(f"{place}.id", it.get("id")),
            self._texts(f"{place}.text", it.get("text")),
        )
        fixed = self._truth(f"{place}.fixed", it.get("fixed"))
        return None if len(self.faults) > before else Choice(name, text, fixed)

    def _condition(self, place: str, fields: object) -> Condition | None:
        before = len(self.faults)
        it = self._mapping(place, fields, {"question", "among"}, {"question", "among"})
        name = self._word(f"{place}.question", it.get("question"))
        given = it.get("among")
        among: tuple[Value, ...] = self._items(f"{place}.among", given, MOST_CHOICES, self._answer)
        if len(self.faults) == before and not among:
            self._fault(f"{place}.among", "needs one answer")
        return None if len(self.faults) > before else Condition(name, among)

    # ── the smallest parts ───────────────────────────────────────────────────────────────────

    def _fault(self, place: str, reason: str) -> None:
        self.faults.append(Fault(place.removeprefix("."), reason))

    def _mapping(
        self, place: str, fields: object, known: set[str], needed: set[str]
    ) -> Mapping[str, Any]:
        if not isinstance(fields, Mapping):
            self._fault(place or "questionnaire", "must have fields with names")
            return {}
        for name in sorted(map(str, fields.keys() - known))[:MOST_FAULTS]:
            self._fault(f"{place}.{name:.40}", "nobody knows this field")
        for name in sorted(needed - {name for name in fields if fields[name] is not None}):
            self._fault(f"{place}.{name}", "is missing")
        return {name: fields[name] for name in known & fields.keys()}

    def _items(
        self, place: str, given: object, most: int, read_one: Callable[[str, object], T | None]
    ) -> tuple[T, ...]:
        if not isinstance(given, list):
            if given is not None:
                self._fault(place, "must be a list")
            return ()
        if len(given) > most:
            self._fault(place, f"are {len(given)}; at most {most}")
        read_all = [read_one(f"{place}.{at}", one) for at, one in enumerate(given[:most])]
        return tuple(one for one in read_all if one is not None)

    def _named(
        self, place: str, given: object, most: int, read_one: Callable[[str, object], T | None]
    ) -> tuple[T, ...]:
        """Items whose place is told by their name where they have one."""

        def read_by_name(numbered: str, one: object) -> T | None:
            name = one.get("id") if isinstance(one, Mapping) else None
            known = isinstance(name, str) and CODE_WORD.fullmatch(name)
            return read_one(f"{place}.{name}" if known else numbered, one)

        return self._items(place, [] if given is None else given, most, read_by_name)

    def _word(self, place: str, given: object) -> str:
        if isinstance(given, str) and CODE_WORD.fullmatch(given):
            return given
        if given is not None or not place.endswith(("id", "question")):
            self._fault(place, f"{_short(given)} is no name: {NO_WORD}")
        return ""

    def _texts(self, place: str, given: object) -> Texts:
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            self._fault(place, "must be a text for each language, like es: Hola")
            return {}
        texts: Texts = {}
        for language, text in list(given.items())[: MOST_LANGUAGES + 1]:
            here = f"{place}.{language!s:.40}"
            if not isinstance(language, str) or not CODE_WORD.fullmatch(language):
                self._fault(here, f"{_short(language)} is no language")
            elif not isinstance(text, str):
                self._fault(here, "must be a text")
            elif len(text) > LONGEST_SENTENCE:
                self._fault(here, f"is {len(text)} characters long; at most {LONGEST_SENTENCE}")
            elif not _is_writing(text.strip()):
                self._fault(here, "holds characters that nobody can see")
            else:
                texts[language] = text.strip()
        if len(given) > MOST_LANGUAGES:
            self._fault(place, f"are {len(given)}; at most {MOST_LANGUAGES}")
        return texts

    def _kind(self, place: str, given: object) -> Kind | None:
        if isinstance(given, str) and given in set(Kind):
            return Kind(given)
        if given is not None:
            self._fault(place, f"{_short(given)} is none of {', '.join(Kind)}")
        return None

    def _truth(self, place: str, given: object) -> bool:
        if given is not None and not isinstance(given, bool):
            self._fault(place, "must be true or false")
        return given is True

    def _answer(self, place: str, given: object) -> str | int | None:
        if isinstance(given, bool) or not isinstance(given, str | int):
            self._fault(place, f"{_short(given)} is no answer")
            return None
        if isinstance(given, str):
            return self._word(place, given) or None
        return given if self._is_small(place, given) else None

    def _day(self, name: str, it: Mapping[str, Any]) -> str | None:
        given = it.get(name)
        if given is None or (isinstance(given, str) and len(given) <= 10):
            return given or None
        self._fault(name, f"{_short(given)} is no date like 2026-11-22")
        return None

    def _hour(self, name: str, it: Mapping[str, Any], otherwise: int) -> int:
        given = it.get(name, otherwise)
        if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= 24:
            return given
        self._fault(name, f"{_short(given)} is no hour from 0 to 24")
        return otherwise

    def _is_small(self, place: str, given: int) -> bool:
        if 0 <= given <= 1_000_000:
            return True
        self._fault(place, f"{_short(given)} is no answer")
        return False


def _short(given: object) -> str:
    """A value as a fault names it: never longer than a line."""
    return f"“{given!s:.40}”" if isinstance(given, str | int | float) else "this"


def _is_writing(text: str) -> bool:
    """No control characters and no halves of a character, which no glass and no database takes."""
    return not any(
        one < " " or "\x7f" <= one < "\xa0" or "\ud800" <= one <= "\udfff" for one in text
    )
