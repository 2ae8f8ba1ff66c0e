"""What is said about records that had to be dropped: exact counts, by what they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from shared.records import Loss, LossCause, Record
from shared.sales import Sale
from shared.visits import Visit

_COUNTED = ("sad", "neutral", "happy", "unanswered", "sales", "others")


def loss_of(first: int, gone: Sequence[Record | None], cause: LossCause = LossCause.QUOTA) -> Loss:
    """The notice for the records from `first` on that are dropped; None cannot be read.

    A notice among them lives on in this one: its counts are added and its range is covered, so
    that all notices that arrive together still count everything that was ever dropped.
    """
    begin = min([first, *(record.first for record in gone if isinstance(record, Loss))])
    counts: Counter[str] = Counter()
    for record in gone:
        if isinstance(record, Loss):
            counts.update({name: getattr(record, name) for name in _COUNTED})
        else:
            counts[_kind(record)] += 1
    return Loss(begin, first + len(gone) - 1, cause, **counts)


def _kind(record: Record | None) -> str:
    if isinstance(record, Visit):
        return "unanswered" if record.face is None else record.face.value
    return "sales" if isinstance(record, Sale) else "others"
