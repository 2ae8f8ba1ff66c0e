"""Who may read and write what at the broker: mosquitto's list of rights, written and read back.

A kiosk writes under its own name and its own store, and nowhere else: whoever takes one over finds
three topics to leave words on, and not three for every store that can be thought of. What it reads
is a pattern for all, since only the hub writes there. A kiosk with a certificate has STORE/KIOSK as
its user name: patterns hold for all of them, and nothing is written where one is added; one whose
certificate ended is barred by name, so that a connection that stands is deaf and dumb, too. A
sensor writes what it senses under its own name and its own store, and is kept from the pattern: it
reads nothing. mosquitto 2.0 looks for the user of each line from the top of the file: 10,000 kiosks
were read in 0.7 s, 30,000 in 7 s; divide a larger fleet among brokers, or give it certificates.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from shared.places import KioskId, SensorId, StoreId
from shared.topics import DOWNWARD, ROOT, SENSING, UPWARD, Channel, Topic

_HOME = re.compile(rf"topic write {ROOT}/([^/+#]+)/([^/+#]+)/{Channel.RECORDS.value}")
_SEAT = re.compile(rf"topic write {ROOT}/([^/+#]+)/([^/+#]+)/{Channel.COUNT.value}")

_BARRED = re.compile(r"user ([^/+#@]+/[^/+#@]+)")

WITNESS: Final = "@witness"
"""Whoever the hub itself sends to see that rights are kept: no kiosk can be called so."""

PROBE: Final = StoreId("semblante-probe")
ELSEWHERE: Final = StoreId("semblante-probe-b")
"""Stores in whose names the hub tries what is allowed and what is not; nobody is enrolled there."""

NONE: Final[Mapping[SensorId, StoreId]] = MappingProxyType({})


def rights(
    hub: str,
    homes: Mapping[KioskId, StoreId],
    seats: Mapping[SensorId, StoreId] = NONE,
    barred: Collection[str] = (),
) -> str:
    """The whole file: the hub's rights, what every kiosk may read, and where each may write.

    `homes` are the stores of kiosks with passwords, `seats` those of sensors; nobody is both.
    `barred` are the names of certificates that count no more.
    """
    lines = [f"user {hub}"]  # it writes upward too, but only to clear what a kiosk left behind
    lines += [f"topic readwrite {ROOT}/+/+/{channel.value}" for channel in (*UPWARD, *DOWNWARD)]
    lines += [f"topic read {ROOT}/+/+/{channel.value}" for channel in SENSING]
    lines += ["", "# every kiosk, under its own user name and nothing else"]
    lines += [f"pattern read {ROOT}/+/%u/{channel.value}" for channel in DOWNWARD]
    lines += ["", "# every kiosk with a certificate, whose user name is STORE/KIOSK"]
    lines += [f"pattern write {ROOT}/%u/{channel.value}" for channel in UPWARD]
    lines += [f"pattern read {ROOT}/%u/{channel.value}" for channel in DOWNWARD]
    lines += ["", f"user {WITNESS}"]
    lines += [f"topic read {ROOT}/{store}/+/+" for store in (PROBE, ELSEWHERE)]
    for name in sorted(barred):
        lines += ["", f"user {name}", f"topic deny {ROOT}/#"]
    for kiosk, store in homes.items():
        lines += ["", f"user {kiosk}"]
        lines += [f"topic write {Topic(store, kiosk, channel)}" for channel in UPWARD]
    for sensor, store in seats.items():
        lines += ["", f"user {sensor}"]
        lines += [f"topic deny {ROOT}/+/{sensor}/{channel.value}" for channel in DOWNWARD]
        lines += [f"topic write {ROOT}/{store}/{sensor}/{channel.value}" for channel in SENSING]
    return "".join(f"{line}\n" for line in lines)


def homes_in(lines: Iterable[str]) -> dict[KioskId, StoreId]:
    """Which store each kiosk writes under, by the lines of such a file."""
    found = filter(None, map(_HOME.fullmatch, lines))
    return {KioskId(home[2]): StoreId(home[1]) for home in found}


def seats_in(lines: Iterable[str]) -> dict[SensorId, StoreId]:
    """Which store each sensor writes under, by the lines of such a file."""
    found = filter(None, map(_SEAT.fullmatch, lines))
    return {SensorId(seat[2]): StoreId(seat[1]) for seat in found}


def barred_in(lines: Iterable[str]) -> set[str]:
    """Which names of certificates such a file bars."""
    return {found[1] for found in map(_BARRED.fullmatch, lines) if found}
