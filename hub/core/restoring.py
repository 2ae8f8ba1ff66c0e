"""What a backup holds, what a restore makes of it, and what became of the records in between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hub.core.ports import Hub, LedgerKey
from shared.places import KioskId


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one ledger stands."""

    key: LedgerKey
    held: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds; `newest` is when the hub last received something (ms since 1970)."""

    hub: Hub
    made_at: int
    stores: int
    records: int
    kiosks: frozenset[KioskId]
    stands: tuple[Stand, ...]
    newest: int | None


@dataclass(frozen=True, slots=True)
class Restored:
    """A restore that was done; `present` is what stood there before, where it could be read."""

    contents: Contents
    present: Contents | None
    aside: str | None = None


@dataclass(frozen=True, slots=True)
class Epoch:
    """One ledger after a restore.

    It stood at `restored` then; a receipt had once covered everything up to `once`, as the kiosk
    says or the database of before said. `lost` are the ranges of proved losses.
    """

    restored: int
    once: int
    held: int
    lost: Sequence[tuple[int, int]] = ()

    @property
    def missing(self) -> int:
        """How many that were received once are gone for ever."""
        clipped = (
            (max(first, self.restored + 1), min(last, self.once)) for first, last in self.lost
        )
        return sum(max(0, last - first + 1) for first, last in clipped)

    @property
    def came(self) -> int:
        """How many came again."""
        return max(0, min(self.held, self.once) - self.restored) - self.missing

    @property
    def awaited(self) -> int:
        """How many may still come."""
        return max(0, self.once - max(self.held, self.restored))


@dataclass(frozen=True, slots=True)
class Story:
    """What became of a restore; instants are ms since 1970, UTC.

    Of `unheard` kiosks nothing was heard since: nobody knows yet what they still hold.
    """

    at: int
    until: int | None
    came: int
    missing: int
    awaited: int
    unheard: int


def story_of(at: int, until: int | None, epochs: Iterable[Epoch], unheard: int) -> Story:
    """Add it up."""
    every = list(epochs)
    return Story(
        at,
        until,
        came=sum(one.came for one in every),
        missing=sum(one.missing for one in every),
        awaited=sum(one.awaited for one in every),
        unheard=unheard,
    )


def next_generation(backup: Contents, present: Contents | None, now: int) -> int:
    """A generation above every one that this hub ever had, also those that nobody remembers.

    A backup may be restored twice, and the second time nothing of the first may be left. So it
    counts the seconds of this hub's life, which a backup knows, and not the restores.
    """
    known = [backup.hub.generation]
    if present is not None and present.hub.hub_id == backup.hub.hub_id:
        known.append(present.hub.generation)
    return max(max(known) + 1, (now - backup.made_at) // 1_000)


def told_backup(contents: Contents) -> str:
    """What it holds, in a sentence."""
    newest = "nothing yet" if contents.newest is None else f"received until {_utc(contents.newest)}"
    return (
        f"{contents.records} records of {len(contents.kiosks)} kiosks in {contents.stores} stores, "
        f"{newest}"
    )


def told_restore(restored: Restored) -> list[str]:
    """What stands where now, and what is to be done, a line each."""
    before = {} if restored.present is None else _by_key(restored.present)
    lines = [f"It holds {told_backup(restored.contents)}."]
    for key, held in _by_key(restored.contents).items():
        was = f", and stood at {before[key]}" if before.get(key, held) != held else ""
        lines.append(f"  {key.store_id}/{key.kiosk_id} {key.epoch}: stands at {held}{was}")
    for key in before.keys() - _by_key(restored.contents).keys():
        lines.append(f"  {key.store_id}/{key.kiosk_id} {key.epoch}: began after it")
    lines.append("Kiosks send again what they still hold as soon as the hub runs.")
    if restored.present is not None:
        unknown = restored.present.kiosks - restored.contents.kiosks
        lines += [f"! {kiosk} was enrolled after it: enrol it again." for kiosk in sorted(unknown)]
    lines.append("Figures of before now stay as the backup had told them: see docs/statistics.md.")
    lines.append(
        "! Users, settings and retirements are as they were then; everybody signs in anew."
    )
    if restored.aside is not None:
        lines.append(f"The database of before lies in {restored.aside}.")
    return lines


def _by_key(contents: Contents) -> dict[LedgerKey, int]:
    return {stand.key: stand.held for stand in contents.stands}


def _utc(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1_000, UTC):%Y-%m-%d %H:%M} UTC"
