"""How a kiosk comes to another version of its program, and back: what stands where, and what next.

Laws of this page
1. What was reached is read from the disk alone. Whatever was interrupted is taken up from there, by
   doing the step of its state once more: every step may be done twice.
2. `current` names a version that is complete, always; while one is on trial `previous` names the
   one that worked before, which is not removed until the other has proved itself.
3. A start on trial is counted before anything else happens, and by the version that worked before.
4. A version that failed is left by itself; nothing but a new order tries it again.

    none ─ fetch ─► fetched ─ verify ─► verified ─ install ─► installed ─ prepare ─► prepared
      ▲                                                                                 │ switch
      ├── tidy ── confirmed ◄── proved ── on trial ◄── a start of the kiosk ── switched ◄┘
      └── tidy ── rolled back ◄─ swap back ─ failed ◄── 3 tries, 10 minutes, or told to go back
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from shared.bundles import check_version
from shared.errors import DeviceError

MOST_TRIES: Final = 3
"""Two may be lost to a plug that somebody pulled."""

LONGEST_TRIAL_MS: Final = 10 * 60_000
"""A card that mends itself, a slow network and a first receipt fit into five."""


class State(StrEnum):
    """How far an update has come."""

    NONE = "none"
    FETCHED = "fetched"
    VERIFIED = "verified"  # in memory alone: after an interruption it is verified anew
    INSTALLED = "installed"
    PREPARED = "prepared"  # the trial is written down
    SWITCHED = "switched"
    ON_TRIAL = "on_trial"
    CONFIRMED = "confirmed"
    FAILED = "failed"  # and still current
    ROLLED_BACK = "rolled_back"


class Event(StrEnum):
    """What happens to it."""

    DONE = "done"  # the step of its state was done
    REFUSED = "refused"  # the step cannot be done, and will not be by trying again
    INTERRUPTED = "interrupted"  # by a plug, a kill or a restart
    STARTED = "started"  # the kiosk is about to start
    PROVED = "proved"
    GIVEN_UP = "given_up"  # too many tries, too much time, or somebody said so


class Step(StrEnum):
    """What is done in a state, without waiting for anybody."""

    FETCH = "fetch"
    VERIFY = "verify"
    INSTALL = "install"
    PREPARE = "prepare"
    SWITCH = "switch"
    SWAP_BACK = "swap_back"
    TIDY = "tidy"


STEPS: Final[Mapping[State, Step]] = MappingProxyType(
    {
        State.NONE: Step.FETCH,  # where there is an order
        State.FETCHED: Step.VERIFY,
        State.VERIFIED: Step.INSTALL,
        State.INSTALLED: Step.PREPARE,
        State.PREPARED: Step.SWITCH,
        State.FAILED: Step.SWAP_BACK,
        State.CONFIRMED: Step.TIDY,
        State.ROLLED_BACK: Step.TIDY,
    }
)
"""A version that is switched or on trial waits: for a start, for its proof, or for its end."""

TABLE: Final[Mapping[tuple[State, Event], State]] = MappingProxyType(
    {
        (State.NONE, Event.DONE): State.FETCHED,
        (State.FETCHED, Event.DONE): State.VERIFIED,
        (State.VERIFIED, Event.DONE): State.INSTALLED,
        (State.INSTALLED, Event.DONE): State.PREPARED,
        (State.PREPARED, Event.DONE): State.SWITCHED,
        (State.FAILED, Event.DONE): State.ROLLED_BACK,
        (State.CONFIRMED, Event.DONE): State.NONE,
        (State.ROLLED_BACK, Event.DONE): State.NONE,
        (State.FETCHED, Event.REFUSED): State.NONE,
        (State.VERIFIED, Event.REFUSED): State.NONE,
        (State.INSTALLED, Event.REFUSED): State.NONE,
        (State.VERIFIED, Event.INTERRUPTED): State.FETCHED,
        (State.SWITCHED, Event.STARTED): State.ON_TRIAL,
        (State.SWITCHED, Event.GIVEN_UP): State.FAILED,
        (State.PREPARED, Event.GIVEN_UP): State.ROLLED_BACK,
        (State.ON_TRIAL, Event.PROVED): State.CONFIRMED,
        (State.ON_TRIAL, Event.GIVEN_UP): State.FAILED,
    }
)
"""Where a pair is not named, nothing changes: an event may come late, or twice."""


def after(state: State, event: Event) -> State:
    """The next state."""
    return TABLE.get((state, event), state)


@dataclass(frozen=True, slots=True)
class Trial:
    """One version that has to prove itself: `before` is taken up again where it does not.

    `older` was `previous` until then. `boot` is the boot in which it was last started, `since` the
    boot time (ms) of its first start there. `order` is the id of the command; `failed` says why.
    """

    version: str
    before: str
    older: str | None = None
    order: str | None = None
    tries: int = 0
    boot: str = ""
    since: int = 0
    failed: str | None = None

    def started(self, boot: str, now: int) -> Trial:
        """One more start; the time is counted anew in every boot, for it is not known across."""
        since = self.since if boot == self.boot else now
        return replace(self, tries=self.tries + 1, boot=boot, since=since)

    def is_over(self, boot: str, now: int) -> bool:
        """Whether it had its tries or its time, and has not proved itself."""
        return self.tries >= MOST_TRIES or self.is_overdue(boot, now)

    def is_overdue(self, boot: str, now: int) -> bool:
        """Whether it had its time in this boot."""
        return self.tries > 0 and boot == self.boot and now - self.since >= LONGEST_TRIAL_MS


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The version that last proved itself, `by` what, and the highest serial that ever did."""

    version: str
    serial: int
    by: str = "receipt"


