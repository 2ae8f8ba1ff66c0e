"""`make rescue`: what a dead kiosk's card holds, only read, and sent by the kiosk's program."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import sqlite3
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final

from deploy.raspberrypi.cards.partitions import read_table
from deploy.raspberrypi.cards.tools import Ext4
from shared.errors import DeviceError, SemblanteError
from shared.places import kiosk_id, store_id

Tell = Callable[[int], None]

_KEPT: Final = ("/semblante", "/data/semblante")
"""Where the data lie: on a partition of their own, or on the system's where it has none."""

_OURS: Final = ("identity", "kiosk.toml", "clock")
_OUTBOX: Final = "outbox"
"""How the file begins that is sent, and those that were set aside because they were damaged."""

_ABOUT: Final = """
SELECT epoch, (SELECT count(*) FROM records),
       (SELECT max(about.forgotten, coalesce(max(seq), 0)) FROM records) FROM about
"""
_UNSENT: Final = """
SELECT (SELECT count(*) FROM records WHERE seq > (SELECT max(received, forgotten) FROM about))
     + (SELECT count(*) FROM open_visit)
"""
_PATIENCE: Final = 30  # seconds for a kiosk to close its files
_RENEWING: Final = 60
_POLL: Final = 0.5


@dataclass(frozen=True, slots=True)
class Rescued:
    """What was found: the folder with its copy, whose it was, and how much was never received;
    `again` where this very outbox was rescued before: then that copy knows what was sent since.
    """

    folder: Path
    kiosk: str
    records: int
    unsent: int
    set_aside: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """How much is unsent yet, and what the kiosk's program said last where something is."""

    left: int
    why: str = ""


def rescue(card: Path, into: Path) -> Rescued:
    """Copy the kiosk's folder from a card (or an image of one); the card is only read. Each outbox
    has a folder of its own, and one that was rescued before is found there again.
    """
    if not card.exists():
        raise DeviceError(f"{card} is not there", hint="Put the card in; “lsblk” names it.")
    part, place = _place(card)
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=".") as scratch:
        fresh = Path(scratch) / "kiosk"
        fresh.mkdir()
        for name in part.names(place):
            if name in _OURS or name.startswith(_OUTBOX):
                part.copy(f"{place}/{name}", fresh)
        kept = into / _name(fresh)
        again = kept.exists()
        if not again:
            fresh.rename(kept)
    return replace(_found(kept), again=again)


def _place(card: Path) -> tuple[Ext4, str]:
    table = read_table(card)
    apart = [(Ext4(card, table.data), _KEPT[0])] if table.data else []
    for part, folder in (*apart, (Ext4(card, table.root), _KEPT[1])):
        if part.has(f"{folder}/outbox.db"):
            return part, folder
    raise DeviceError(
        f"{card} holds no outbox of a kiosk",
        hint="It is the whole card that is named (/dev/sdb), not a part of it. A kiosk that never "
        "ran has none.",
        code="rescue",
    )


def _name(folder: Path) -> str:
    """Of this kiosk, this outbox, and how far it had come: the same card is the same folder."""
    kiosk = _kiosk(folder).replace("/", "-")
    try:
        epoch, _, upto = _asked(folder, _ABOUT)
    except DeviceError:
        raw = (folder / "outbox.db").read_bytes()
        return f"{kiosk}-damaged-{hashlib.sha256(raw).hexdigest()[:12]}"
    return f"{kiosk}-{str(epoch)[:12]}-{upto}"


def _kiosk(folder: Path) -> str:
    try:
        told = tomllib.loads((folder / "kiosk.toml").read_text())
        return f"{store_id(told['store'])}/{kiosk_id(told['kiosk'])}"
    except (OSError, ValueError, KeyError, TypeError, SemblanteError):
        return "unknown"


def _found(folder: Path) -> Rescued:
    _, records, _ = _asked(folder, _ABOUT)
    aside = sum(1 for one in folder.glob(f"{_OUTBOX}-*.db"))
    return Rescued(folder, _kiosk(folder), int(records), unsent(folder), aside)


def unsent(folder: Path) -> int:
    """Records that no receipt has named, and the visit that was open when the power went."""
    return int(_asked(folder, _UNSENT)[0])


def _asked(folder: Path, question: str) -> tuple[Any, ...]:
    try:
        with closing(sqlite3.connect(folder / "outbox.db", timeout=10)) as db:
            return tuple(db.execute(question).fetchone())
    except (sqlite3.Error, TypeError) as fault:
        raise DeviceError(
            f"the outbox of the card is damaged ({fault})",
            hint=f"“sqlite3 {folder}/outbox.db .recover” reads what is left of its records.",
            code="rescue",
        ) from fault


def send(found: Rescued, program: str, seconds: float, tell: Tell = lambda _left: None) -> Sent:
    """Let the kiosk's own program send it, without a glass, until nothing is unsent, or for so
    many seconds nothing was taken. The hub's ledger takes each record once, also those that the
    dead kiosk had sent.
    """
    settings, log = found.folder / "rescue.toml", found.folder / "rescue.log"
    text = _without_parts((found.folder / "kiosk.toml").read_text())
    settings.write_text(text)
    words, config = shlex.split(program), ("--config", str(settings))
    with log.open("wb") as said:
        if "[identity]" in text:  # it may have lain in a drawer for longer than a certificate lasts
            _renew([*words, "renew", *config], said)
        with _running([*words, "run", *config], said) as kiosk:
            end, told = time.monotonic() + seconds, -1
            while (left := unsent(found.folder)) and time.monotonic() < end:
                if left != told:
                    tell(left)
                    end, told = time.monotonic() + seconds, left
                if kiosk.poll() is not None:
                    break
                time.sleep(_POLL)
    return Sent(left, _fault(log) if left else "")


def _renew(words: Sequence[str], said: IO[bytes]) -> None:
    with suppress(subprocess.TimeoutExpired, OSError):
        subprocess.run(words, stdout=said, stderr=said, timeout=_RENEWING, check=False)  # noqa: S603


@contextmanager
def _running(words: Sequence[str], said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        kiosk = subprocess.Popen(words, stdout=said, stderr=said)  # noqa: S603
    except OSError as fault:
        raise DeviceError(
            f"{words[0]} cannot be run ({fault.strerror})", hint="make rescue brings its own."
        ) from fault
    with kiosk:
        try:
            yield kiosk
        finally:
            kiosk.terminate()
            try:
                kiosk.wait(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                kiosk.kill()


def _fault(log: Path) -> str:
    """The first sentence for people (what comes after it follows from it), else the last line that
    tells of a trouble; the whole log lies beside the outbox.
    """
    lines = [_COLOURS.sub("", one).strip() for one in log.read_text(errors="replace").splitlines()]
    told = [one.strip("✗ ") for one in lines if one.startswith("✗")]
    troubles = [one for one in lines if _TROUBLE.search(one)]
    return (told[:1] or troubles[-1:] or lines[-1:] or [""])[0][:300]


_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
_TROUBLE: Final = re.compile(r"warning|error", re.IGNORECASE)


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
