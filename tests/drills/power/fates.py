"""What may become of writes that were not synced, from “all lost” to “some sectors, as it fell”."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.drills.power.card import Grown, Kept
from tests.drills.power.operations import Change, Naming, Resized, Written

SECTOR = 512
"""The least that any card writes at once."""

PAGE = 4_096
"""What most of them, and the page cache, write at once."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Nothing was kept that was not synced."""

    def changes(self, pending: Sequence[Change], last: Change | None) -> Sequence[Kept]:
        return ()

    def names(self, pending: Sequence[Naming]) -> Sequence[Naming]:
        return ()


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything was kept: the program died, and the card did not."""

    def changes(self, pending: Sequence[Change], last: Change | None) -> Sequence[Kept]:
        return pending

    def names(self, pending: Sequence[Naming]) -> Sequence[Naming]:
        return pending


@dataclass(frozen=True, slots=True)
class NamesLost(Whole):
    """Contents were kept; new, removed and changed names were not."""

    def names(self, pending: Sequence[Naming]) -> Sequence[Naming]:
        return ()


@dataclass(frozen=True, slots=True)
class ContentsLost(Whole):
    """Names and lengths were kept, as a journal of metadata alone keeps them; no content was."""

    def changes(self, pending: Sequence[Change], last: Change | None) -> Sequence[Kept]:
        return [
            Grown(one.file, one.at + len(one.data)) if isinstance(one, Written) else one
            for one in pending
        ]


@dataclass(frozen=True, slots=True)
class Torn(Whole):
    """Of the last write only the first (or else the last) sectors were kept."""

    sectors: int
    size: int = SECTOR
    from_the_end: bool = False

    def changes(self, pending: Sequence[Change], last: Change | None) -> Sequence[Kept]:
        if not isinstance(last, Written) or pending[-1] is not last:
            return pending
        parts = list(sectors(last, self.size))
        kept = parts[-self.sectors :] if self.from_the_end else parts[: self.sectors]
        return [*pending[:-1], *kept]


@dataclass(frozen=True, slots=True)
class Spoiled(Whole):
    """The sectors under the last write hold rubbish: also what was kept in them beside it."""

    size: int = SECTOR

    def changes(self, pending: Sequence[Change], last: Change | None) -> Sequence[Kept]:
        if not isinstance(last, Written) or pending[-1] is not last:
            return pending
        begins = last.at - last.at % self.size
        ends = last.at + len(last.data)
        ends += -ends % self.size
        rubbish = random.Random(last.at).randbytes(ends - begins)
        return [*pending[:-1], Written(last.file, begins, rubbish)]


class Scattered:
    """Each sector and each name by chance; `rubbish` sectors hold what nobody wrote."""

    def __init__(self, dice: random.Random, *, rubbish: bool = False) -> None:
        self._dice = dice
        self._likely = dice.choice((0.1, 0.5, 0.9))
        self._rubbish = 0.2 if rubbish else 0.0

    def changes(self, pending: Sequence[Change], last: Change | None) -> Sequence[Kept]:
        return [part for one in pending for part in self._parts(one)]

    def names(self, pending: Sequence[Naming]) -> Sequence[Naming]:
        return [one for one in pending if self._falls()]

    def _parts(self, one: Change) -> Iterator[Change]:
        if isinstance(one, Resized):
            if self._falls():
                yield one
            return
        for part in sectors(one, SECTOR):
            if self._dice.random() < self._rubbish:
                yield Written(part.file, part.at, self._dice.randbytes(len(part.data)))
            elif self._falls():
                yield part

    def _falls(self) -> bool:
        return self._dice.random() < self._likely


def sectors(write: Written, size: int) -> Iterator[Written]:
    """The write, sector by sector; the first and the last may be parts of one."""
    done = 0
    while done < len(write.data):
        at = write.at + done
        length = min(size - at % size, len(write.data) - done)
        yield Written(write.file, at, write.data[done : done + length])
        done += length
