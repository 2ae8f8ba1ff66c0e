"""Whether a bundle fits this machine and what is on it; each reason against is a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.bundles import Manifest
from shared.errors import DeviceError

ANY: Final = "any"
"""What a manifest says where its bundle suits every machine: those of the tests do."""

SPARE: Final = 64 << 20
"""Bytes that stay free: the outbox grows to 200 MB in half a year without a hub, a day takes 1."""

UNPACKED: Final = 4
"""So many times the bundle are needed: what is unpacked, the installed files and their caches."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a version of the program has to suit; `outbox_schema` is what lies on the card now."""

    arch: str
    python: str
    outbox_schema: int


def check_fits(manifest: Manifest, ordered: str, machine: Machine, highest: int) -> None:
    """Raises DeviceError, with a code, where the bundle may not be taken."""
    _check_ordered(manifest, ordered)
    if manifest.serial < highest:
        raise DeviceError(
            f"release {manifest.version} (serial {manifest.serial}) is older than what has run"
            f" here (serial {highest})",
            hint="Only the version before can be gone back to: “roll back”.",
            code="downgrade",
        )
    if manifest.arch not in (ANY, machine.arch):
        raise _unfit("arch", f"is for {manifest.arch}, and this machine is {machine.arch}")
    if manifest.python not in (ANY, machine.python):
        raise _unfit("python", f"needs Python {manifest.python}, and here is {machine.python}")
    if not manifest.outbox_least <= machine.outbox_schema <= manifest.outbox_schema:
        raise _unfit(
            "schema",
            f"reads outboxes of schema {manifest.outbox_least} to {manifest.outbox_schema}, and"
            f" here is {machine.outbox_schema}",
        )


def check_room(needed: int, free: int) -> None:
    """Raises DeviceError where the card would be too full with so many bytes more."""
    if free < needed + SPARE:
        raise DeviceError(
            f"no room: {(needed + SPARE) >> 20} MB are needed, and {free >> 20} MB are free",
            hint="Look what fills the card (du -x /data), or take a larger one.",
            code="no_space",
        )


def _check_ordered(manifest: Manifest, ordered: str) -> None:
    if manifest.version != ordered:
        raise DeviceError(
            f"the bundle holds {manifest.version}, and {ordered} was ordered",
            hint="Add the right file to the hub: “semblante-hub bundle add”.",
            code="other_version",
        )


def _unfit(code: str, why: str) -> DeviceError:
    hint = "Build the release for this machine, and let older kiosks be provisioned anew."
    return DeviceError(f"the bundle does not fit: it {why}", hint=hint, code=code)
