"""`make rescue`: what a dead kiosk's card holds, only read, and sent by the kiosk's program."""

from __future__ import annotations

import json
import shlex
import sqlite3
import subprocess
import time
import tomllib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.raspberrypi.cards.partitions import read_table
from deploy.raspberrypi.cards.tools import Ext4, run
from shared.errors import DeviceError

_KEPT: Final = ("/semblante", "/data/semblante")
"""Where the data lie: on a partition of their own, or on the system's where it has none."""

_UNSENT: Final = """
SELECT count(*) FROM records WHERE seq > (SELECT max(received, forgotten) FROM about)
"""
_PATIENCE: Final = 30  # seconds for a kiosk to close its files
_POLL: Final = 0.5


@dataclass(frozen=True, slots=True)
class Rescued:
    """What was found: the folder with its copy, whose it was, and how much was never received."""

    folder: Path
    kiosk: str
    records: int
    unsent: int


def rescue(card: Path, into: Path) -> Rescued:
    """Copy the kiosk's folder from a card (or an image of one); the card is only read."""
    into.mkdir(parents=True, exist_ok=True)
    for part, folder in _places(card):
        if part.has(f"{folder}/outbox.db"):
            for name in ("identity", "outbox.db", "outbox.db-wal", "outbox.db-shm", "kiosk.toml"):
                at = f"{card}?offset={part.partition.start}"
                run(("debugfs", "-R", f'rdump "{folder}/{name}" "{into}"', at), may_fail=True)
            return _found(into)
    raise DeviceError(
        f"{card} holds no outbox of a kiosk",
        hint="It is the whole card that is named (/dev/sdb), not a part of it.",
        code="rescue",
    )


def _places(card: Path) -> Sequence[tuple[Ext4, str]]:
    table = read_table(card)
    apart = [(Ext4(card, table.data), _KEPT[0])] if table.data else []
    return [*apart, (Ext4(card, table.root), _KEPT[1])]


def _found(into: Path) -> Rescued:
    try:
        told = tomllib.loads((into / "kiosk.toml").read_text())
        kiosk = f"{told['store']}/{told['kiosk']}"
    except (OSError, ValueError, KeyError, TypeError):
        kiosk = "unknown"
    return Rescued(into, kiosk, _count(into, "SELECT count(*) FROM records"), unsent(into))


def unsent(folder: Path) -> int:
    """Records that no receipt has named."""
    return _count(folder, _UNSENT)


def _count(folder: Path, question: str) -> int:
    try:
        with closing(sqlite3.connect(folder / "outbox.db", timeout=10)) as db:
            return int(db.execute(question).fetchone()[0])
    except (sqlite3.Error, TypeError) as fault:
        raise DeviceError(
            f"the outbox of the card is damaged ({fault})",
            hint=f"“sqlite3 {folder}/outbox.db .recover” reads what is left of its records.",
            code="rescue",
        ) from fault


def send(found: Rescued, program: str, seconds: float) -> int:
    """Let the kiosk's own program send it, without a glass, until nothing is unsent; returns what
    still is. The hub's ledger takes each record once, also those that the dead kiosk had sent.
    """
    settings = found.folder / "rescue.toml"
    settings.write_text(_without_parts((found.folder / "kiosk.toml").read_text()))
    words = [*shlex.split(program), "run", "--config", str(settings)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as kiosk:  # noqa: S603
        end = time.monotonic() + seconds
        while (left := unsent(found.folder)) and time.monotonic() < end:
            if kiosk.poll() is not None:
                break
            time.sleep(_POLL)
        kiosk.terminate()
        try:
            kiosk.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            kiosk.kill()
    return left


def _without_parts(text: str) -> str:
    """The same kiosk with nothing connected to it, and its files beside this one."""
    told = tomllib.loads(text)
    lines = [f'{key} = "{told[key]}"' for key in ("store", "point", "kiosk")]
    broker, identity = told.get("broker", {}), told.get("identity", {})
    lines += ["", "[broker]", *(f"{key} = {_literal(one)}" for key, one in broker.items())]
    if identity:
        identity = {**identity, "folder": "identity"}
        lines += ["", "[identity]", *(f"{key} = {_literal(one)}" for key, one in identity.items())]
    return "\n".join(
        [*lines, "", "[outbox]", 'path = "outbox.db"', "", "[screen]", 'driver = "none"', ""]
    )


def _literal(value: object) -> str:
    """Numbers and truths are in JSON as in TOML, and so is a text."""
    return json.dumps(value, ensure_ascii=False, default=str)
