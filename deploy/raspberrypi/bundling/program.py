"""The installer as one file that Python runs: a zip of few modules, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

MODULES: Final = (
    "deploy/__init__.py",
    "deploy/plans/__init__.py",
    "deploy/plans/course.py",
    "deploy/plans/folders.py",
    "deploy/plans/machine.py",
    "deploy/plans/packages.py",
    "deploy/plans/steps.py",
    "deploy/raspberrypi/__init__.py",
    "shared/__init__.py",
    "shared/bundles.py",
    "shared/errors.py",
    "shared/moments.py",
)
FOLDER: Final = "deploy/raspberrypi/installing"
_BEGIN: Final = """\
import sys
from deploy.raspberrypi.installing.__main__ import main
sys.exit(main())
"""
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the first date that a zip knows


def installer(source: Path) -> bytes:
    """The bytes of install.pyz."""
    names = [*MODULES, *(f"{FOLDER}/{path.name}" for path in (source / FOLDER).glob("*.py"))]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(names):
            archive.writestr(_entry(name), (source / name).read_bytes())
        archive.writestr(_entry("__main__.py"), _BEGIN)
    return b"#!/usr/bin/env python3\n" + packed.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
