"""`make card`: a stock image, our files in it, and with them a kiosk that needs no question."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from deploy.plans.steps import Step
from deploy.raspberrypi.cards.debs import CarriedPackages
from deploy.raspberrypi.cards.device import Written, check_device
from deploy.raspberrypi.cards.partitions import check_whole, read_table
from deploy.raspberrypi.cards.settings_file import DeviceWishes, settings_file
from deploy.raspberrypi.cards.steps import (
    DATA,
    ROOT_ROOM,
    BootFiles,
    Copied,
    Partitioned,
    RootFiles,
)
from deploy.raspberrypi.cards.tools import Fat
from deploy.raspberrypi.installing.carrying import Bundle, open_bundle
from deploy.raspberrypi.installing.layout import UNITS
from deploy.raspberrypi.installing.packages import wanted_packages
from shared.bundles import INSTALLER
from shared.errors import DeviceError

FOLDER: Final = "semblante"
SETTINGS: Final = "semblante.toml"
BUNDLE: Final = "semblante-kiosk.tar"
CODE_SECONDS: Final = 20 * 3600
"""Codes hold for 24 hours: the card is to be in its kiosk while its code is good."""

FIRST: Final = ("semblante-install.service", "semblante-firstboot.service")
GLASS: Final = "semblante-glass@.service"
NO_DATA: Final = "semblante-glass@data.service"
_SAYS_SO: Final = {
    f"{UNITS}/{GLASS}": f"units/{GLASS}",
    **{
        f"/{path}": f"system/{path}"
        for path in (
            f"{UNITS[1:]}/{NO_DATA}.d/semblante.conf",
            "etc/systemd/logind.conf.d/semblante.conf",
            "usr/local/lib/semblante/glass.sh",
        )
    },
}
"""Whoever speaks where the data cannot be mounted or installing fails: there from the first start
on, and without a sign-in that would be written over it."""

MASKED: Final = ("userconfig.service", "systemd-firstboot.service", "getty@tty1.service")
"""First boots of others, which would ask questions on the glass; and the sign-in there."""


@dataclass(frozen=True, slots=True)
class CardWishes:
    """What is to be made of what: `device` is where it goes in the end, if anywhere;
    `debs` is a folder of packages that travel along, else apt fetches them into `cache`."""

    image: Path
    sha256: str
    bundle: Path
    settings: DeviceWishes
    card: Path
    debs: Path | None = None
    device: Path | None = None
    room: int = ROOT_ROOM
    data: int = DATA
    cache: Path | None = None


def card_plan(wishes: CardWishes, progress: Callable[[int, int], None]) -> Sequence[Step]:
    """All steps; everything that can be wrong with what they need is told before the first."""
    text = settings_file(wishes.settings.checked("make card"))
    bundle = open_bundle(wishes.bundle)
    if not wishes.image.is_file():
        raise DeviceError(f"{wishes.image} is not there", hint="IMAGE= names the stock image.")
    if wishes.image.suffix == ".img":  # of a packed one it is seen when it is unpacked
        check_whole(wishes.image)
    if wishes.debs is not None and not wishes.debs.is_dir():
        raise DeviceError(f"{wishes.debs} is no folder", hint="DEBS= names one with .deb files.")
    if wishes.device is not None:
        check_device(wishes.device, Path("/proc/mounts").read_text())
    boot = {
        SETTINGS: text.encode(),
        f"{FOLDER}/{INSTALLER}": bundle.raw(INSTALLER),
        f"{FOLDER}/{BUNDLE}": wishes.bundle.read_bytes(),
        **_debs(wishes.debs),
        **({"ssh": b""} if wishes.settings.ssh_keys else {}),
    }
    plan: list[Step] = [
        Copied(wishes.image, wishes.sha256, wishes.card),
        Partitioned(wishes.card, wishes.room, wishes.data),
        *_packages(wishes, bundle.text("packages.txt")),
        BootFiles(wishes.card, boot),
        _in_the_system(wishes.card, bundle),
    ]
    if wishes.device is not None:
        plan.append(Written(wishes.card, wishes.device, progress))
    return plan


def _in_the_system(card: Path, bundle: Bundle) -> RootFiles:
    """Units of first boot; a bundle of an earlier version has nobody who speaks on the glass."""
    says_so = _SAYS_SO if bundle.manifest.files.keys() >= set(_SAYS_SO.values()) else {}
    files = {f"{UNITS}/{unit}": f"units/{unit}" for unit in FIRST} | says_so
    units = {unit: unit for unit in FIRST} | ({NO_DATA: GLASS} if says_so else {})
    wants = {f"{UNITS}/multi-user.target.wants/{link}": f"../{to}" for link, to in units.items()}
    masks = {f"{UNITS}/{unit}": "/dev/null" for unit in MASKED}
    brought = {at: bundle.raw(name) for at, name in files.items()}
    return RootFiles(card, {**brought, "/etc/cloud/cloud-init.disabled": b""}, {**wants, **masks})


def with_kept_code(wishes: DeviceWishes, card: Path, now: float) -> DeviceWishes:
    """The code that the card holds already, where it is for the same kiosk and still good: a card
    that is made twice costs one code, and its second making changes nothing.
    """
    if wishes.join_code or not card.exists() or now - card.stat().st_mtime > CODE_SECONDS:
        return wishes
    try:
        told = tomllib.loads(Fat(card, read_table(card).boot).read(SETTINGS).decode())
        place = (told["store"], told["point"], told["kiosk"])
        code, hub, print_ = (str(told[key]) for key in ("join_code", "hub", "fingerprint"))
    except (ValueError, KeyError, DeviceError):
        return wishes
    same = place == (wishes.store, wishes.point, wishes.kiosk)
    if not same or wishes.hub not in {"", hub}:
        return wishes
    return replace(wishes, join_code=code, hub=hub, fingerprint=print_)


def _packages(wishes: CardWishes, text: str) -> Sequence[Step]:
    """Where no folder of packages was named and there is a cache, they are fetched by apt."""
    if wishes.debs is not None or wishes.cache is None:
        return ()
    return (CarriedPackages(wishes.card, wanted_packages(text), wishes.cache),)


def _debs(folder: Path | None) -> dict[str, bytes]:
    found = sorted(folder.glob("*.deb")) if folder else []
    return {f"{FOLDER}/debs/{deb.name}": deb.read_bytes() for deb in found}


def checksum_of(image: Path, given: str | None) -> str:
    """The one that was said, or the one in the file that is published beside every image."""
    beside = image.with_name(f"{image.name}.sha256")
    text = given or (beside.read_text() if beside.exists() else "")
    found = re.match(r"[0-9a-fA-F]{64}\b", text.strip())
    if found is None:
        raise DeviceError(
            f"the checksum of {image.name} is not known",
            hint=f"Lay {beside.name} beside it (published with the image), or say SHA256=….",
            code="checksum",
        )
    return found[0].lower()
