"""Rollouts: begun, halted, let go on and taken back by people, and carried on every minute."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import structlog

from hub.core.accounts import Note
from hub.core.fleet import FleetArchive, FleetView, KioskKey
from hub.core.ringing import (
    decide,
    first_store,
    is_going_back,
    progress_of,
    resumed,
    rings_of,
)
from hub.core.rollouts import OPEN, Member, Progress, Rollout, RolloutBook, Stage, State
from shared.bundles import Manifest
from shared.commands import Order
from shared.errors import DeviceError, WordError
from shared.notices import Presence
from shared.places import StoreId

log = structlog.get_logger(__name__)

REST_HOURS: Final = 24
"""Between two rings, unless somebody says otherwise: a trading day shows more than an hour does."""

LONGEST_REST_HOURS: Final = 14 * 24
HOUR_MS: Final = 3_600_000


class Shelf(Protocol):
    """Where bundles are kept."""

    def bundles(self) -> Sequence[Manifest]:
        """What is there, the newest serial first."""


class Sending(Protocol):
    """How kiosks are told."""

    def send(
        self, who: Collection[KioskKey], order: Order, user: str, *, version: str | None = None
    ) -> list[str]:
        """Let these do it; the commands' ids, in order of `who`."""


@dataclass(frozen=True, slots=True)
class Told:
    """A rollout as it is shown: how far it came, and what each kiosk runs."""

    progress: Progress
    members: tuple[Member, ...]
    fleet: Mapping[KioskKey, FleetView]

    @property
    def stores(self) -> frozenset[StoreId]:
        """Where its kiosks stand."""
        return frozenset(one.who.store_id for one in self.members)