class Proof(StrEnum):
    """What a version proves itself by, once its screen was drawn and its outbox written."""

    RECEIPT = "receipt"
    OFFLINE = "offline"  # nothing at the broker's address answered at all: it is not its fault


@dataclass(frozen=True, slots=True)
class Shelf:
    """What stands on the disk: `complete` are the versions that can be started, with serials."""

    current: str | None
    previous: str | None
    complete: Mapping[str, int]
    trial: Trial | None = None
    confirmed: Confirmed | None = None

    @property
    def highest(self) -> int:
        """The highest serial that ever proved itself; the version of the first day counts too."""
        proved = self.confirmed.serial if self.confirmed else 0
        if self.trial is None and self.current is not None:
            return max(proved, self.complete.get(self.current, 0))
        return proved

    @property
    def state(self) -> State:
        """How far a switch has come, by what stands there."""
        trial = self.trial
        if trial is None:
            return State.NONE
        if self.current != trial.version:
            return State.PREPARED if trial.failed is None else State.ROLLED_BACK
        if self.confirmed is not None and self.confirmed.version == trial.version:
            return State.CONFIRMED
        if trial.failed is not None:
            return State.FAILED
        return State.ON_TRIAL if trial.tries else State.SWITCHED

    @property
    def kept(self) -> frozenset[str]:
        """The versions that may not be removed now."""
        trial = self.trial
        names = (trial.version, trial.before, trial.older) if trial else ()
        return frozenset(name for name in (self.current, self.previous, *names) if name)


def outcome_of(shelf: Shelf) -> str:
    """What became of the trial that ends here, in a word for the hub."""
    if shelf.state is not State.CONFIRMED:
        return "rolled_back"
    offline = shelf.confirmed is not None and shelf.confirmed.by == Proof.OFFLINE
    return "done_offline" if offline else "done"


def trial_of(version: str, shelf: Shelf, order: str | None = None) -> Trial:
    """The trial of a version; raises DeviceError where there is nothing to try it with."""
    if shelf.current is None or shelf.current not in shelf.complete:
        raise DeviceError("no version is current here", hint="Provision the kiosk.", code="bare")
    if version not in shelf.complete:
        raise DeviceError(f"version {version} is not complete", code="incomplete")
    return Trial(version, shelf.current, shelf.previous, order)


def version_to_go_back_to(shelf: Shelf) -> str:
    """The version before; raises DeviceError where there is none that worked."""
    found, current = shelf.previous, shelf.current
    if found is None or current is None or found == current or found not in shelf.complete:
        raise _no_way_back("no version before this one is kept")
    if shelf.complete[found] > shelf.complete.get(current, 0):
        raise _no_way_back(f"{current} is already the version before {found}")
    return found


def _no_way_back(why: str) -> DeviceError:
    hint = "Build the wanted release anew, with a higher serial, and let the kiosk take that."
    return DeviceError(f"there is no way back: {why}", hint=hint, code="no_way_back")


def write_kept(value: Trial | Confirmed) -> bytes:
    """As it stands on the disk."""
    return json.dumps(asdict(value)).encode() + b"\n"


def read_trial(kept: bytes | None, current: str | None, previous: str | None) -> Trial | None:
    """The trial; one that can no longer be read was one of the current version, and is given up."""
    if kept is None:
        return None
    try:
        return Trial(**_values(kept, Trial("", "")))
    except (ValueError, TypeError, DeviceError):
        return Trial(current or "", previous or current or "", failed="unreadable")


def read_confirmed(kept: bytes | None) -> Confirmed | None:
    """What was confirmed; what cannot be read confirms nothing."""
    try:
        return None if kept is None else Confirmed(**_values(kept, Confirmed("", 0)))
    except (ValueError, TypeError, DeviceError):
        return None


def _values(kept: bytes, like: Trial | Confirmed) -> dict[str, Any]:
    values = json.loads(kept[:10_000])
    kinds = {name: (str if value is None else type(value)) for name, value in asdict(like).items()}
    if not isinstance(values, dict) or not values.keys() <= kinds.keys():
        raise ValueError("not what it should be")
    for name, value in values.items():
        if value is not None and type(value) is not kinds[name]:
            raise ValueError(name)
    for name in {"version", "before", "older"} & values.keys():
        if values[name] is not None:
            check_version(values[name])
    if values.get("before", "") is None or values.get("version") is None:
        raise ValueError("without a version")
    return values
