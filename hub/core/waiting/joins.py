"""What the join of answers and waits asks of the hub's database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from hub.core.ports import Store
from hub.core.waiting.bands import Week
from hub.core.waiting.facts import LineId
from hub.core.waiting.scoring import Answer, Scores, Told
from shared.places import StoreId


class Arrived(NamedTuple):
    """Hours for which records came, and up to which seq of each ledger that was looked at."""

    hours: frozenset[int]
    marks: Mapping[int, int]


class Pace(NamedTuple):
    """What a service of a whole store takes (ms), and its squared variation."""

    mean: float
    square: float


class ScoreBook(Protocol):
    """Records, notices, scores and told weeks. Every method may raise ArchiveError."""

    def arrived(self, store: StoreId, since: int, before: int) -> Arrived:
        """The hours from `since` to `before` for which records came after the marks."""

    def answers(self, store: Store, hours: frozenset[int]) -> Iterator[Answer]:
        """The answers that count in these hours, suspects left out as the tallies leave them."""

    def told(self, store: StoreId, line: LineId, since: int, before: int) -> Sequence[Told]:
        """What a line told from an instant on, with what stood at it."""

    def first_told(self, store: StoreId) -> int | None:
        """Since when a store tells waits."""

    def sealed(self, store: StoreId) -> int:
        """Before this instant there are no records any more."""

    def restored_at(self) -> int:
        """When the hub was last restored from a backup; 0: never."""

    def write(
        self, store: StoreId, hours: Iterable[int], scores: Scores, marks: Mapping[int, int]
    ) -> None:
        """Let these hours be what the scores say, and the marks stand here."""

    def scores(self, store: StoreId, since: int, before: int) -> Scores:
        """What stands of the hours from an instant to another."""

    def weeks(self, store: StoreId, since: int) -> Sequence[Week]:
        """The told weeks from this Monday on, latest first."""

    def tell(self, store: StoreId, week: Week) -> bool:
        """Write a week down; False where it was told already, and stands."""

    def forget(self, store: StoreId, before: int) -> None:
        """Forget the scores of earlier hours."""


class Paces(Protocol):
    """What services took, day by day. It may raise ArchiveError."""

    def pace(self, store: StoreId, day: int, usual_ms: int) -> Pace:
        """As known on this day: kept at the first question, the same ever after."""
