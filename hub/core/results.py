"""What is told of a questionnaire's answers: in whole weeks, each written down once.

Laws of this page
1. A question is told with its week where a floor of people (ten for texts) answered it; else its
   answers wait and join the next week. What was told never changes: late answers join a later week.
2. So every range is a sum of told weeks, and two ranges taken from each other are a floor at least.
3. Beside everybody, a week tells its parts (by language, phone or kiosk, complete or partial), each
   by a floor or not at all. What everybody's figure has beyond its parts is held: nobody, or a
   floor of two parts at least (`core.suppression`). A floor joins what is held, or nobody; it is
   told all at once, when every part of it has a floor. So also over any range of weeks everybody
   less the parts is nobody, or a floor: whoever joined or left it between its ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from hub.core.ports import Store
from hub.core.suppression import TEXT_FLOOR, hide_line
from shared.places import StoreId
from shared.questionnaires import Answer, Response
from shared.questions import Kind, Question, Questionnaire
from shared.visits import Input

RESPONSES: Final = ""
"""In the place of a question: the responses themselves, complete and partial."""

EVERYBODY: Final = "all"
LANGUAGE, INPUT, WHOLE = "language", "input", "whole"
PARTS: Final = (LANGUAGE, INPUT, WHOLE)

HELD: Final = 0
WAITING: Final = 1
"""In the place of a week: what parts hold of what was told, and what waits to be told at all."""


class Key(NamedTuple):
    """One version of a questionnaire in one store."""

    store_id: StoreId
    questionnaire: str
    version: int


Known = Collection[tuple[str, int]]
"""Name and number of the versions that this hub has. A kiosk may send any others, any number of
them: they lie where they are, and nobody asks for them."""


class Line(NamedTuple):
    """Whose answers to which question."""

    question: str
    part: str = EVERYBODY
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """How many people answered, and how often each answer was given."""

    n: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Sum) -> Sum:
        names = {**self.counts, **other.counts}
        counts = {name: self.counts.get(name, 0) + other.counts.get(name, 0) for name in names}
        return Sum(self.n + other.n, counts)


Sums = dict[Line, Sum]


@dataclass(frozen=True, slots=True)
class Closing:
    """What a week comes to."""

    told: Sums
    held: Sums
    waiting: Sums


@dataclass(frozen=True, slots=True)
class Told:
    """One told sum of a week that is named by its Monday."""

    store_id: StoreId
    week: int
    line: Line
    sum: Sum


@dataclass(frozen=True, slots=True)
class Standing:
    """How many responses there are to a version in a store; none is left where retention took all.

    `judged` are told or wait for their floor, `fresh` belong to a week that runs, or to a version
    that nobody knows here; `unfit` do not fit their version and are in no figure.
    """

    key: Key
    judged: int
    fresh: int
    unfit: int


Place = tuple[int, int]
"""Ledger and seq."""


class Stored(NamedTuple):
    """A response's record, and where it lies."""

    ledger: int
    seq: int
    response: Response

    @property
    def place(self) -> Place:
        """Where it lies."""
        return self.ledger, self.seq


class ResultsBook(Protocol):
    """What the hub's database keeps of it. Every method may raise ArchiveError."""

    def stores(self) -> Iterable[Store]:
        """All stores."""

    def open_days(self, known: Known) -> Mapping[Key, frozenset[int]]:
        """The local dates of responses to these versions that belong to no week yet."""

    def last_week(self, key: Key) -> int:
        """The last week that was closed; 0 where none was."""

    def fresh(self, key: Key, until: int) -> list[Stored]:
        """The responses up to this date that belong to no week yet."""

    def kept(self, key: Key, which: int) -> Sums:
        """What is held (HELD), or waits (WAITING)."""

    def close(self, key: Key, week: int, closing: Closing, fit: Mapping[Place, bool]) -> None:
        """Write down what a week tells and who belongs to it, in one transaction."""

    def told(self, questionnaire: str, version: int, stores: Iterable[StoreId]) -> list[Told]:
        """Everything that was told of a version in these stores."""

    def texts(self, key: Key, question: str, first: int, last: int) -> list[str]:
        """The texts of what belongs to these weeks, as far as they are kept."""

    def standings(self, stores: Iterable[StoreId], known: Known) -> list[Standing]:
        """How many responses there are in these stores to these versions, if answered or told."""


