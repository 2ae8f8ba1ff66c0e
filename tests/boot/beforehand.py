"""First boot gone through on this machine: it takes minutes where an emulated one takes many."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from deploy.raspberrypi.cards.card import SETTINGS
from deploy.raspberrypi.cards.partitions import Partition, read_table
from deploy.raspberrypi.cards.tools import Fat
from tests.pi.roots import emulate, inside, installer_of

_TOLD: Final = ("--settings", f"/boot/firmware/{SETTINGS}", "--data", "/data/semblante")
_SITE: Final = "/data/semblante/current/venv/lib/python3.13/site-packages"


def first_boot(card: Path, bundle: Path, bytecode: str) -> None:
    """What both units of first boot do, on the card itself; our bytecode goes where it is told."""
    emulate()
    program = [sys.executable, str(installer_of(bundle, card.parent))]
    with _mounted(card) as root:
        at = ["--root", str(root)]
        _run(*program, str(bundle), *at, "--without-glass", "--without-bytecode")
        command = "/data/semblante/current/venv/bin"
        ours = (f"{_SITE}/kiosk", f"{_SITE}/shared")
        python = (f"{command}/python", "-m", "compileall", "-q")
        _inside(root, *python, *ours, PYTHONPYCACHEPREFIX=bytecode)
        ssh = ("--ssh", "etc/ssh/semblante/root", "--owner", "semblante")
        _inside(
            root, f"{command}/semblante-kiosk", "first-boot", *_TOLD, *ssh,
            PYTHONPYCACHEPREFIX=bytecode,
        )  # fmt: skip
        _run(*program, "--finish", *at)
        (root / "etc/machine-id").write_text(f"{uuid.uuid4().hex}\n")  # systemd does, while it can


@contextmanager
def _mounted(card: Path) -> Iterator[Path]:
    """Its system and data; the settings file is brought over, for not every kernel reads FAT."""
    table, root = read_table(card), card.parent / "mounted"
    assert table.data is not None
    root.mkdir(exist_ok=True)
    boot, settings = Fat(card, table.boot), root / "boot/firmware" / SETTINGS
    with ExitStack() as stack:
        for part, place in ((table.root, root), (table.data, root / "data")):
            place.mkdir(exist_ok=True)
            _mount(card, part, place)
            stack.callback(_run, "umount", str(place))
        settings.write_bytes(boot.read(SETTINGS))
        yield root
        boot.write(SETTINGS, settings.read_bytes())
        settings.unlink()


def _mount(card: Path, part: Partition, place: Path) -> None:
    _run("mount", "-o", f"loop,offset={part.start},sizelimit={part.size}", str(card), str(place))


def _inside(root: Path, *words: str, **env: str) -> None:
    done = inside(root, *words, **env)
    if done.returncode:
        raise RuntimeError(f"{words[:3]} ended with {done.returncode}: {done.stdout}{done.stderr}")


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(f"{words[:3]} ended with {done.returncode}: {done.stdout}{done.stderr}")
