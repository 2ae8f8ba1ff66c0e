"""A version's results as pages, files and the API tell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.core.ports import Store
from hub.core.results import EVERYBODY, PARTS, Line, Standing, Sum, Sums, Told
from hub.core.summaries import Figure, Summary, figures_of, summary_of
from shared.questions import Question, Questionnaire

STORE = "store"
"""A part like the others, of which every value is told by itself."""


@dataclass(frozen=True, slots=True)
class PartResult:
    """The same question, of a part of those who answered it."""

    part: str
    value: str
    summary: Summary


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question: its figures, those of its parts, and the texts where there are enough."""

    question: Question
    summary: Summary
    parts: tuple[PartResult, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def lines(self) -> list[tuple[str, str, Figure]]:
        """Every figure, with the part of those who answered and its value ('' for everybody)."""
        summaries = [("", "", self.summary), *((p.part, p.value, p.summary) for p in self.parts)]
        return [(part, it, one) for part, it, found in summaries for one in figures_of(found)]

    @property
    def voices(self) -> list[tuple[str, int]]:
        """Each text once, with how often it was written, in the order of the texts."""
        return list(Counter(self.texts).items())

    def of(self, part: str) -> list[PartResult]:
        """The values of one part, by name."""
        return [one for one in self.parts if one.part == part]


@dataclass(frozen=True, slots=True)
class ResultsView:
    """A version's results over some weeks in some stores.

    `complete` and `partial` are the responses of the weeks that are told; `versions` are those that
    can be looked at, the newest first.
    """

    questionnaire: Questionnaire
    versions: tuple[int, ...]
    stores: tuple[Store, ...]
    weeks: tuple[int, ...]
    offered: tuple[int, ...]
    complete: int
    partial: int
    questions: tuple[QuestionResult, ...]
    floor: int
    text_floor: int
    standings: tuple[Standing, ...]

    @property
    def unfit(self) -> int:
        """Responses that do not fit their version and are in no figure."""
        return sum(one.unfit for one in self.standings)

    @property
    def fresh(self) -> int:
        """Responses that are not told yet, in whole floors: more would tell when somebody came."""
        waiting = sum(one.fresh for one in self.standings)
        return waiting - waiting % self.floor


def summed(told: Sequence[Told]) -> Sums:
    """What several weeks and stores come to, line by line."""
    sums: Sums = {}
    for one in told:
        sums[one.line] = sums.get(one.line, Sum()) + one.sum
    return sums


def parts_of(
    question: Question, sums: Mapping[Line, Sum], told: Sequence[Told]
) -> list[PartResult]:
    """By store, where there are several, and by whatever else was told."""
    stores: dict[str, Sum] = {}
    for one in told:
        if one.line == Line(question.id, EVERYBODY):
            stores[one.store_id] = stores.get(one.store_id, Sum()) + one.sum
    lines = [(STORE, name, one) for name, one in sorted(stores.items()) if len(stores) > 1]
    lines += [
        (line.part, line.value, one)
        for line, one in sorted(sums.items(), key=lambda pair: pair[0])
        if line.question == question.id and line.part in PARTS
    ]
    return [PartResult(part, value, summary_of(question, one)) for part, value, one in lines]
