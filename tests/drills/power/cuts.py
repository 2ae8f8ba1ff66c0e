"""Every moment of a trace at which the plug may be pulled, with all that a card may then hold."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.drills.power.card import Card, Fate
from tests.drills.power.fates import (
    PAGE,
    SECTOR,
    ContentsLost,
    Lost,
    NamesLost,
    Scattered,
    Spoiled,
    Torn,
    Whole,
    sectors,
)
from tests.drills.power.operations import Files, Operation, Promised, Written


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is tried at each moment, beside the four fates that need no dice."""

    scattered: int = 2
    rubbish: int = 1
    torn_everywhere: bool = False  # else behind the first sector, in the middle, before the last
    spoiled: bool = False  # whether sectors are spoiled beside what was written to them
    every: int = 1  # of writes one after another, which are tried; the last of them always is
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """The plug was pulled after operation number `moment`; `done` and `begun` were promised."""

    moment: int
    fate: str
    files: Files
    done: int  # the last step that had been promised
    begun: int  # the last step that had been begun: `done`, or the one after it

    @property
    def print(self) -> bytes:
        """The same for the same files."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            digest.update(f"{name}:{len(self.files[name])}:".encode() + self.files[name])
        return digest.digest()


def cuts(trace: Sequence[Operation], plan: Plan, files: Files | None = None) -> Iterator[Cut]:
    """All of them, in order; `files` lay on the card from the beginning."""
    card, done, begun = Card(files), 0, 0
    for moment, operation in enumerate(trace):
        card.follow(operation)
        if isinstance(operation, Promised):
            begun = operation.step
            done = done if operation.begun else operation.step
        if _is_passed_over(trace, moment, plan):
            continue
        for fate in fates(operation, moment, plan):
            yield Cut(moment, _name(fate), card.after(fate), done, begun)


def _is_passed_over(trace: Sequence[Operation], moment: int, plan: Plan) -> bool:
    if (moment + plan.seed) % plan.every == 0:
        return False
    return all(isinstance(one, Written) for one in trace[moment : moment + 2])


def fates(operation: Operation, moment: int, plan: Plan) -> Iterator[Fate]:
    """What is tried after this operation."""
    yield from (Lost(), Whole(), NamesLost(), ContentsLost())
    if isinstance(operation, Written):
        yield from _torn(operation, plan)
        yield from (Spoiled(SECTOR), Spoiled(PAGE)) if plan.spoiled else ()
    for number in range(plan.scattered + plan.rubbish):
        dice = random.Random(f"{plan.seed} {moment} {number}")
        yield Scattered(dice, rubbish=number >= plan.scattered)


def _torn(write: Written, plan: Plan) -> Iterator[Torn]:
    for size in (SECTOR, PAGE) if plan.torn_everywhere else (SECTOR,):
        last = len(list(sectors(write, size))) - 1
        places = range(1, last + 1) if plan.torn_everywhere else {1, (last + 1) // 2, last}
        for place in sorted(set(places)):
            if 0 < place <= last:
                yield Torn(place, size)
                yield Torn(place, size, from_the_end=True)


def _name(fate: Fate) -> str:
    return repr(fate) if isinstance(fate, Torn) else type(fate).__name__