def sums_of(questionnaire: Questionnaire, responses: Iterable[Response]) -> Sums:
    """All lines of these responses."""
    sums: Sums = {}
    kinds = {question.id: question for question in questionnaire.questions}
    for response in responses:
        for line, counted in _lines(kinds, response):
            sums[line] = sums.get(line, Sum()) + Sum(1, dict.fromkeys(counted, 1))
    return sums


def added(*several: Sums) -> Sums:
    """Line by line."""
    total: Sums = {}
    for sums in several:
        for line, one in sums.items():
            total[line] = total.get(line, Sum()) + one
    return total


def close_week(
    questionnaire: Questionnaire, fresh: Sums, waiting: Sums, held: Sums, floor: int
) -> Closing:
    """What is told of a week, with what waited, and what waits and is held from now on."""
    ready, told, still = added(fresh, waiting), Sums(), Sums()
    after = dict(held)
    least = {one.id: _least(one, floor) for one in questionnaire.questions}
    for question in sorted({line.question for line in ready}):
        ours = {line: one for line, one in ready.items() if line.question == question}
        whole = Line(question)
        if ours[whole].n < least.get(question, floor):
            still |= ours
            continue
        told[whole] = ours[whole]
        for part in PARTS:
            _tell_part(question, part, ours, after, told, floor)
    return Closing(told, {line: one for line, one in after.items() if one.n}, still)


def counted_as(question: Question, answer: Answer) -> list[str]:
    """Under which names an answer is counted; a text under none."""
    if question.kind is Kind.TEXT:
        return []
    if isinstance(answer, list):
        if question.kind is Kind.RANKING:
            return [f"{choice}:{place}" for place, choice in enumerate(answer, 1)]
        return list(answer)
    return [str(answer)]


def _lines(kinds: Mapping[str, Question], one: Response) -> Iterator[tuple[Line, list[str]]]:
    whole = "complete" if one.complete else "partial"
    values = {
        LANGUAGE: one.language,
        INPUT: "phone" if one.input is Input.WEB else "kiosk",
        WHOLE: whole,
    }
    answered = {name: counted_as(kinds[name], answer) for name, answer in one.answers.items()}
    for name, counted in {RESPONSES: [whole], **answered}.items():
        yield Line(name), counted
        if name == RESPONSES or kinds[name].kind is not Kind.TEXT:
            for part, value in values.items():
                yield Line(name, part, value), counted


def _least(question: Question, floor: int) -> int:
    return max(floor, TEXT_FLOOR) if question.kind is Kind.TEXT else floor


def _tell_part(question: str, part: str, ready: Sums, held: Sums, told: Sums, floor: int) -> None:
    """Tell the values of a part that may be told; the others join what is held."""
    new = {line.value: one for line, one in ready.items() if line.part == part}
    old = {
        line.value: one
        for line, one in held.items()
        if line.question == question and line.part == part
    }
    values = sorted({*new, *old})
    whole = {value: new.get(value, Sum()) + old.get(value, Sum()) for value in values}
    if old and all(one.n >= floor for one in whole.values()):  # now all of it, and nothing stays
        for value, one in whole.items():
            held.pop(Line(question, part, value), None)
            told[Line(question, part, value)] = one
        return
    hidden = hide_line([_n(new, value) for value in values], floor)
    for place, value in enumerate(values):
        line = Line(question, part, value)
        if value in new and (hidden.total or place in hidden.cells):
            held[line] = whole[value]
        elif value in new:
            told[line] = new[value]


def _n(sums: Mapping[str, Sum], value: str) -> int:
    return sums[value].n if value in sums else 0
