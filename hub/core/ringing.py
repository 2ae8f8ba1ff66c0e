"""Who comes next in a rollout, when it halts, and when it is done.

Laws of this page
1. Only a kiosk that is there is ordered: one that is away is taken when it comes back.
2. Of one store at most half of the kiosks that are there are at it at once, so that a register
   always asks; where there is one alone, it takes the seconds between two shoppers.
3. It halts by itself where more of those that were ordered are in trouble than chance explains, by
   what was so before it began; and it goes on only when a person says so. What was in trouble by
   then is known, and does not halt it again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb
from typing import Final

from hub.core.fleet import FleetView, KioskKey
from hub.core.rollouts import (
    AGAIN,
    RINGS,
    TAKEN,
    Member,
    Progress,
    Rollout,
    Stage,
    State,
)
from shared.notices import Presence
from shared.places import StoreId

TENTH: Final = 10

SILENT_MS: Final = 30 * 60_000
"""A kiosk on trial is back within ten minutes, or is left for the version before within thirty."""

LONGEST_MS: Final = 24 * 3_600_000
"""An order that nobody answered for a day counts as silence, whatever the kiosk says else."""

MOST_AT_ONCE: Final = 60
"""Kiosks that fetch at the same time: 60 of 40 MB take a line of 100 Mbit/s for three minutes."""

SURPRISING: Final = 0.05
"""How unlikely trouble has to be, by what was known before, to halt a rollout."""

PLUGS: Final = 0.01
"""The share of updates that fails although the release is well: a plug that somebody pulled."""

MOST_AWAY: Final = 0.1
"""As usual as it may be that a kiosk falls silent: where more of them are away (a closed store, a
store that is being built) that says nothing of those that were just there."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done now: whom to order, and how the rollout is from now on."""

    rollout: Rollout
    orders: tuple[KioskKey, ...] = ()


def rings_of(kiosks: Collection[KioskKey], first: StoreId) -> dict[KioskKey, int]:
    """The ring of each kiosk: one store, a tenth of the others wherever they are, the rest."""
    others = sorted((one for one in kiosks if one.store_id != first), key=_by_chance)
    tenth = -(-len(others) // TENTH)
    rings = {one: 1 for one in kiosks if one.store_id == first}
    return rings | {one: 2 if at < tenth else 3 for at, one in enumerate(others)}


def first_store(kiosks: Collection[KioskKey]) -> StoreId | None:
    """The store to begin with where nobody said: the smallest in which another register asks."""
    sizes = Counter(one.store_id for one in kiosks)
    return min(sizes, key=lambda store: (sizes[store] < 2, sizes[store], store), default=None)


def stage_of(member: Member, seen: FleetView | None, version: str, now: int) -> Stage:
    """How one kiosk is in a rollout."""
    there = seen is not None and seen.presence is Presence.ONLINE
    if member.back:
        return _stage_back(member.outcome)
    if member.ordered_at is None or member.outcome in AGAIN:
        runs = seen is not None and seen.version == version and _trial(seen) is None
        return Stage.UPDATED if runs and there else Stage.WAITING if there else Stage.AWAY
    if member.outcome not in (None, "begun") and member.outcome not in TAKEN:
        return Stage.FAILED
    silent = not there and (seen is None or now - (seen.last_seen or 0) >= SILENT_MS)
    if silent and now - member.ordered_at >= SILENT_MS:
        return Stage.SILENT
    if member.outcome in TAKEN:
        return Stage.UPDATED
    return Stage.SILENT if now - member.ordered_at >= LONGEST_MS else Stage.ORDERED


def _stage_back(outcome: str | None) -> Stage:
    if outcome in TAKEN:
        return Stage.RETURNED
    if outcome in AGAIN:
        return Stage.UPDATED
    return Stage.RETURNING if outcome in (None, "begun") else Stage.FAILED


def progress_of(
    rollout: Rollout,
    members: Collection[Member],
    fleet: Mapping[KioskKey, FleetView],
    now: int,
) -> Progress:
    """How far it has come."""
    stages = {one.who: stage_of(one, fleet.get(one.who), rollout.version, now) for one in members}
    last = max((one.ordered_at or 0 for one in members), default=0)
    return Progress(rollout, stages, {one.who: one.ring for one in members}, last)


def decide(progress: Progress, fleet: Mapping[KioskKey, FleetView], now: int) -> Decision:
    """What is to be done now."""
    rollout = progress.rollout
    if rollout.state is State.BACK:
        return _going_back(progress, fleet, now)
    if rollout.state is not State.RUNNING:
        return Decision(rollout)
    if is_surprising(progress):
        why = f"{progress.trouble} of {progress.judged}"
        return Decision(replace(rollout, state=State.HALTED, why=why, changed_at=now))
    rollout = _opened(progress, now)
    if rollout.state is State.DONE:
        return Decision(rollout)
    waiting = [
        who
        for who, stage in progress.stages.items()
        if stage is Stage.WAITING and progress.rings[who] <= rollout.ring
    ]
    return Decision(rollout, _at_once(waiting, progress, fleet))


def is_surprising(progress: Progress) -> bool:
    """Whether so much trouble since it was last let go on is more than chance explains."""
    rollout, counts = progress.rollout, progress.counts()
    judged = max(progress.judged - rollout.known, 0)
    usual = min(max(rollout.usual, PLUGS), MOST_AWAY)
    failed = counts[Stage.FAILED] - rollout.known_failed
    silent = counts[Stage.SILENT] - rollout.known_silent
    return _surprises(failed, judged, PLUGS) or _surprises(silent, judged, usual)


def _surprises(some: int, of: int, usual: float) -> bool:
    return some > 0 and at_least(some, max(some, of), usual) < SURPRISING


def at_least(some: int, of: int, share: float) -> float:
    """How likely so many or more of these are in trouble where each is with this share."""
    fewer = sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(some))
    return max(0.0, 1.0 - fewer)


