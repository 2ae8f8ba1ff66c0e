"""What the first boot has come to, kept beside kiosk.toml: the glass of the kiosk shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from kiosk.adapters.durable import write_whole

NAME: Final = "first-boot.json"


class Stage(StrEnum):
    """How far it has come."""

    STUCK = "stuck"  # somebody must change the file
    TRYING = "trying"  # it goes on by itself
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is in the way: `code` is the one word of a refusal, `line` of the file."""

    text: str
    hint: str = ""
    code: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`source` is the file's name and `digest` that of the bytes in it that were judged, in the
    start `boot` of the machine; `language` is that of the file, where it names one."""

    stage: Stage
    source: str = ""
    digest: str = ""
    troubles: tuple[Trouble, ...] = ()
    boot: str = ""
    language: str = ""

    def write(self, folder: Path) -> None:
        """Keep it; raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        write_whole(folder / NAME, text.encode(), 0o644)


def read_report(folder: Path) -> Report | None:
    """The last one; None where there is none that can be read."""
    try:
        told = json.loads((folder / NAME).read_bytes())
        troubles = tuple(map(_trouble, told["troubles"]))
        stage, names = Stage(told["stage"]), ("source", "digest")
        source, digest = (str(told[name]) for name in names)
        # (Those of an earlier version lack the rest.)
        more = (str(told.get(name, "")) for name in ("boot", "language"))
        return Report(stage, source, digest, troubles, *more)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _trouble(told: Mapping[str, Any]) -> Trouble:
    line = told["line"]
    where = line if isinstance(line, int) else None
    return Trouble(str(told["text"]), str(told["hint"]), str(told["code"]), where)
