"""The card as `make card` makes it, the store that it is put into, and the hub behind that."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.plans.course import Walk
from deploy.raspberrypi.bundling.bundle import Release, Wanted, build_bundle
from deploy.raspberrypi.bundling.signing import release_keys
from deploy.raspberrypi.cards.card import CardWishes, card_plan
from deploy.raspberrypi.cards.partitions import read_table
from deploy.raspberrypi.cards.settings_file import DeviceWishes
from deploy.raspberrypi.cards.tools import Fat
from shared.joining import write_code
from tests.boot.beforehand import first_boot
from tests.boot.machine import HOST, Parts, words_of
from tests.boot.system import stock
from tests.boot.walk import LATER
from tests.parts.authority import CAJA, CENTRO, KIOSK, SmallAuthority
from tests.parts.cards import MEGABYTE
from tests.parts.certified import CertifiedBroker
from tests.parts.glassless import GLASSLESS
from tests.parts.joining_hub import CODE, JoiningHub, joining_hub
from tests.parts.releases import bundle_door
from tests.pi.roots import BYTECODE, cache, kept_bytecode

_BROUGHT: Final = {
    "etc/systemd/system/semblante-kiosk.service.d/emulated.conf": (
        f"[Service]\nEnvironment=PYTHONPYCACHEPREFIX={BYTECODE}\n"
    ),
}
"""Bytecode is compiled beforehand, on a machine that does it in a minute."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is put into the machine, and who hears it."""

    parts: Parts
    hub: JoiningHub
    broker: CertifiedBroker
    notes: tuple[str, ...]
    later: str
    """Where the machine may fetch another version."""


@contextmanager
def site(folder: Path, alone: bool) -> Iterator[Site]:
    """Everything that a technician brings along; `alone`: the card goes through its first boot by
    itself, with all packages, as on a Pi."""
    authority = SmallAuthority()
    (folder / "hub").mkdir(parents=True, exist_ok=True)
    with (
        joining_hub(folder / "hub", authority) as hub,
        CertifiedBroker(folder / "hub", authority) as broker,
        bundle_door(folder / "hub", authority, folder) as door,
    ):
        hub.broker = (HOST, broker.port)
        first, second = _bundles(folder)
        parts, notes = _card(folder, hub, first, alone)
        yield Site(parts, hub, broker, notes, door.url(second.name).replace("127.0.0.1", HOST))


def _bundles(folder: Path) -> tuple[Path, Path]:
    """Two versions of the program as it stands here, signed by one release key."""
    key, made = Ed25519PrivateKey.generate(), int(time.time() * 1_000)
    release = Release(key.sign, release_keys(key))
    first = build_bundle(Wanted(1, made, release=release), cache(), folder)
    return first, build_bundle(Wanted(2, made, LATER, release), cache(), folder)


def _card(
    folder: Path, hub: JoiningHub, bundle: Path, alone: bool
) -> tuple[Parts, tuple[str, ...]]:
    image = stock(folder, {}, ()) if alone else stock(folder, _BROUGHT, _kept())
    url = hub.url.replace("127.0.0.1", HOST) if alone else hub.url
    wishes = DeviceWishes(
        CENTRO, CAJA, KIOSK, url, hub.fingerprint, write_code(CODE),
        hostname="caja-1", time_zone="Europe/Madrid", more=GLASSLESS,
    )  # fmt: skip
    card = folder / "card.img"
    card.unlink(missing_ok=True)
    asked = CardWishes(
        image.image, image.sha256, bundle, wishes, card, data=1_000 * MEGABYTE,
        room=(1_000 if alone else 64) * MEGABYTE, cache=cache() if alone else None,
    )  # fmt: skip
    said: list[str] = []
    course = Walk(said.append, time.monotonic, systemd=False).through(
        card_plan(asked, lambda at, of: None)
    )
    image.image.unlink()
    if not alone:
        first_boot(card, bundle, BYTECODE)
    cmdline = Fat(card, read_table(card).boot).read("cmdline.txt").decode()
    parts = Parts(image.kernel, image.initrd, card, words_of(cmdline))
    return parts, (course.told(),)


def _kept() -> tuple[Path, ...]:
    kept = kept_bytecode()
    return (kept,) if kept.exists() else ()
