"""Fonts and scripts that others made and that lie among our files, from `assets.toml`."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LIST: Final = Path("deploy/release/assets.toml")


@dataclass(frozen=True, slots=True)
class Asset:
    """One npm package of which we ship files; `sums` holds the SHA-256 of each, by its path."""

    name: str
    version: str
    licence: str
    licence_file: Path
    sums: tuple[tuple[str, str], ...]
    change: str


def _all(root: Path) -> Iterator[tuple[tuple[str, ...], Asset]]:
    for row in tomllib.loads((root / LIST).read_text())["asset"]:
        folder = Path(row["folder"])
        sums = tuple(
            (str(folder / name), hashlib.sha256((root / folder / name).read_bytes()).hexdigest())
            for name in row["files"]
        )
        yield (
            tuple(row["programs"]),
            Asset(
                row["name"],
                row["version"],
                row["licence"],
                folder / row["licence_file"],
                sums,
                row.get("change", ""),
            ),
        )


def assets(root: Path, program: str) -> tuple[Asset, ...]:
    """What is shipped with the kiosk, with the hub, or to a browser."""
    return tuple(asset for programs, asset in _all(root) if program in programs)