class Rollouts:
    """The rollouts of this hub; what they decide is hub/core/ringing.py's."""

    def __init__(
        self,
        book: RolloutBook,
        fleet: FleetArchive,
        shelf: Shelf,
        sending: Sending,
        now_ms: Callable[[], int],
    ) -> None:
        self._book, self._fleet, self._shelf = book, fleet, shelf
        self._sending, self._now_ms = sending, now_ms

    def bundles(self) -> Sequence[Manifest]:
        """The versions that can be rolled out."""
        return self._shelf.bundles()

    def rollouts(self) -> Sequence[Rollout]:
        """All of them, the newest first."""
        return self._book.rollouts()

    def told(self, rollout: Rollout) -> Told:
        """One of them, as it is now."""
        members = tuple(self._book.members(rollout.number))
        fleet = self._views()
        return Told(progress_of(rollout, members, fleet, self._now_ms()), members, fleet)

    def begin(
        self,
        version: str,
        user: str,
        *,
        stores: Collection[StoreId] | None = None,
        first: StoreId | None = None,
        rest_hours: int = REST_HOURS,
    ) -> Rollout:
        """Let a release go to these stores' kiosks (None: to all), ring by ring.

        Raises DeviceError where there is no such bundle, WordError where it cannot begin.
        """
        fleet = self._views()
        rings = self._planned(fleet, version, stores, first)
        if not 0 <= rest_hours <= LONGEST_REST_HOURS:
            raise WordError(f"a rest of {rest_hours} hours")
        now = self._now_ms()
        away = sum(fleet[one].presence is not Presence.ONLINE for one in rings)
        rollout = Rollout(
            0, version, user, now, rest_hours * HOUR_MS, away / len(rings), ring_at=now,
            changed_at=now,
        )  # fmt: skip
        begins = next(one.store_id for one, ring in rings.items() if ring == 1)
        detail = f"{len(rings)} kiosks, first {begins}"
        note = Note(now, user, "rollout begun", version, detail)
        self._end_what_waits_for_the_absent(user)
        return self._book.begin(rollout, rings, note)

    def planned(
        self, version: str, stores: Collection[StoreId] | None = None, first: StoreId | None = None
    ) -> dict[KioskKey, int]:
        """In which ring each kiosk would take this release. Raises as `begin` does."""
        return self._planned(self._views(), version, stores, first)

    def _planned(
        self,
        fleet: Collection[KioskKey],
        version: str,
        stores: Collection[StoreId] | None,
        first: StoreId | None,
    ) -> dict[KioskKey, int]:
        if not any(one.version == version for one in self._shelf.bundles()):
            hint = "Add it: “semblante-hub bundle add FILE”."
            raise DeviceError(f"there is no bundle of version {version}", hint=hint, code="bundle")
        who = [one for one in fleet if stores is None or one.store_id in stores]
        begins = first or first_store(who)
        if begins is None or not any(one.store_id == begins for one in who):
            raise WordError("there is no kiosk to begin with")
        return rings_of(who, begins)

    def _end_what_waits_for_the_absent(self, user: str) -> None:
        """A kiosk that never comes back must not keep all others from what is new."""
        for rollout in self._book.rollouts():
            if rollout.state is State.BACK:
                told = self.told(rollout)
                if not is_going_back(told.progress, told.fleet):
                    ended = replace(rollout, state=State.ENDED, changed_at=self._now_ms())
                    self._change(rollout, ended, "rollout ended", user)

    def halt(self, rollout: Rollout, user: str) -> bool:
        """Let nobody else be ordered; whether it was running."""
        if rollout.state is not State.RUNNING:
            return False
        now = self._now_ms()
        halted = replace(rollout, state=State.HALTED, why="", changed_at=now)
        return self._change(rollout, halted, "rollout halted", user)

    def resume(self, rollout: Rollout, user: str) -> bool:
        """Let it go on; what is in trouble by now is known. Whether it was halted."""
        if rollout.state is not State.HALTED:
            return False
        progress = self.told(rollout).progress
        return self._change(rollout, resumed(progress, self._now_ms()), "rollout resumed", user)

    def back(self, rollout: Rollout, user: str) -> bool:
        """Let all that took it go back to the version before; whether there was one to take."""
        if rollout.state is State.ENDED:
            return False
        returning = replace(rollout, state=State.BACK, why="", changed_at=self._now_ms())
        return self._change(rollout, returning, "rollout taken back", user)

    def look(self) -> None:
        """Carry on what is open: once a minute, by one process."""
        for rollout in self._book.rollouts():
            if rollout.state in OPEN:
                self._carry_on(rollout)

    def _carry_on(self, rollout: Rollout) -> None:
        told, now = self.told(rollout), self._now_ms()
        decision = decide(told.progress, told.fleet, now)
        if decision.rollout != rollout:
            self._note_change(rollout, decision.rollout, told.progress)
            if not self._book.change(decision.rollout, rollout.state, None):
                return  # somebody said otherwise just now
        if decision.orders:
            back = rollout.state is State.BACK
            order = Order.ROLL_BACK if back else Order.UPDATE
            ids = self._sending.send(
                decision.orders, order, rollout.user, version=None if back else rollout.version
            )
            sent = dict(zip(decision.orders, ids, strict=True))
            self._book.ordered(rollout.number, sent, now, back=back)

    def _note_change(self, before: Rollout, after: Rollout, progress: Progress) -> None:
        known = {"version": after.version, "ring": after.ring, "state": after.state.value}
        if after.state is State.HALTED:
            counts = progress.counts()
            failed, silent = counts[Stage.FAILED], counts[Stage.SILENT]
            hint = "Look at the page “Rollouts”: go on, or take it back."
            log.error("rollout.halted", failed=failed, silent=silent, hint=hint, **known)
        elif after != before:
            log.info("rollout.changed", **known)

    def _change(self, before: Rollout, after: Rollout, action: str, user: str) -> bool:
        if before.state not in OPEN and after.state is not State.BACK:
            return False
        note = Note(self._now_ms(), user, action, before.version)
        return self._book.change(after, before.state, note)

    def _views(self) -> dict[KioskKey, FleetView]:
        return {KioskKey(one.store_id, one.kiosk_id): one for one in self._fleet.views()}
