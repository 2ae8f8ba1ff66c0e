"""Results of questionnaires: weeks that are over are told once, and every page is a sum of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import structlog

from hub.core.hours import Hours, day_after, monday_of
from hub.core.ports import Store
from hub.core.responses import Definitions, fits
from hub.core.results import (
    EVERYBODY,
    HELD,
    PARTS,
    RESPONSES,
    WAITING,
    Key,
    Line,
    ResultsBook,
    Standing,
    Sum,
    Told,
    close_week,
    sums_of,
)
from hub.core.summaries import Figure, Summary, figures_of, summary_of
from hub.core.suppression import FLOOR, TEXT_FLOOR, check_floor
from shared.places import StoreId
from shared.questions import Kind, Question, Questionnaire

log = structlog.get_logger(__name__)

STORE = "store"
"""A part like the others, of which every value is told by itself."""

MOST_WEEKS = 100
"""Weeks that are closed in one round of the job, some seconds: the others follow a minute later."""


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

    `complete` and `partial` are the responses of the weeks that are told.
    """

    questionnaire: Questionnaire
    stores: tuple[Store, ...]
    weeks: tuple[int, ...]
    offered: tuple[int, ...]
    complete: int
    partial: int
    questions: tuple[QuestionResult, ...]
    floor: int
    text_floor: int
    standings: tuple[Standing, ...] = field(default=())

    @property
    def unfit(self) -> int:
        """Responses that do not fit their version and are in no figure."""
        return sum(one.unfit for one in self.standings)

    @property
    def fresh(self) -> int:
        """Responses that are not told yet, in whole floors: more would tell when somebody came."""
        waiting = sum(one.fresh for one in self.standings)
        return waiting - waiting % self.floor


class Results:
    """Answers for one hub; every method is told “now”. Safe to call from several threads."""

    def __init__(
        self,
        book: ResultsBook,
        definitions: Definitions,
        mask: Callable[[str], str],
        floor: int = FLOOR,
    ) -> None:
        self._book, self._definitions, self._mask = book, definitions, mask
        self.floor = check_floor(floor)
        self.text_floor = max(self.floor, TEXT_FLOOR)
        self._zones: dict[str, Hours] = {}

    # ── closing ──────────────────────────────────────────────────────────────────────────────

    def close(self, now: int) -> int:
        """Tell the weeks that are over; a job's work. Returns how many were closed."""
        zones = {store.store_id: store.zone for store in self._book.stores()}
        closed = 0
        for key, days in sorted(self._book.open_days().items()):
            if key.store_id in zones and closed < MOST_WEEKS:
                closed += self._close_one(key, days, zones[key.store_id], now)
        return closed

    def _close_one(self, key: Key, days: Collection[int], zone: str, now: int) -> int:
        """Close the first week that is due; one that was closed before takes nobody any more."""
        over = day_after(monday_of(self._hours(zone).hour_of(now).day), -7)
        first = monday_of(min(days))
        last = self._book.last_week(key) if first <= over else 0  # most weeks just run
        week = max(first, day_after(last, 7)) if last else first
        questionnaire = (
            self._definitions.version(key.questionnaire, key.version) if week <= over else None
        )
        if questionnaire is None:
            return 0
        fresh = self._book.fresh(key, day_after(week, 6))
        fit = {one.place: fits(questionnaire, one.response) for one in fresh}
        sums = sums_of(questionnaire, (one.response for one in fresh if fit[one.place]))
        waiting, held = self._book.kept(key, WAITING), self._book.kept(key, HELD)
        closing = close_week(questionnaire, sums, waiting, held, self.floor)
        self._book.close(key, week, closing, fit)
        log.info("results.closed", store=key.store_id, week=week, responses=len(fresh))
        return 1

    # ── looking ──────────────────────────────────────────────────────────────────────────────

    def standings(self, stores: Collection[StoreId]) -> Sequence[Standing]:
        """Which versions were answered in these stores, and how often."""
        return self._book.standings(stores)

    def knows(self, name: str, version: int) -> bool:
        """Whether this hub has that version: of others (sent before a restore, say) nothing can be
        told."""
        return self._definitions.version(name, version) is not None

    def view(
        self,
        name: str,
        version: int,
        stores: Sequence[Store],
        weeks: int = 0,
        *,
        texts: bool = True,
    ) -> ResultsView | None:
        """The last so many told weeks (0: all) of a version; None where nobody knows it.

        Without `texts`, which are read one by one, it is quickly done.
        """
        questionnaire = self._definitions.version(name, version)
        if questionnaire is None:
            return None
        names = [store.store_id for store in stores]
        every = self._book.told(name, version, names)
        offered = tuple(sorted({one.week for one in every}))
        chosen = offered[-weeks:] if weeks else offered
        told = [one for one in every if one.week in chosen]
        sums = _summed(told)
        responses = sums.get(Line(RESPONSES), Sum())
        known = self._book.standings(names)
        return ResultsView(
            questionnaire=questionnaire,
            stores=tuple(stores),
            weeks=tuple(chosen),
            offered=offered,
            complete=responses.counts.get("complete", 0),
            partial=responses.counts.get("partial", 0),
            questions=tuple(
                self._question(one, questionnaire, sums, told, every if texts else ())
                for one in questionnaire.questions
            ),
            floor=self.floor,
            text_floor=self.text_floor,
            standings=tuple(one for one in known if one.key[1:] == (name, version)),
        )

    def _question(
        self,
        question: Question,
        questionnaire: Questionnaire,
        sums: Mapping[Line, Sum],
        told: Sequence[Told],
        every: Sequence[Told],
    ) -> QuestionResult:
        whole = sums.get(Line(question.id), Sum())
        texts: tuple[str, ...] = ()
        if question.kind is Kind.TEXT and whole.n and every:
            texts = self._texts(question, questionnaire, told, every)
        return QuestionResult(
            question, summary_of(question, whole), tuple(_parts(question, sums, told)), texts
        )

    def _texts(
        self,
        question: Question,
        asked: Questionnaire,
        told: Sequence[Told],
        every: Sequence[Told],
    ) -> tuple[str, ...]:
        """The texts of the blocks that are told, in an order that says nothing."""
        found: list[str] = []
        line = Line(question.id)
        for one in told:
            if one.line != line:
                continue
            before = (it.week for it in every if it.line == line and it.store_id == one.store_id)
            first = max((week for week in before if week < one.week), default=0)
            key = Key(one.store_id, asked.id, asked.version)
            texts = self._book.texts(key, question.id, day_after(first) if first else 0, one.week)
            if len(texts) >= self.text_floor:  # retention may have left fewer
                found += texts
        return tuple(sorted(map(self._mask, found), key=_shuffled))

    def _hours(self, zone: str) -> Hours:
        if zone not in self._zones:
            self._zones[zone] = Hours(zone)
        return self._zones[zone]


def _summed(told: Sequence[Told]) -> dict[Line, Sum]:
    sums: dict[Line, Sum] = {}
    for one in told:
        sums[one.line] = sums.get(one.line, Sum()) + one.sum
    return sums


def _parts(question: Question, sums: Mapping[Line, Sum], told: Sequence[Told]) -> list[PartResult]:
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


def _shuffled(text: str) -> bytes:
    return sha256(text.encode(errors="replace")).digest()