def resumed(progress: Progress, now: int) -> Rollout:
    """It goes on, and what is in trouble by now is known."""
    return replace(
        progress.rollout,
        state=State.RUNNING,
        known=progress.judged,
        known_failed=progress.counts()[Stage.FAILED],
        known_silent=progress.counts()[Stage.SILENT],
        why="",
        changed_at=now,
    )


def _opened(progress: Progress, now: int) -> Rollout:
    """The next ring is opened once this one is through and has rested; after the last it is done.

    Kiosks that are away keep nobody waiting; without any that took it nothing is opened, for then
    nothing is known of it.
    """
    rollout, counts = progress.rollout, Counter[Stage]()
    for ring in range(1, rollout.ring + 1):
        counts += progress.counts(ring)
    if counts[Stage.WAITING] or counts[Stage.ORDERED]:
        return rollout
    if rollout.ring == RINGS:
        over = not counts[Stage.AWAY]
        return replace(rollout, state=State.DONE, changed_at=now) if over else rollout
    empty = not progress.counts(rollout.ring)
    rested = now - max(rollout.ring_at, progress.last_at) >= rollout.rest_ms
    if empty or (counts[Stage.UPDATED] and rested):
        return replace(rollout, ring=rollout.ring + 1, ring_at=now)
    return rollout


def _at_once(
    waiting: Sequence[KioskKey], progress: Progress, fleet: Mapping[KioskKey, FleetView]
) -> tuple[KioskKey, ...]:
    """Those of them that may be ordered now."""
    busy = {Stage.ORDERED, Stage.RETURNING}
    at_it = [who for who, stage in progress.stages.items() if stage in busy]
    by_store = Counter(who.store_id for who in at_it)
    there = Counter(key.store_id for key, one in fleet.items() if one.presence is Presence.ONLINE)
    chosen: list[KioskKey] = []
    for who in sorted(waiting, key=lambda one: (progress.rings[one], _by_chance(one))):
        if len(at_it) + len(chosen) >= MOST_AT_ONCE:
            break
        if by_store[who.store_id] < max(1, there[who.store_id] // 2):
            by_store[who.store_id] += 1
            chosen.append(who)
    return tuple(chosen)


def is_going_back(progress: Progress, fleet: Mapping[KioskKey, FleetView]) -> bool:
    """Whether some go back just now, or would within minutes; those that are away may for long."""
    returning = Stage.RETURNING in progress.stages.values()
    return progress.rollout.state is State.BACK and (returning or bool(_to_return(progress, fleet)))


def _to_return(progress: Progress, fleet: Mapping[KioskKey, FleetView]) -> list[KioskKey]:
    took = {Stage.UPDATED, Stage.ORDERED}
    return [who for who, at in progress.stages.items() if at in took and _is_there(fleet.get(who))]


def _going_back(progress: Progress, fleet: Mapping[KioskKey, FleetView], now: int) -> Decision:
    """Whoever is away goes back when it is there again: that it took it may be why it is away."""
    stages = progress.stages
    left = {Stage.UPDATED, Stage.ORDERED, Stage.RETURNING}
    if not any(
        at in left or (at is Stage.SILENT and not _is_there(fleet.get(who)))
        for who, at in stages.items()
    ):
        return Decision(replace(progress.rollout, state=State.ENDED, changed_at=now))
    returning = {
        who: Stage.RETURNING if at is Stage.RETURNING else Stage.WAITING
        for who, at in stages.items()
    }
    return Decision(
        progress.rollout,
        _at_once(
            _to_return(progress, fleet),
            Progress(progress.rollout, returning, progress.rings),
            fleet,
        ),
    )


def _is_there(seen: FleetView | None) -> bool:
    return seen is not None and seen.presence is Presence.ONLINE


def _trial(seen: FleetView) -> str | None:
    return None if seen.health is None else seen.health.trial


def _by_chance(who: KioskKey) -> bytes:
    """An order that has nothing to do with names, and is the same every time."""
    return hashlib.sha256(f"{who.store_id}/{who.kiosk_id}".encode()).digest()
