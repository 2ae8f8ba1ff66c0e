"""The words of every command, and which of them must be said, with an example to copy."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from deploy.raspberrypi.cards.seeds import SEEDS
from deploy.raspberrypi.wishes import add_wishes
from shared.errors import SettingsError

TOLD: Final = {
    "bundle": "build one version of the kiosk as one file",
    "card": "make the card of a kiosk from a stock image",
    "settings": "write the settings file alone, for a card that is made by other means",
    "provision": "make kiosks of machines that run, over SSH",
    "doctor": "look at a kiosk that is in use; nothing is changed",
    "verify": "try what only the board itself can say",
    "logs": "what a kiosk said since its start",
    "rescue": "read the outbox from the card of a dead kiosk, and send it",
    "replace": "retire a kiosk, and make the card of the one that takes its place",
    "retire": "take a kiosk out of service at the hub",
    "update": "bring a version to kiosks, ring by ring",
    "rollback": "let kiosks go back to the version before",
    "learn-till": "a kiosk finds out how its till is read, while somebody prints",
}

_PLACE: Final = "STORE=mercado-centro REGISTER=caja-3 DEVICE=kiosk-3"
_CARD: Final = "IMAGE=raspios-lite.img.xz TO=/dev/sdb HUB_SSH=ana@hub.example"
_EXAMPLES: Final = {
    "card": f"{_PLACE} {_CARD}",
    "settings": f"{_PLACE} SEED=cloud-init HUB_SSH=ana@hub.example",
    "provision": f"HOST=pi@10.0.0.7 {_PLACE} HUB_SSH=ana@hub.example",
    "doctor": "HOST=pi@10.0.0.7",
    "verify": "HOST=pi@10.0.0.7",
    "logs": "HOST=pi@10.0.0.7",
    "learn-till": "HOST=pi@10.0.0.7",
    "rescue": "CARD=/dev/sdb",
    "replace": f"OLD=kiosk-3 {_PLACE.replace('kiosk-3', 'kiosk-3b')} {_CARD}",
    "retire": "DEVICE=kiosk-3 HUB_SSH=ana@hub.example",
    "update": "VERSION=1.2.0 HUB_SSH=ana@hub.example",
}
_KIOSK: Final = ("store", "register", "device")
_ASKING: Final = ("card", "replace", "settings", "provision", "retire", "update", "rollback")
"""Commands that ask the hub something, and change something there."""

_MUST: Final[Mapping[str, Sequence[str]]] = {
    "card": (*_KIOSK, "image"),
    "settings": _KIOSK,
    "doctor": ("host",),
    "verify": ("host",),
    "logs": ("host",),
    "learn-till": ("host",),
    "rescue": ("card",),
    "replace": ("old", *_KIOSK, "image"),
    "retire": ("device",),
    "update": ("version",),
}


class NotSaid(SettingsError):
    """Words that are missing, all told at once, with an example of the whole command."""

    def __init__(self, command: str, faults: Sequence[str]) -> None:
        super().__init__(f"make {command}", faults)
        self.hint = f"Say it like this: make {command} {_EXAMPLES[command]}"


def chosen(words: Sequence[str] | None) -> argparse.Namespace:
    """What was said; raises NotSaid."""
    said = _parser().parse_args(words)
    must = _MUST.get(said.command, ())
    if said.command == "provision" and said.fleet is None:
        must = ("host", *_KIOSK)
    faults = [f"{name.upper()}= is missing" for name in must if not getattr(said, name)]
    if said.command == "provision" and said.fleet is not None:
        faults = [
            f"{name.upper()}= and FLEET= exclude each other: the table has a column for it"
            for name in ("host", *_KIOSK)
            if getattr(said, name)
        ]
    if faults:
        raise NotSaid(said.command, faults)
    return said


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m deploy.raspberrypi", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    of = {name: commands.add_parser(name, help=told) for name, told in TOLD.items()}
    of["bundle"].add_argument("--version", help="its name (our wheel's version if not given)")
    of["bundle"].add_argument("--out", type=Path, default=Path("var/bundles"))
    of["bundle"].add_argument("--key", type=Path, help="the release key (Ed25519, PEM)")
    for name in ("card", "replace", "provision", "settings"):
        add_wishes(of[name])
    for name in ("card", "replace", "provision"):
        of[name].add_argument("--bundle", type=Path, help="built of what stands here if not given")
    of["settings"].add_argument("--seed", choices=SEEDS, default="plain", help="whose first boot")
    of["settings"].add_argument("--out", type=Path, help="the folder that it is written into")
    for name in (*_ASKING, "rescue"):
        of[name].add_argument("--check", action="store_true", help="say what would be done")
    for name in _ASKING:
        _add_hub(of[name])
    for card in (of["card"], of["replace"]):
        _add_image(card)
    of["replace"].add_argument("--old", default="", help="the kiosk that goes")
    of["provision"].add_argument("--fleet", type=Path, help="stores.csv, a machine a row")
    for name in ("provision", "doctor", "verify", "logs", "learn-till"):
        of[name].add_argument("--host", default="", help="user@machine")
        of[name].add_argument("--ssh-option", action="append", default=[], help="-oPort=2222, say")
    of["rescue"].add_argument("--card", type=Path, help="/dev/sdb, or its image")
    of["rescue"].add_argument("--out", type=Path, default=Path("var/rescued"))
    of["rescue"].add_argument("--send", action="store_true", help="send what was never received")
    of["rescue"].add_argument("--kiosk-command", default="semblante-kiosk")
    of["learn-till"].add_argument("--port", help="where the till is heard, else as [till] says")
    of["learn-till"].add_argument("--baud", type=int, help="its speed, if it is known")
    of["learn-till"].add_argument("--check", action="store_true", help="write nothing")
    of["retire"].add_argument("--device", default="")
    for name in ("retire", "replace"):
        of[name].add_argument("--force", action="store_true", help="it is stolen, or dead")
    of["update"].add_argument("--version", default="", help="one that the hub has as a bundle")
    of["update"].add_argument("--store", action="append", default=[], help="only there")
    return parser


def _add_hub(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hub-ssh", help="user@server where the hub's command is asked")
    parser.add_argument("--hub-command", help="how it is called there (semblante-hub)")
    parser.add_argument("--config", type=Path, help="its settings, where not the usual ones")


def _add_image(card: argparse.ArgumentParser) -> None:
    card.add_argument("--image", type=Path, help="stock image (.img, .img.xz)")
    card.add_argument("--sha256", help="its checksum, if no file IMAGE.sha256 is beside it")
    card.add_argument("--out", type=Path, help="the finished image")
    card.add_argument("--to", type=Path, help="the card itself, such as /dev/sdb")
    card.add_argument("--debs", type=Path, help="a folder of packages that travel along")
