"""SHA256SUMS: one line a file, in the form that `sha256sum --check` reads."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

NAME: Final = "SHA256SUMS"


def write_sums(folder: Path) -> Path:
    """Sum up every file that lies in the folder."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and file.name != NAME)
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (folder / NAME).write_text("".join(lines))
    return folder / NAME
