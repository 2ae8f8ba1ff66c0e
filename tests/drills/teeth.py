"""For each safeguard a short drill that fails without it: the faults are chosen, not drawn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.drills.drill import Course, Result, run
from tests.drills.faults import Fault, Kind
from tests.drills.identity_blows import PATIENCE_S
from tests.drills.rig import Plan, running_rig
from tests.drills.seats import Manner
from tests.parts.hub import wait_until

QUICK: Final = Manner(pace=8, receipt_timeout=3, longest_wait=2)

FIRST: Final = 0.5
"""Seconds until the first fault; the kiosks have their first receipts."""

_SOON_S: Final = 4.0
"""What waits at the broker comes at once when the hub connects."""

Script = tuple[Fault, ...]


def _fault(at: float, kind: Kind, target: str, seconds: float = 0) -> Fault:
    return Fault(FIRST + at, kind, target, seconds, 1)


SCRIPTS: Final[dict[str, Script]] = {
    # The hub is away, the broker takes what it should keep for it, and loses it.
    "receipts": (
        _fault(0, Kind.KILL_HUB, "hub", 4),
        _fault(2.5, Kind.WIPE_BROKER, "broker", 0.2),
    ),
    # The hub is away, and somebody who knows its password says that it holds everything.
    "receipt-chain": (
        _fault(0, Kind.KILL_HUB, "hub", 4),
        *(_fault(2 + n / 2, Kind.FORGED, f"k-{1 + n % 2}") for n in range(4)),
    ),
    # Deaths while the thanks stand, and while the answer is on its way to the card.
    "found-open": tuple(_fault(n, Kind.KILL_THANKING, f"k-{1 + n}", 0.1) for n in range(2)),
    "kept-first": tuple(_fault(n, Kind.KILL_THANKING, f"k-{1 + n}", 0.1) for n in range(2)),
    # Whatever has no receipt comes again.
    "ledger": tuple(_fault(n * 0.5, Kind.RESET, "hub") for n in range(8)),
    # Bits turn in records that wait for the hub.
    "record-check": (
        _fault(0, Kind.KILL_HUB, "hub", 4),
        *(_fault(2 + n / 4, Kind.SPOIL_RECORD, f"k-{1 + n % 2}", 0.1) for n in range(2)),
        *(_fault(3 + n / 4, Kind.TURN_BIT, f"k-{1 + n % 2}", 0.1) for n in range(2)),
    ),
    # An answer that nobody gave, in a batch whose chain is a lie.
    "hub-chain": tuple(_fault(n * 0.3, Kind.POISON, f"k-{1 + n % 2}") for n in range(12)),
}

AT_THE_SWITCH: Final = (9, 11)
"""Dice by which an update is cut first before its 15th or 16th step: the switch is there."""

CERTIFIED: Final[dict[str, Script]] = {
    # Somebody has taken over the broker, and speaks as the hub.
    "signatures": tuple(_fault(1 + n, Kind.IMPOSTOR, f"k-{1 + n % 2}") for n in range(4)),
    "serials": tuple(_fault(1 + n, Kind.IMPOSTOR, f"k-{1 + n % 2}") for n in range(4)),
    "forgery-told": (_fault(1, Kind.IMPOSTOR, "k-1"),),
    # The same outbox and the same key in two devices.
    "held-clones": (_fault(1, Kind.CLONED, "k-1", 1),),
    # Away for longer than a certificate lasts.
    "late-renewal": (_fault(1, Kind.EXPIRED, "k-1", 1),),
    # The plug is pulled while a link is changed.
    "atomic-switch": tuple(
        replace(_fault(1 + n / 10, Kind.UPDATE, f"k-{1 + n}", 1), dice=dice)
        for n, dice in enumerate(AT_THE_SWITCH)
    ),
    "no-downgrade": (_fault(1, Kind.DOWNGRADE, "k-1", 1),),
}
"""Those that need kiosks with certificates."""

_HOPELESS_S: Final = 6
"""What was lost does not drain, however long anybody waits."""

_NEVER_MENDED: Final = frozenset({"held-clones", "late-renewal"})
"""Without these somebody would wait for ever for what never comes."""

_SLOW_CARD_S: Final = {"kept-first": 0.15}
"""A worn card opens the window that the safeguard closes."""


def bite(safeguard: str, folder: Path, *, removed: bool = True) -> Result:
    """The drill for this safeguard, without it or (removed=False) with it."""
    slow = _SLOW_CARD_S.get(safeguard, 0)
    manner = replace(QUICK, without=safeguard if removed else "", slow_card_s=slow)
    certified = safeguard in CERTIFIED
    faults = _numbered((CERTIFIED if certified else SCRIPTS)[safeguard])
    drain_s = _HOPELESS_S if removed else 30
    course = Course(
        folder, 1, kiosks=2, faults=faults, manner=manner, drain_s=drain_s,
        certified=certified,
        mended_s=_HOPELESS_S if removed and safeguard in _NEVER_MENDED else PATIENCE_S,
    )  # fmt: skip
    return run(course)


def _numbered(script: Script) -> Script:
    """Each with dice of its own, so that poisons differ."""
    return tuple(
        replace(fault, dice=number) if fault.dice == 1 else fault
        for number, fault in enumerate(script, start=1)
    )


def comes_again(folder: Path, *, without: str = "") -> bool:
    """Whether the broker still has what the hub had heard, and not kept, when it was killed.

    The kiosk is gone by then, and can send nothing a second time.
    """
    manner = replace(QUICK, without=without)
    with running_rig(Plan(folder, kiosks=1, manner=manner)) as rig:
        with rig.locked_database():
            threading.Event().wait(1.5)  # meanwhile the kiosk sends what the hub cannot keep
            before = rig.held()
            rig.seats[0].program.kill()
            rig.hub.program.kill()
        rig.start_hub()
        wait_until(lambda: rig.hub.health().get("well", False), "hub")
        deadline = time.monotonic() + _SOON_S
        while time.monotonic() < deadline and rig.held() == before:
            threading.Event().wait(0.1)  # it happens in another process
        return rig.held() > before


def chew(folder: Path, told: Callable[[str], None]) -> int:
    """Every safeguard, removed and in place; returns how many were not as they should be."""
    wrong = 0
    for safeguard in (*SCRIPTS, *CERTIFIED):
        without = bite(safeguard, folder / safeguard)
        whole = bite(safeguard, folder / f"{safeguard}-whole", removed=False)
        said = without.verdict.faults[0] if without.verdict.faults else "NOTHING"
        told(f"| {safeguard} | {said[:110]} | {'nothing' if whole.passed else 'SOMETHING'} |")
        if not whole.passed:
            told(f"  with the safeguard in place: {whole.verdict.faults[:3]}")
        wrong += without.passed or not whole.passed
    name = "manual-acknowledgement"
    lost = not comes_again(folder / name, without=name)
    kept = comes_again(folder / f"{name}-whole")
    said = "the broker has forgotten what the hub had not kept" if lost else "NOTHING"
    told(f"| {name} | {said} | {'nothing' if kept else 'SOMETHING'} |")
    return wrong + (not lost) + (not kept)
