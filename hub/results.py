"""Results of questionnaires: weeks that are over are told once, and every page is a sum of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from hashlib import sha256

import structlog

from hub.core.hours import Hours, day_after, monday_of
from hub.core.ports import Store
from hub.core.responses import Definitions, fits
from hub.core.result_views import QuestionResult, ResultsView, parts_of, summed
from hub.core.results import (
    HELD,
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
from hub.core.summaries import summary_of
from hub.core.suppression import FLOOR, TEXT_FLOOR, check_floor
from shared.places import StoreId
from shared.questions import Kind, Question, Questionnaire

log = structlog.get_logger(__name__)

MOST_WEEKS = 100
"""Weeks that are closed in one round of the job, some seconds: the others follow a minute later."""


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
        open_days = self._book.open_days(self._definitions.known())
        for key, days in sorted(open_days.items()):
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
        """Which versions that this hub has were answered in these stores, and how often.

        Of others (sent before a restore, or made up by a kiosk) nothing can be told, and nothing is
        asked: there may be any number of them.
        """
        return self._book.standings(stores, self._definitions.known())

    def answered(self, stores: Collection[StoreId]) -> dict[str, list[int]]:
        """What was answered in these stores: versions that this hub has, newest first, by name."""
        return _versions(self.standings(stores))

    def view(
        self,
        name: str,
        version: int | None,
        stores: Sequence[Store],
        weeks: int = 0,
        *,
        texts: bool = True,
    ) -> ResultsView | None:
        """The last so many told weeks (0: all) of a version (None: the newest that was answered).

        None where it was not answered in these stores. Without `texts`, which are read one by one,
        it is quickly done.
        """
        standings = self.standings([store.store_id for store in stores])
        ours = [one for one in standings if one.key.questionnaire == name]
        versions = _versions(ours).get(name, [])
        chosen = versions[0] if version is None and versions else version
        if chosen is None or chosen not in versions:
            return None
        asked = self._definitions.version(name, chosen)
        if asked is None:  # dropped meanwhile
            return None
        mine = tuple(one for one in ours if one.key.version == chosen)
        return self._view(asked, tuple(versions), stores, weeks, mine, texts=texts)

    def _view(
        self,
        questionnaire: Questionnaire,
        versions: tuple[int, ...],
        stores: Sequence[Store],
        weeks: int,
        standings: tuple[Standing, ...],
        *,
        texts: bool,
    ) -> ResultsView:
        names = [store.store_id for store in stores]
        every = self._book.told(questionnaire.id, questionnaire.version, names)
        offered = tuple(sorted({one.week for one in every}))
        chosen = offered[-weeks:] if weeks else offered
        told = [one for one in every if one.week in chosen]
        sums = summed(told)
        responses = sums.get(Line(RESPONSES), Sum())
        return ResultsView(
            questionnaire=questionnaire,
            versions=versions,
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
            standings=standings,
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
            question, summary_of(question, whole), tuple(parts_of(question, sums, told)), texts
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


def _versions(standings: Iterable[Standing]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for name, version in sorted({one.key[1:] for one in standings}, reverse=True):
        found.setdefault(name, []).append(version)
    return dict(sorted(found.items()))


def _shuffled(text: str) -> bytes:
    return sha256(text.encode(errors="replace")).digest()
