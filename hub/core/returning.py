"""What may be told once the hub was restored, and does not know any more what it had told since.

Between the backup and the restore pages told more than the backup knows. Told again from the same
records, a figure could differ from the one that was seen by one shopper. So of the hours that had
begun before the restore nothing is told beyond what the backup itself had told.
"""

from __future__ import annotations

from dataclasses import replace

from hub.core.steps import DayCounts, Held, Step


def as_told(shown: Step | None, current: DayCounts, restored_at: int) -> DayCounts:
    """The counts as if of those hours nothing had come that the step does not know."""
    if not restored_at or all(row.hour >= restored_at for row in current.point_hours):
        return current
    known = shown.held.behind if shown is not None and shown.day == current.day else ()
    rows = [row for row in known if row.hour < restored_at]
    rows += [row for row in current.point_hours if row.hour >= restored_at]
    return replace(current, point_hours=tuple(sorted(rows)))


def without_held(shown: Step | None, restored_at: int) -> Step | None:
    """A step of before, which lets go nothing of what it held back: that may have been told."""
    if shown is None or shown.made_at >= restored_at:
        return shown
    return replace(shown, held=Held(behind=shown.held.behind, cells=shown.held.cells))
