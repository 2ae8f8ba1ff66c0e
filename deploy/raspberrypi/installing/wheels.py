"""Wheels laid out in a virtual environment: they are zips, and were summed; pip has no say in it.

pip unpacks the same files where it is asked to: without network, dependencies or bytecode. It
needs half a minute of a small Pi for its own start, and 12 MB in every version.
"""

from __future__ import annotations

import calendar
import os
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

from shared.errors import DeviceError

PROGRAM: Final = "semblante-kiosk"
_START: Final = """\
#!{python}
import sys
from kiosk.__main__ import main
sys.exit(main())
"""


def lay_out(wheels: Iterable[Path], site: Path) -> None:
    """Unpack each into the folder of packages."""
    for wheel in wheels:
        try:
            with zipfile.ZipFile(wheel) as packed:
                for name in packed.namelist():
                    _unpack(packed, name, site)
        except (zipfile.BadZipFile, OSError) as fault:
            raise DeviceError(f"{wheel.name} cannot be unpacked: {fault}", code="wheel") from fault


def _unpack(packed: zipfile.ZipFile, name: str, site: Path) -> None:
    parts = PurePosixPath(name).parts
    if name.endswith("/") or not parts or parts[0].endswith(".data"):
        return  # pages of manuals and the like: no package of the kiosk's keeps modules there
    if name.startswith("/") or ".." in parts:
        raise DeviceError(f"“{name[:80]}” leads out of its wheel", code="wheel")
    to = site.joinpath(*parts)
    to.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(name) as reading, to.open("wb") as writing:
        shutil.copyfileobj(reading, writing)
    dated = calendar.timegm((*packed.getinfo(name).date_time, 0, 0, 0))
    os.utime(to, (dated, dated))  # the same files wherever they are laid out, to their dates


def write_program(venv: Path, python: str) -> None:
    """The command that units start, by the Python of its own version."""
    program = venv / "bin" / PROGRAM
    program.write_text(_START.format(python=python))
    program.chmod(0o755)
